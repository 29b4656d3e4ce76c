/** The images of the reference board. */
import { entryOf, type ImageName } from "./images.ts";
import { buildLua } from "./build-lua.ts";
import { buildMps2 } from "./build-mps2.ts";

const BOARD = "mps2-an386";
export const ROM = "build/rom/rom.bin";

/** The name of the files of `image`, without ending. */
export function fileOf(image: ImageName): string {
  return image === "bench" ? "madoguchi" : image;
}

/** Compiles the program, and a map of its lines beside it. @returns its path. */
export function buildReferenceProgram(image: ImageName, out: string): string {
  const entry = entryOf(BOARD, image);
  buildLua({ roots: [entry], entry, out, sourceMap: true });
  return out;
}

/** Builds `image` in `folder` with the page ROM at `rom`; compiled C files go to `objects`. @returns the ELF file's path. */
export async function buildReferenceImage(
  image: ImageName,
  folder: string,
  rom = ROM,
  objects?: string,
): Promise<string> {
  const file = `${folder}/${fileOf(image)}`;
  const program = buildReferenceProgram(image, `${file}.lua`);
  const elf = `${file}.elf`;
  await buildMps2({ program, rom, elf, ...(objects === undefined ? {} : { objects }) });
  return elf;
}
