/** Runs the story on the Lua engine under count-instructions.lua and reads what it has written, piece by piece. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tellStory, type Phase } from "./story.ts";

/** What stands between two answered requests of the bus. */
export interface Piece {
  /** Number of the request that ends it. */
  readonly kind: number;
  readonly nowUs: number;
  /** By the line of the image where a function begins. */
  readonly functions: Map<number, FunctionCost>;
  /** Calls and bytes by native. */
  readonly natives: Map<string, { calls: number; bytes: number }>;
  allocatedBytes: number;
}

export interface FunctionCost {
  instructions: number;
  nativeCalls: number;
  /** Machine instructions of its native calls, estimated. */
  nativeMachine: number;
}

export interface LuaRun {
  readonly pieces: Piece[];
  readonly phases: Phase[];
}

const FOLDER = "build/cost";
const IMAGE = `${FOLDER}/app.lua`;
const ROM = "build/rom/rom.bin";
/** Machine instructions of one instruction of the Lua VM: 26 to 35 were measured. */
const MACHINE_PER_INSTRUCTION = 30;

export function machineOf(cost: FunctionCost): number {
  return MACHINE_PER_INSTRUCTION * cost.instructions + cost.nativeMachine;
}

export function buildImage(): void {
  mkdirSync(FOLDER, { recursive: true });
  const args = ["node_modules/tsx/dist/cli.mjs", "board/build/build.ts", "lua-image", IMAGE];
  execFileSync(process.execPath, args, { stdio: "inherit" });
}

/** Names of the image's functions by the line where each begins: module and name. */
export function functionNames(): Map<number, string> {
  const names = new Map<number, string>();
  let module = "";
  readFileSync(IMAGE, "utf8")
    .split("\n")
    .forEach((text, index) => {
      const begun = /^\["([^"]+)"\] = function/.exec(text);
      if (begun !== null) module = begun[1] ?? "";
      const method =
        /^function (\w+)\.prototype\.(\w+)/.exec(text) ?? /^(\w+)\.prototype\["(\w+)"\]/.exec(text);
      const free = /^(?:local )?function ([\w.]+)\(/.exec(text);
      const name = method !== null ? `${method[1]}.${method[2]}` : (free?.[1] ?? "");
      if (begun !== null || name !== "") names.set(index + 1, `${module} ${name}`);
    });
  return names;
}

function readPieces(path: string): Piece[] {
  const pieces: Piece[] = [];
  for (const line of readFileSync(path, "utf8").split("\n")) {
    const [tag, first = "", ...rest] = line.split(" ");
    const [a = 0, b = 0, c = 0] = rest.map(Number);
    const piece = pieces.at(-1);
    if (tag === "piece") {
      pieces.push({
        kind: Number(first),
        nowUs: a,
        functions: new Map(),
        natives: new Map(),
        allocatedBytes: 0,
      });
    } else if (tag === "f") {
      piece?.functions.set(Number(first), { instructions: a, nativeCalls: b, nativeMachine: c });
    } else if (tag === "n") piece?.natives.set(first, { calls: a, bytes: b });
    else if (tag === "m" && piece !== undefined) piece.allocatedBytes = Number(first);
  }
  return pieces;
}

export function runLua(mode: "count" | "memory"): LuaRun {
  const program = `${FOLDER}/${mode}.lua`;
  const out = `${FOLDER}/${mode}.txt`;
  const cost = `cost = { image = "${IMAGE}", out = "${out}", mode = "${mode}" }`;
  writeFileSync(program, `${cost}\ndofile("test/cost/count-instructions.lua")\n`);
  const images = { lua: { program, rom: ROM, silenceMs: 120_000 } };
  const phases = tellStory({ engine: "lua", images });
  return { pieces: readPieces(out), phases };
}
