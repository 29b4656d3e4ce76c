/**
 * Where each instruction of a packed program comes from: the log of a board names a function by its number and an instruction by
 * its position (program.c); stripped code knows no more. Written beside the image and read by host-sim/engine/board-log.ts.
 */
import { eachMapping, TraceMap } from "@jridgewell/trace-mapping";
import type { LuaFunction } from "./luac-file.ts";
import { numberedFunctions } from "./pack-program.ts";

/** `files[f]` is a source; `functions[n]` lists file and line of each instruction of function n, two numbers each; 0 is unknown. */
export interface LineMap {
  readonly files: readonly string[];
  readonly functions: readonly (readonly number[])[];
}

interface Place {
  readonly file: number;
  readonly line: number;
}

const UNKNOWN: Place = { file: 0, line: 0 };

/** The first place named on each line of the Lua text, or on the last line before it that names one. */
function placesByLine(map: TraceMap): Place[] {
  const places: Place[] = [];
  eachMapping(map, ({ generatedLine, source, originalLine }) => {
    if (source === null || places[generatedLine] !== undefined) return;
    places[generatedLine] = { file: map.sources.indexOf(source), line: originalLine };
  });
  let last = UNKNOWN;
  return Array.from({ length: places.length }, (_, line) => (last = places[line] ?? last));
}

/** The source that most instructions of each function come from, by its number; "" where none is known. */
export function sourcesOfFunctions({ files, functions }: LineMap): string[] {
  return functions.map((places) => {
    const counts = new Map<string, number>();
    for (let at = 0; at < places.length; at += 2) {
      const file = places[at + 1] === 0 ? "" : (files[places[at]!] ?? "");
      counts.set(file, (counts.get(file) ?? 0) + 1);
    }
    return [...counts].sort((one, other) => other[1] - one[1])[0]?.[0] ?? "";
  });
}

/** The map's paths lead up and down again; what is left is the path in the project. */
export function makeLineMap(main: LuaFunction, sourceMap: string): LineMap {
  const map = new TraceMap(sourceMap);
  const places = placesByLine(map);
  const afterLast = places.at(-1) ?? UNKNOWN;
  const files = map.sources.map((source) => (source ?? "").replace(/^(\.\.\/)+/, ""));
  const functions = numberedFunctions(main).map(({ lines }) =>
    lines.flatMap((line) => {
      const place = places[line] ?? afterLast;
      return [place.file, place.line];
    }),
  );
  return { files, functions };
}
