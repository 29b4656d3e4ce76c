/** A change of a compiled program, and the image with it. */
import { readFileSync, writeFileSync } from "node:fs";
import { buildMps2 } from "../../board/build/build-mps2.ts";
import type { QemuImage } from "../../host-sim/engine/qemu-engine.ts";

export interface Hole {
  readonly name: string;
  /** Stands in the program once; `to` takes its place. */
  readonly from: string;
  readonly to: string;
}

/** `folder` has the page ROM, and takes what is made. */
export async function buildHoleIn(
  program: string,
  folder: string,
  { name, from, to }: Hole,
): Promise<QemuImage> {
  const parts = readFileSync(program, "utf8").split(from);
  if (parts.length !== 2) throw new Error(`${JSON.stringify(from)} stands there ${parts.length - 1} times`);
  const [holed, elf] = [`${folder}/${name}.lua`, `${folder}/${name}.elf`];
  writeFileSync(holed, parts.join(to));
  await buildMps2({ program: holed, rom: `${folder}/rom.bin`, elf });
  return { elf };
}
