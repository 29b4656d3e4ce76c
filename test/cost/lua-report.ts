/** What the story costs in Lua: each budget's figure, each phase's steps, the dearest functions, and what allocates. */
import { BusRequest } from "../../hal/bus.ts";
import { functionNames, machineOf, type LuaRun, type Piece } from "./lua-costs.ts";
import type { Phase } from "./story.ts";

/** A sum over pieces, the bytes on the bus apart: a board may carry them without Lua. */
interface Sum {
  instructions: number;
  natives: number;
  machine: number;
  wireMachine: number;
}

const CLOCK_MHZ = 125;
const names = new Map<number, string>();

function nameOf(line: number): string {
  if (names.size === 0) for (const [at, name] of functionNames()) names.set(at, name);
  return names.get(line) ?? `line ${line}`;
}

function sumOf(pieces: readonly Piece[]): Sum {
  const sum = { instructions: 0, natives: 0, machine: 0, wireMachine: 0 };
  for (const piece of pieces) {
    for (const [line, cost] of piece.functions) {
      if (/^board\.(bus-wire|lua)/.test(nameOf(line))) {
        sum.wireMachine += machineOf(cost);
        continue;
      }
      sum.instructions += cost.instructions;
      sum.natives += cost.nativeCalls;
      sum.machine += machineOf(cost);
    }
  }
  return sum;
}

/** Groups pieces to steps: each ends with `idle`. */
function stepsOf(pieces: readonly Piece[]): Piece[][] {
  const steps: Piece[][] = [];
  let step: Piece[] = [];
  for (const piece of pieces) {
    step.push(piece);
    if (piece.kind !== BusRequest.Idle) continue;
    steps.push(step);
    step = [];
  }
  return steps;
}

function row(name: string, sum: Sum): string {
  const us = (sum.machine / CLOCK_MHZ).toFixed(0);
  const wireUs = (sum.wireMachine / CLOCK_MHZ).toFixed(0);
  const columns = [sum.instructions, sum.natives, us, wireUs].map((value) => String(value).padStart(12));
  return name.padEnd(44) + columns.join("");
}

const HEAD = "".padEnd(44) + ["VM", "natives", "us", "bus us"].map((text) => text.padStart(12)).join("");

function within(pieces: readonly Piece[], phase: Phase): Piece[] {
  return pieces.filter(({ nowUs }) => nowUs >= phase.startUs && nowUs < phase.endUs);
}

function runs(piece: Piece, name: string): boolean {
  return [...piece.functions.keys()].some((line) => nameOf(line).endsWith(` ${name}`));
}

/** From the scan that accepts a key to the last transfer to the display. */
function keyToMask(pieces: readonly Piece[]): Piece[] {
  const from = pieces.findIndex((piece) => runs(piece, "CcidReader.press"));
  return pieces.slice(from, pieces.findLastIndex(({ kind }) => kind === BusRequest.Spi) + 1);
}

/** From the accepted 確認 to the end of the step that sends the first character, and from the last character to the page. */
function verifySpans(pieces: readonly Piece[]): Piece[] {
  const pressed = pieces.findIndex((piece) => runs(piece, "CcidReader.press"));
  const sent = pieces.findIndex((piece, at) => at >= pressed && piece.kind === BusRequest.Idle);
  const arrived = pieces.findLastIndex((piece) => runs(piece, "T1Link.judge"));
  const drawn = pieces.findIndex((piece, at) => at >= arrived && piece.kind === BusRequest.Spi);
  return [...pieces.slice(pressed, sent + 1), ...pieces.slice(arrived, drawn + 1)];
}

function worst(sums: readonly Sum[]): Sum {
  return sums.reduce((one, other) => (other.machine > one.machine ? other : one));
}

function printBudgets({ pieces, phases }: LuaRun): void {
  const named = (name: string): Piece[][] =>
    phases.filter((phase) => phase.name === name).map((phase) => within(pieces, phase));
  const idle = ["idle", "idle, card in use", "result held"].flatMap((name) => named(name));
  const scanned = idle
    .flatMap(stepsOf)
    .filter((step) => step.some(({ kind }) => kind === BusRequest.MatrixScan));
  const steps = stepsOf(pieces).slice(1);
  const boot = named("boot")[0] ?? [];
  const lastDrawn = boot.findLastIndex(({ kind }) => kind === BusRequest.Spi);
  console.log(`${HEAD}\n`);
  console.log(row("step_idle (150 us)", worst(scanned.map(sumOf))));
  console.log(row("key_to_mask (5000 us)", worst(named("key").map((key) => sumOf(keyToMask(key))))));
  console.log(row("worst_step (10000 us)", worst(steps.map(sumOf))));
  console.log(row("verify_cpu (5000 us)", worst(named("verify").map((one) => sumOf(verifySpans(one))))));
  console.log(row("boot (100000 us, the loader apart)", sumOf(boot.slice(0, lastDrawn + 1))));
}

function printPhases({ pieces, phases }: LuaRun): void {
  console.log("\nthe dearest step of each phase");
  for (const phase of phases) {
    const steps = stepsOf(within(pieces, phase)).map(sumOf);
    if (steps.length > 0) console.log(row(`  ${phase.name}, ${steps.length} steps`, worst(steps)));
  }
}

function printFunctions(title: string, pieces: readonly Piece[], count: number): void {
  const functions = new Map<string, Sum>();
  for (const piece of pieces)
    for (const [line, cost] of piece.functions) {
      const sum = functions.get(nameOf(line)) ?? { instructions: 0, natives: 0, machine: 0, wireMachine: 0 };
      sum.instructions += cost.instructions;
      sum.natives += cost.nativeCalls;
      sum.machine += machineOf(cost);
      functions.set(nameOf(line), sum);
    }
  console.log(`\n${title}`);
  const sorted = [...functions].sort((a, b) => b[1].machine - a[1].machine);
  for (const [name, sum] of sorted.slice(0, count)) console.log(row(`  ${name}`, sum));
}

function dearest(pieces: readonly Piece[]): Piece[] {
  const steps = stepsOf(pieces);
  return steps.reduce((one, other) => (sumOf(other).machine > sumOf(one).machine ? other : one));
}

function printProfiles({ pieces, phases }: LuaRun): void {
  const first = (name: string): Piece[] =>
    within(
      pieces,
      phases.find((phase) => phase.name === name)!,
    );
  printFunctions("an idle step", dearest(first("idle")), 12);
  printFunctions("from a key to its mask", keyToMask(first("key")), 16);
  printFunctions("the dearest step", dearest(pieces.slice(stepsOf(pieces)[0]?.length)), 12);
  printFunctions("a verification", verifySpans(first("verify")), 12);
  printFunctions("boot", first("boot"), 8);
}

export function printLuaCosts(run: LuaRun): void {
  printBudgets(run);
  printPhases(run);
  printProfiles(run);
}

/** Steps that allocated. The Lua stack grows with the deepest call so far, and stays: the second verification shows none. */
export function printAllocations({ pieces, phases }: LuaRun): void {
  console.log("\nbytes allocated after the start, by phase");
  for (const [at, phase] of phases.entries()) {
    const sum = within(pieces, phase).reduce(
      (bytes, piece, i) => bytes + (at + i === 0 ? 0 : piece.allocatedBytes),
      0,
    );
    if (sum > 0) console.log(`  ${phase.name} ${sum}`);
  }
}
