/** The log of a board, its tracebacks mapped to lines of TypeScript (written by board/build/line-map.ts beside the image). */
import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";

const lineMap = z.object({ files: z.array(z.string()), functions: z.array(z.array(z.number())) });

/** `  at 12+34` becomes `  at firmware/ui/screen.ts:67`; what is not in the map stays. */
export function mapLog(log: string, linesPath: string): string {
  if (!existsSync(linesPath)) return log;
  const { files, functions } = lineMap.parse(JSON.parse(readFileSync(linesPath, "utf8")));
  return log.replaceAll(/^ {2}at (\d+)\+(\d+)$/gm, (whole, number, position) => {
    const places = functions[Number(number)] ?? [];
    const [file, line] = [places[2 * Number(position)], places[2 * Number(position) + 1]];
    return file === undefined || !line ? whole : `  at ${files[file] ?? "?"}:${line}`;
  });
}
