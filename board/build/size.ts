/**
 * `make size`: lines, Lua VM instructions and bytecode bytes of hal/ and firmware/ by module, against the budget.
 * Lines are lines of code, neither blank nor comment, for comments cost a box nothing; instructions are what `luac5.4 -l` counts in the module and all its
 * functions; bytes are the stripped bytecode of the host's luac. Exit code 1 above the budget.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { buildLua, LuaBuildError } from "./build-lua.ts";
import { productSources } from "./sources.ts";

/**
 * Of the bench image alone 6,000 lines were allowed; the sealed line, the store and the resident check double the product, and operators
 * take 600: their card, its challenge, the session and its records. Their PIN and their card's way into the slot are a check's.
 */
const BUDGET = { lines: 11600, instructions: 40000 };
const OUT = "build/size";

interface Measure {
  readonly lines: number;
  readonly instructions: number;
  readonly bytes: number;
}

const NOTHING: Measure = { lines: 0, instructions: 0, bytes: 0 };

function plus(a: Measure, b: Measure): Measure {
  return {
    lines: a.lines + b.lines,
    instructions: a.instructions + b.instructions,
    bytes: a.bytes + b.bytes,
  };
}

function countInstructions(luaPath: string): number {
  const listing = execFileSync("luac5.4", ["-l", "-p", luaPath], { encoding: "utf8", maxBuffer: 1 << 27 });
  const counts = [...listing.matchAll(/^(?:main|function) <.*> \((\d+) instructions? at /gm)];
  return counts.reduce((sum, match) => sum + Number(match[1]), 0);
}

function measureLua(luaPath: string): Measure {
  if (!existsSync(luaPath)) return NOTHING; // interfaces only
  const stripped = `${OUT}/module.luac`;
  execFileSync("luac5.4", ["-s", "-o", stripped, luaPath]);
  return { lines: 0, instructions: countInstructions(luaPath), bytes: statSync(stripped).size };
}

function measure(source: string): Measure {
  const lines = readFileSync(source, "utf8")
    .split("\n")
    .filter((line) => !/^\s*($|\/\/|\/?\*)/.test(line)).length;
  return plus(measureLua(`${OUT}/${source.replace(/\.ts$/, ".lua")}`), { ...NOTHING, lines });
}

function row(name: string, { lines, instructions, bytes }: Measure): string {
  const columns = [lines, instructions, bytes].map((value) => String(value).padStart(13));
  return name.padEnd(44) + columns.join("");
}

function printFolders(measured: ReadonlyMap<string, Measure>): void {
  const folders = new Map<string, Measure>();
  for (const [source, one] of measured) {
    const folder = path.dirname(source);
    folders.set(folder, plus(folders.get(folder) ?? NOTHING, one));
  }
  console.log("");
  for (const [folder, sum] of folders) console.log(row(`${folder}/`, sum));
}

function report(): boolean {
  const sources = productSources();
  rmSync(OUT, { recursive: true, force: true });
  buildLua({ roots: sources, out: OUT });
  const measured = new Map(sources.map((source) => [source, measure(source)]));
  const library = measureLua(`${OUT}/lualib_bundle.lua`);
  console.log(
    "module".padEnd(44) + "lines".padStart(13) + "instructions".padStart(13) + "bytes".padStart(13),
  );
  for (const [source, one] of measured) console.log(row(source, one));
  if (library !== NOTHING) measured.set("TypeScriptToLua/lualib_bundle.lua", library);
  printFolders(measured);
  const total = [...measured.values()].reduce(plus, NOTHING);
  const budget = [BUDGET.lines, BUDGET.instructions].map((value) => String(value).padStart(13)).join("");
  console.log(`\n${row("total", total)}\n${"budget".padEnd(44)}${budget}`);
  return total.lines <= BUDGET.lines && total.instructions <= BUDGET.instructions;
}

try {
  if (!report()) {
    console.error("over the budget: take something out, or argue for a new budget in the design");
    process.exitCode = 1;
  }
} catch (error) {
  console.error(error instanceof LuaBuildError ? error.message : error);
  process.exitCode = 1;
}
