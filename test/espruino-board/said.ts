/** What the interpreter says when it is powered in a device's directory: at its boot from Storage, or for a script. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { INTERPRETER } from "./interpreter.ts";

const LIMIT_MS = 60_000;
/** Said last, so that the end of a boot is known. */
const END = "end of what it says";

/** Its standard output until it has nothing left to do. */
export function said(folder: string, script?: string): string {
  const options = { cwd: folder, timeout: LIMIT_MS, killSignal: "SIGKILL", encoding: "latin1" } as const;
  if (script === undefined) {
    const input = `\x10print("${END}");quit()\n`;
    return spawnSync(INTERPRETER, [], { ...options, input }).stdout;
  }
  writeFileSync(join(folder, "script.js"), script);
  return spawnSync(INTERPRETER, ["script.js"], options).stdout;
}
