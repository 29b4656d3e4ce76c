/** Images for the engines, compiled now: it is never older than the sources that the test itself runs. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileOf } from "../board/build/reference-image.ts";
import type { ImageName } from "../board/build/images.ts";
import { buildRom } from "../board/rom/build-rom.ts";
import type { EspruinoImage } from "../host-sim/engine/espruino-engine.ts";
import type { LuaImage } from "../host-sim/engine/lua-engine.ts";
import type { QemuImage } from "../host-sim/engine/qemu-engine.ts";

function build(...words: readonly string[]): void {
  const tsx = "node_modules/tsx/dist/cli.mjs";
  execFileSync(process.execPath, [tsx, "board/build/build.ts", ...words], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** The page ROM as a file in `folder`, which is made. */
function writeRom(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const rom = `${folder}/rom.bin`;
  writeFileSync(rom, buildRom());
  return rom;
}

export function buildLuaImage(folder: string, image: ImageName = "bench"): LuaImage {
  const rom = writeRom(folder);
  const program = `${folder}/${image}.lua`;
  build("lua-image", image, program);
  return { program, rom };
}

/** Its Lua program lies beside it. */
export function buildQemuImage(
  folder: string,
  image: ImageName = "bench",
): QemuImage & { readonly program: string } {
  const rom = writeRom(folder);
  build("mps2-image", image, folder, rom);
  const file = `${folder}/${fileOf(image)}`;
  return { elf: `${file}.elf`, program: `${file}.lua` };
}

/** Shortened, which takes the tools below board/espruino/. */
export function buildEspruinoImage(folder: string): EspruinoImage {
  const rom = writeRom(folder);
  build("espruino-image", folder);
  return { program: `${folder}/bus.min.js`, rom };
}
