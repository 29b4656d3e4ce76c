/**
 * Builds images for board/mps2-an386: the C runtime of the board, Lua's core and two files of Mbed TLS from Debian's source
 * packages, with the bytecode of a Lua program and the page ROM inside. The same sources give the same bytes.
 */
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { packColumns } from "../rom/pack-columns.ts";
import { debianSource } from "./debian-source.ts";
import { makeLineMap } from "./line-map.ts";
import { readLuac } from "./luac-file.ts";
import { packProgram } from "./pack-program.ts";
import { filesBelow } from "./sources.ts";

const BOARD = "board/mps2-an386";
const OBJECTS = "build/mps2-an386/objects";
const GCC = "arm-none-eabi-gcc";
const AT_ONCE = 2;

/** Lua without its compiler and its libraries. */
const LUA_FILES = [
  ...["lapi", "lauxlib", "lctype", "ldebug", "ldo", "lfunc", "lgc", "lmem", "lobject", "lopcodes"],
  ...["lstate", "lstring", "ltable", "ltm", "lvm", "lzio"],
];
const MBEDTLS_FILES = ["aes", "sha256", "platform_util"];

/** Memory of the board (design §5): 1 MB of code, and 512 KB of RAM whose last 64 bytes survive a reset. */
export const FLASH_BYTES = 0x100000;
export const RAM = 0x20000000;
export const RAM_BYTES = 0x80000;
const RETAINED_BYTES = 64;
/** Below 8 KB lies the guard that startup.c puts there, over which no frame of a function can step. */
const STACK_BYTES = 0x2400 - RETAINED_BYTES;
const GUARD_BYTES = 0x400;

const MACHINE = ["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"];
const COMMON = [
  ...MACHINE,
  "--specs=picolibc.specs",
  "-std=c11",
  "-Os",
  "-ffunction-sections",
  "-fdata-sections",
  `-Werror=frame-larger-than=${GUARD_BYTES}`,
];
/** Functions of Lua's in whose place bytes-access.c and program-image.c stand. */
const WRAPPED = [
  ...["luaT_callTMres", "luaT_callTM"],
  ...["luaS_newlstr", "luaS_new", "luaS_init", "luaC_fix"],
];
const WARNINGS = ["-Wall", "-Wextra", "-Werror"];

/** One image. */
export interface Mps2Image {
  /** Path of the Lua program; its source map may lie beside it. */
  readonly program: string;
  readonly rom: string;
  /** Path of the ELF file; its linker map, its packed program and page ROM and what maps its tracebacks lie beside it. */
  readonly elf: string;
  /** Of an image that is built for a test. */
  readonly added?: AddedSources;
  /** Folder of the compiled files, which images share. */
  readonly objects?: string;
}

/** C files beside the board's own; for each name in `wrapped` their `__wrap_NAME` is called instead of the board's function. */
export interface AddedSources {
  readonly sources: readonly string[];
  readonly wrapped: readonly string[];
  /** Addresses of the linker in place of the board's. */
  readonly symbols?: Readonly<Record<string, number>>;
}

interface Unit {
  readonly source: string;
  readonly object: string;
  readonly flags: readonly string[];
}

const run = promisify(execFile);

function luaFolder(): string {
  return path.join(debianSource("lua5.4"), "src");
}

function luaFlagsWith(lua: string): string[] {
  return ["-I", BOARD, "-I", lua, "-include", `${BOARD}/lua-config.h`];
}

function units({ added, objects = OBJECTS }: Mps2Image): Unit[] {
  const [lua, mbedtls] = [luaFolder(), debianSource("mbedtls")];
  const luaFlags = luaFlagsWith(lua);
  const mbedtlsFlags = ["-I", BOARD, "-I", `${mbedtls}/include`, `-DMBEDTLS_CONFIG_FILE="mbedtls-config.h"`];
  const object = (group: string, name: string): string => `${objects}/${group}/${name}.o`;
  const ours = (group: string, source: string): Unit => ({
    source,
    object: object(group, path.basename(source, ".c")),
    flags: [...WARNINGS, ...luaFlags, ...mbedtlsFlags],
  });
  return [
    ...filesBelow(BOARD, ".c").map((source) => ours("board", source)),
    ...(added?.sources ?? []).map((source) => ours("added", source)),
    ...LUA_FILES.map((name) => ({
      source: `${lua}/${name}.c`,
      object: object("lua", name),
      flags: luaFlags,
    })),
    ...MBEDTLS_FILES.map((name) => ({
      source: `${mbedtls}/library/${name}.c`,
      object: object("mbedtls", name),
      flags: mbedtlsFlags,
    })),
  ];
}

/** Newest of what every object depends on beside its own source. */
function newestHeaderMs(): number {
  return Math.max(...filesBelow(BOARD, ".h").map((file) => statSync(file).mtimeMs));
}

function isFresh({ source, object, flags }: Unit, headersMs: number): boolean {
  if (!existsSync(object) || !existsSync(`${object}.flags`)) return false;
  const isSame = readFileSync(`${object}.flags`, "utf8") === [...COMMON, ...flags].join("\n");
  return isSame && statSync(object).mtimeMs > Math.max(statSync(source).mtimeMs, headersMs);
}

/** No path of this machine may get into an object. Appears whole or not at all: others may build beside us. */
async function compile({ source, object, flags }: Unit): Promise<void> {
  mkdirSync(path.dirname(object), { recursive: true });
  const prefix = `-ffile-prefix-map=${process.cwd()}=.`;
  const part = `${object}.${process.pid}`;
  await run(GCC, [...COMMON, prefix, ...flags, "-c", source, "-o", part]);
  renameSync(part, object);
  writeFileSync(`${object}.flags`, [...COMMON, ...flags].join("\n"));
}

async function compileAll(image: Mps2Image): Promise<string[]> {
  const all = units(image);
  const headersMs = newestHeaderMs();
  const stale = all.filter((unit) => !isFresh(unit, headersMs));
  const worker = async (): Promise<void> => {
    for (let unit = stale.shift(); unit !== undefined; unit = stale.shift()) await compile(unit);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return all.map(({ object }) => object);
}

/** Where picolibc's linker script puts things, and what it leaves to us. */
function memoryLayout({ added }: Mps2Image): string[] {
  const stackTop = RAM + RAM_BYTES - RETAINED_BYTES;
  const stackLimit = stackTop - STACK_BYTES;
  const symbols = {
    __flash: 0,
    __flash_size: FLASH_BYTES,
    __ram: RAM,
    __ram_size: RAM_BYTES - RETAINED_BYTES,
    __retained: stackTop,
    __stack_size: STACK_BYTES,
    __stack_limit: stackLimit,
    __heap_end: stackLimit,
    ...added?.symbols,
  };
  return Object.entries(symbols).map(([name, value]) => `-Wl,--defsym=${name}=0x${value.toString(16)}`);
}

/** A file beside the image. */
function beside({ elf }: Mps2Image, ending: string): string {
  return elf.replace(/\.elf$/, ending);
}

/** The program, for the compiler and for people; its name is not in the object, which would tell where it was made. */
function pack(image: Mps2Image): string {
  const bytecode = beside(image, ".luac");
  execFileSync("luac5.4", ["-o", bytecode, image.program]);
  const main = readLuac(readFileSync(bytecode));
  const packed = packProgram(main);
  writeFileSync(beside(image, ".program.c"), packed);
  const sourceMap = `${image.program}.map`;
  if (existsSync(sourceMap)) {
    const lines = makeLineMap(main, readFileSync(sourceMap, "utf8"));
    writeFileSync(beside(image, ".lines"), JSON.stringify(lines));
  }
  const object = beside(image, ".program.o");
  const flags = [...COMMON, ...WARNINGS, ...luaFlagsWith(luaFolder())];
  execFileSync(GCC, [...flags, "-fno-data-sections", "-x", "c", "-c", "-", "-o", object], { input: packed });
  return object;
}

function romTables(image: Mps2Image): string {
  const object = beside(image, ".rom.o");
  const packed = beside(image, ".rom");
  writeFileSync(packed, packColumns(readFileSync(image.rom)));
  execFileSync(GCC, [...MACHINE, `-DROM="${path.resolve(packed)}"`, "-c", `${BOARD}/tables.S`, "-o", object]);
  return object;
}

/** Compiles what is stale, links one image. @throws SourceMissing, or an error with the compiler's message. */
export async function buildMps2(image: Mps2Image): Promise<void> {
  const objects = await compileAll(image);
  mkdirSync(path.dirname(image.elf), { recursive: true });
  const link = [
    ...[...COMMON, "-nostartfiles", "-Wl,--gc-sections", "-Wl,--build-id=none", "-Wl,-e,reset_handler"],
    `-Wl,-Map=${beside(image, ".map")}`,
    ...[...WRAPPED, ...(image.added?.wrapped ?? [])].map((name) => `-Wl,--wrap=${name}`),
    ...memoryLayout(image),
    ...[...objects, pack(image), romTables(image), "-lm", "-o", image.elf],
  ];
  rmSync(image.elf, { force: true });
  await run(GCC, link);
}
