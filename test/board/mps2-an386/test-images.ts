/** Images of the reference board that exist for tests: the board's own runtime with a program or a C file of test/. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { buildReferenceProgram } from "../../../board/build/reference-image.ts";
import { buildLua } from "../../../board/build/build-lua.ts";
import { buildMps2 } from "../../../board/build/build-mps2.ts";

const HERE = "test/board/mps2-an386";
const FOLDER = "build/board-tests";
const ROM = "build/rom/rom.bin";
const LIBRARY = { sources: [`${HERE}/library.c`], wrapped: ["crypto_open"] };
const CASES = "test/portable/main.ts";
/**
 * All that the board has of both memories, 4 MB of SSRAM that stand for flash and 16 MB of PSRAM: every vector of every case at once
 * is more than the product's 1 MB and 512 KB hold.
 */
const LARGE_MEMORY = { __flash_size: 0x400000, __heap_start: 0x21000000, __heap_end: 0x22000000 };

/** `name`.lua of this folder. @returns the path of the ELF file. */
export async function buildProgram(name: string): Promise<string> {
  const elf = `${FOLDER}/${name}.elf`;
  mkdirSync(FOLDER, { recursive: true });
  await buildMps2({ program: `${HERE}/${name}.lua`, rom: ROM, elf, added: LIBRARY });
  return elf;
}

/** smoke.c of this folder instead of any program. */
export async function buildSmoke(): Promise<string> {
  const elf = `${FOLDER}/smoke.elf`;
  mkdirSync(FOLDER, { recursive: true });
  const added = { sources: [`${HERE}/smoke.c`], wrapped: ["program_run"] };
  await buildMps2({ program: `${HERE}/nothing.lua`, rom: ROM, elf, added });
  return elf;
}

/** The portable cases. */
export async function buildCases(): Promise<string> {
  const program = `${FOLDER}/cases.lua`;
  const elf = `${FOLDER}/cases.elf`;
  buildLua({ roots: [CASES], entry: CASES, out: program, sourceMap: true });
  await buildMps2({ program, rom: ROM, elf, added: { ...LIBRARY, symbols: LARGE_MEMORY } });
  return elf;
}

/** `from` stands once in the compiled program; no line may be added. */
export interface Hole {
  readonly from: string;
  readonly to: string;
}

/** The bench image with other text at some places of its compiled program, and with library.c. */
export async function buildWithHoles(name: string, holes: readonly Hole[]): Promise<string> {
  const whole = buildReferenceProgram("bench", `${FOLDER}/${name}.whole.lua`);
  const program = `${FOLDER}/${name}.lua`;
  writeFileSync(program, holes.reduce(withHole, readFileSync(whole, "utf8")));
  copyFileSync(`${whole}.map`, `${program}.map`);
  const elf = `${FOLDER}/${name}.elf`;
  await buildMps2({ program, rom: ROM, elf, added: LIBRARY });
  return elf;
}

function withHole(program: string, { from, to }: Hole): string {
  const parts = program.split(from);
  if (parts.length !== 2) throw new Error(`${from} stands in the program ${parts.length - 1} times`);
  return parts.join(to);
}
