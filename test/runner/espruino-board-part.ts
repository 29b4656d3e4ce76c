/**
 * The tests that need the Linux build of Espruino's interpreter, which the environment variable ESPRUINO names: the image over the
 * bus, every scenario's trace, flashing. Without it each of them is told by name as not shown.
 */
import { existsSync, readFileSync } from "node:fs";
import { filesBelow } from "../../board/build/sources.ts";
import { oneCheck, type PartResult } from "./result.ts";
import { ESPRUINO_BOARD, runFiles } from "./uvu-parts.ts";

/** A half of the scenarios, on a machine that does other things too. */
const LIMIT_S = 1200;

/** The names of the tests that a file defines, told from its source; what is filled in when it runs stands as a dash. */
export function testNames(source: string): string[] {
  const found = source.matchAll(/^ *test\(\s*(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`)/gm);
  return [...found].map(([, plain, filled]) => (plain ?? filled ?? "").replaceAll(/\$\{[^}]*\}/g, "–"));
}

/** Those whose files have `only` in their names. */
export async function runEspruinoBoard(only = ""): Promise<PartResult> {
  const files = filesBelow(ESPRUINO_BOARD.slice(0, -1), ".test.ts").filter((file) => file.includes(only));
  const interpreter = process.env["ESPRUINO"] ?? "";
  if (interpreter !== "") {
    if (!existsSync(interpreter)) return oneCheck(false, `ESPRUINO names ${interpreter}, which is missing\n`);
    return runFiles(files, { outdir: "build/espruino-board", limitS: LIMIT_S });
  }
  const names = files.flatMap((file) => testNames(readFileSync(file, "utf8")));
  const notShown = names.map((name) => `not shown: Espruino (ESPRUINO names no Linux build of it): ${name}`);
  return { passed: 0, failed: 0, output: "", notShown };
}
