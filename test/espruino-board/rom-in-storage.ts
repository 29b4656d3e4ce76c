/** Builds and runs rom-entry.ts on the interpreter, with as much of the page ROM as the Storage of its Linux build takes. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RomField } from "../../firmware/ui/page-rom.ts";
import { buildEspruino } from "../../board/build/build-espruino.ts";
import { temporaryFolder } from "../host-sim/cli/temporary.ts";
import { said } from "./said.ts";

/** The Linux build has 256 KB of Storage; a Pico 2 has 3 MB (docs/hardware.md). */
const MOST_BYTES = 200 * 1024;
const SCRIPT = "build/espruino-engine/rom.js";

/** What the program prints. */
export async function checkRomInStorage(rom: string): Promise<string> {
  await buildEspruino({ roots: ["test/espruino-board/rom-entry.ts"], out: SCRIPT });
  const folder = temporaryFolder();
  const part = Buffer.from(readFileSync(rom).subarray(0, MOST_BYTES));
  part.writeUInt32BE(part.length, RomField.Length);
  writeFileSync(join(folder, "rom.bin"), part);
  return said(folder, readFileSync(SCRIPT, "utf8")).replaceAll("\r", "");
}
