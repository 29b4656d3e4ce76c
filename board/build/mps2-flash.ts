/** What takes the program memory of an image for board/mps2-an386: the linker's map, and the packed program by module. */
import { readFileSync, statSync } from "node:fs";
import { FLASH_BYTES, RAM } from "./build-mps2.ts";
import { sourcesOfFunctions, type LineMap } from "./line-map.ts";
import { readLuac } from "./luac-file.ts";
import { packedBytes } from "./pack-program.ts";

/** Bytes by what they belong to: a module of the project, or one of the names below. */
export type SizeTable = ReadonlyMap<string, number>;

const ROM = "page ROM";
const STRINGS = "names and texts of the program";
const CONSTANTS = "constants of the program";
const LIBRARY = "TypeScriptToLua's library";
const GROUPS: readonly (readonly [RegExp, string])[] = [
  [/\/objects\/board\//, "C runtime"],
  [/\/objects\/lua\//, "Lua"],
  [/\/objects\/mbedtls\//, "Mbed TLS"],
  [/lib(c|m|gcc)\.a/, "C library"],
];

function add(table: Map<string, number>, name: string, bytes: number): void {
  table.set(name, (table.get(name) ?? 0) + bytes);
}

/** Sections that are loaded, by the object that they come from. What starts in RAM is copied there from program memory. */
function addObjects(table: Map<string, number>, map: string): void {
  const used = map.slice(map.indexOf("Linker script and memory map"));
  for (const [, section, at, size, object] of used.matchAll(
    /^ (\.[\w.*-]+)\s+0x([0-9a-f]+)\s+0x([0-9a-f]+) (\S+)$/gm,
  )) {
    const isCode = Number.parseInt(at!, 16) < RAM && !/^\.(debug|comment|ARM\.attributes)/.test(section!);
    const group = GROUPS.find(([pattern]) => pattern.test(object!));
    if (group !== undefined && (isCode || section!.startsWith(".data")))
      add(table, group[1], Number.parseInt(size!, 16));
  }
}

/** The program's functions, by the module each was written in. */
function addProgram(table: Map<string, number>, bytecode: string, lines: LineMap): void {
  const { functions, constants, strings } = packedBytes(readLuac(readFileSync(bytecode)));
  const sources = sourcesOfFunctions(lines);
  functions.forEach((bytes, number) => add(table, sources[number] || LIBRARY, bytes));
  add(table, CONSTANTS, constants);
  add(table, STRINGS, strings);
}

export function readLines(elf: string): LineMap {
  return JSON.parse(readFileSync(elf.replace(/\.elf$/, ".lines"), "utf8")) as LineMap;
}

/** Program memory of the image at `elf`, from the files that the build has left beside it. */
export function flashOf(elf: string): SizeTable {
  const table = new Map<string, number>();
  addObjects(table, readFileSync(elf.replace(/\.elf$/, ".map"), "utf8"));
  addProgram(table, elf.replace(/\.elf$/, ".luac"), readLines(elf));
  add(table, ROM, statSync(elf.replace(/\.elf$/, ".rom")).size);
  return table;
}

export function totalOf(table: SizeTable): number {
  return [...table.values()].reduce((sum, bytes) => sum + bytes, 0);
}

function folderOf(name: string): string {
  return name.includes("/") ? `${name.slice(0, name.lastIndexOf("/"))}/` : name;
}

/** The same by folder, for people. */
export function flashReport(elf: string): string {
  const table = flashOf(elf);
  const folders = new Map<string, number>();
  for (const [name, bytes] of table) add(folders, folderOf(name), bytes);
  const line = (name: string, bytes: number): string => `${name.padEnd(36)}${String(bytes).padStart(8)}`;
  const parts = [...folders]
    .sort((one, other) => other[1] - one[1])
    .map(([name, bytes]) => line(name, bytes));
  const total = line(`of ${FLASH_BYTES}`, totalOf(table));
  return [`${elf}: program memory in bytes`, ...parts, total].join("\n");
}
