/** The bench image of the reference board. */
import { buildLua } from "./build-lua.ts";
import { buildMps2 } from "./build-mps2.ts";

const ENTRY = "board/mps2-an386/main.ts";
export const ROM = "build/rom/rom.bin";

/** Compiles the program, and a map of its lines beside it. @returns its path. */
export function buildBenchProgram(out: string): string {
  buildLua({ roots: [ENTRY], entry: ENTRY, out, sourceMap: true });
  return out;
}

/** Builds madoguchi.elf in `folder` with the page ROM at `rom`; compiled C files go to `objects`. @returns its path. */
export async function buildBenchImage(folder: string, rom = ROM, objects?: string): Promise<string> {
  const program = buildBenchProgram(`${folder}/madoguchi.lua`);
  const elf = `${folder}/madoguchi.elf`;
  await buildMps2({ program, rom, elf, ...(objects === undefined ? {} : { objects }) });
  return elf;
}
