/** Builds and runs rom-entry.ts on the interpreter. */
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildEspruino } from "../../board/build/build-espruino.ts";
import { deviceFolder } from "./interpreter.ts";
import { said } from "./said.ts";

const SCRIPT = "build/espruino-engine/rom.js";

/** What the program prints. */
export async function checkRomInStorage(rom: string): Promise<string> {
  await buildEspruino({ roots: ["test/espruino-board/rom-entry.ts"], out: SCRIPT });
  const folder = deviceFolder();
  copyFileSync(rom, join(folder, "rom.bin"));
  return said(folder, readFileSync(SCRIPT, "utf8")).replaceAll("\r", "");
}
