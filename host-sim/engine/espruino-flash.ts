/**
 * The flash of Espruino's Linux build with a program in its Storage, saved there by the interpreter itself. Kept for this process:
 * hundreds of engines start from the same program.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The interpreter keeps its flash in the directory that it is started in. */
export const FLASH_FILE = "espruino.flash";

/**
 * How a program in Storage is run: where it lies, as a board does, whose flash is memory-mapped; or copied into variables, which
 * is five times as fast here, for the Linux build opens its flash file anew for every 16 bytes (measured: 2v29).
 */
export type RunFrom = "storage" | "copy";

/** What the interpreter runs at power-up. */
const BOOT_CODE: Readonly<Record<RunFrom, string>> = {
  storage: 'eval(require("Storage").read("madoguchi"))',
  copy: 'eval(" "+require("Storage").read("madoguchi"))',
};
const SAVED = "saved";
const LIMIT_MS = 60_000;

function saver(runFrom: RunFrom): string {
  return `
var text = require("fs").readFileSync("program.js");
var storage = require("Storage");
var isSaved = storage.write("madoguchi", text) && storage.write(".bootcde", ${JSON.stringify(BOOT_CODE[runFrom])});
print(isSaved && storage.read("madoguchi") === text ? "${SAVED}" : "does not fit");
`;
}

const made = new Map<string, Buffer>();

/** Throws an Error with what the interpreter said when it could not save the program. */
export function flashWith(interpreter: string, program: string, runFrom: RunFrom): Buffer {
  const hash = createHash("sha256").update(interpreter).update(readFileSync(program));
  const key = `${runFrom} ${hash.digest("hex")}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const flash = save(interpreter, program, runFrom);
  made.set(key, flash);
  return flash;
}

function save(interpreter: string, program: string, runFrom: RunFrom): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "madoguchi-flash-"));
  try {
    copyFileSync(program, join(folder, "program.js"));
    writeFileSync(join(folder, "save.js"), saver(runFrom));
    // It reads nothing and ends by itself when the script has no timer left.
    const options = { cwd: folder, encoding: "utf8", timeout: LIMIT_MS, killSignal: "SIGKILL" } as const;
    const result = spawnSync(interpreter, ["save.js"], options);
    const said = String(result.stdout) + String(result.stderr);
    if (!said.includes(SAVED)) throw new Error(result.error?.message ?? said.trim().slice(-500));
    return readFileSync(join(folder, FLASH_FILE));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
