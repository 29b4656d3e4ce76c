/**
 * Images for the engines, never older than the sources that the test itself runs: one is kept below build/images for the next test,
 * under the hash of all that it is made from.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { fileOf } from "../board/build/reference-image.ts";
import type { ImageName } from "../board/build/images.ts";
import { filesBelow } from "../board/build/sources.ts";
import { buildRom } from "../board/rom/build-rom.ts";
import type { EspruinoImage } from "../host-sim/engine/espruino-engine.ts";
import type { LuaImage } from "../host-sim/engine/lua-engine.ts";
import type { QemuImage } from "../host-sim/engine/qemu-engine.ts";

const KEPT = "build/images";
/** Device code and what compiles it; what this machine compiles with is taken to stay. */
const SOURCES = ["hal", "firmware", "board"];
const SETTINGS = ["package-lock.json", "tsconfig.base.json", "tsconfig.device.json", "tsconfig.lua.json"];

function build(...words: readonly string[]): void {
  const tsx = "node_modules/tsx/dist/cli.mjs";
  execFileSync(process.execPath, [tsx, "board/build/build.ts", ...words], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** Tells two states of the sources, and of the page ROM, apart. */
function stateOf(rom: Uint8Array): string {
  const hash = createHash("sha256").update(rom);
  const below = SOURCES.flatMap((folder) => filesBelow(folder, "")).filter((file) =>
    fs.statSync(file).isFile(),
  );
  for (const file of [...SETTINGS, ...below]) hash.update(`\n${file}\n`).update(fs.readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}

/**
 * Puts the ROM and what `make` builds beside it into `folder`: as kept from another test, or made now. Tests run beside each other:
 * a folder that is kept appears whole, and the second of two that made the same one takes the first.
 */
function bring(folder: string, kind: string, make: (folder: string) => void): void {
  const rom = buildRom();
  const kept = `${KEPT}/${stateOf(rom)}-${kind}`;
  if (!fs.existsSync(kept)) {
    fs.mkdirSync(KEPT, { recursive: true });
    for (const old of fs.readdirSync(KEPT).filter((name) => name.endsWith(`-${kind}`)))
      fs.rmSync(`${KEPT}/${old}`, { recursive: true, force: true });
    const made = fs.mkdtempSync(`${KEPT}/making-`);
    fs.writeFileSync(`${made}/rom.bin`, rom);
    make(made);
    try {
      fs.renameSync(made, kept);
    } catch (error) {
      if (!fs.existsSync(kept)) throw error;
      fs.rmSync(made, { recursive: true });
    }
  }
  fs.cpSync(kept, folder, { recursive: true });
}

export function buildLuaImage(folder: string, image: ImageName = "bench"): LuaImage {
  bring(folder, `lua-${image}`, (made) => build("lua-image", image, `${made}/${image}.lua`));
  return { program: `${folder}/${image}.lua`, rom: `${folder}/rom.bin` };
}

/** Its Lua program lies beside it. */
export function buildQemuImage(
  folder: string,
  image: ImageName = "bench",
): QemuImage & { readonly program: string } {
  bring(folder, `mps2-${image}`, (made) => build("mps2-image", image, made, `${made}/rom.bin`));
  const file = `${folder}/${fileOf(image)}`;
  return { elf: `${file}.elf`, program: `${file}.lua` };
}

/** Shortened, which takes the tools below board/espruino/. */
export function buildEspruinoImage(folder: string): EspruinoImage {
  fs.mkdirSync(folder, { recursive: true });
  const rom = `${folder}/rom.bin`;
  fs.writeFileSync(rom, buildRom());
  build("espruino-image", folder);
  return { program: `${folder}/bus.min.js`, rom };
}
