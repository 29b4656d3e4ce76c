/**
 * Tells the story to the bundle for Espruino, run in this process with a counter before each statement. What the port does for a
 * request of the bus or a read of the ROM is not in it.
 */
import { readFileSync } from "node:fs";
import vm from "node:vm";
import { buildEspruino } from "../../board/build/build-espruino.ts";
import type { BusEvents, PeripheralBus } from "../../hal/bus.ts";
import type { Engine } from "../../host-sim/engine/engine.ts";
import { nodeRom } from "../../host-sim/engine/node-rom.ts";
import { WorldBus } from "../../host-sim/world/world-bus.ts";
import type { World } from "../../host-sim/world/world.ts";
import { LENT_E } from "../runner/espruino-lent.ts";
import { countStatements } from "./count-statements.ts";
import { LEGEND_LINE, lineOf, tellStory } from "./story.ts";

const SCRIPT = "build/cost/app.js";

/** Statements executed so far, at an instant that can be seen from outside. */
interface Mark {
  readonly what: "step" | "scan" | "accepted" | "display" | "legend" | "end";
  readonly nowUs: number;
  readonly statements: number;
}

interface Lent {
  global: unknown;
  statements: number;
  step: (events: BusEvents) => number;
}

/** A bus that marks scans and transfers to the display. */
class MarkingBus extends WorldBus {
  private scanned = 0;
  private isAccepted = false;

  constructor(
    world: World,
    private readonly mark: (what: Mark["what"]) => void,
  ) {
    super(world);
  }

  override matrixScan(): number {
    const crossings = super.matrixScan();
    const isEqual = crossings === this.scanned;
    const accepts = isEqual && crossings !== 0 && !this.isAccepted;
    if (isEqual) this.isAccepted = crossings !== 0;
    this.scanned = crossings;
    this.mark(accepts ? "accepted" : "scan");
    return crossings;
  }

  override spi(...transfer: Parameters<PeripheralBus["spi"]>): void {
    const [, , bytes] = transfer;
    this.mark(lineOf(bytes[1]!) < LEGEND_LINE ? "display" : "legend");
    super.spi(...transfer);
  }
}

/** The script in a context of its own, as the simulator's engine. */
class ScriptEngine implements Engine {
  readonly marks: Mark[] = [];
  private readonly lent: Lent;
  private nowUs = 0;

  constructor(world: World, script: string) {
    const bus = new MarkingBus(world, (what) => this.mark(what));
    const lent = { Uint8Array, E: LENT_E, bus, rom: nodeRom(), statements: 0, global: {}, step: () => 0 };
    lent.global = lent;
    this.lent = lent;
    vm.runInNewContext(script, lent);
  }

  resume(events: BusEvents): number {
    this.nowUs = events.nowUs;
    this.mark("step");
    const untilUs = this.lent.step(events);
    this.mark("end");
    return untilUs;
  }

  close(): void {}

  private mark(what: Mark["what"]): void {
    this.marks.push({ what, nowUs: this.nowUs, statements: this.lent.statements });
  }
}

/** Statements of each step. */
function stepsOf(marks: readonly Mark[]): number[] {
  const ends = marks.filter(({ what }) => what === "step" || what === "end");
  return ends.flatMap((mark, at) =>
    mark.what === "end" ? [mark.statements - (ends[at - 1]?.statements ?? 0)] : [],
  );
}

/** Statements between an accepting scan and the last transfer of the masks, or of all that the key changes. */
function fromKeyTo(part: "display" | "legend", marks: readonly Mark[]): number {
  const accepted = marks.find(({ what }) => what === "accepted");
  const last = marks.findLast(({ what }) => what === part || what === "display");
  return (last?.statements ?? Number.NaN) - (accepted?.statements ?? Number.NaN);
}

/** What a phase of the story costs in statements. */
export interface StatementCost {
  readonly phase: string;
  readonly worstStep: number;
  /** Of a key: up to its mask, and up to all that it changes. */
  readonly toMask?: number;
  readonly toLegend?: number;
}

/** At most, from a key to its mask. */
export const MOST_TO_MASK = 2000;

export async function statementCosts(): Promise<StatementCost[]> {
  await buildEspruino({ roots: ["test/cost/bench-image.ts"], out: SCRIPT });
  const script = countStatements(readFileSync(SCRIPT, "utf8"), "global.statements");
  let marks: readonly Mark[] = [];
  const phases = tellStory({}, ({ simulator }) => {
    const engine = new ScriptEngine(simulator.world, script);
    marks = engine.marks;
    // The simulator's table of engines has no place for one that only a measurement needs.
    Reflect.set(simulator, "engine", engine);
  });
  return phases.map(({ name, startUs, endUs }) => {
    const marked = marks.filter(({ nowUs }) => nowUs >= startUs && nowUs < endUs);
    const cost = { phase: name, worstStep: Math.max(...stepsOf(marked)) };
    if (name !== "key") return cost;
    return { ...cost, toMask: fromKeyTo("display", marked), toLegend: fromKeyTo("legend", marked) };
  });
}

export async function printStatementCosts(): Promise<void> {
  console.log("\nJavaScript statements: the dearest step of each phase, from a key to its mask");
  for (const { phase, worstStep, toMask, toLegend } of await statementCosts()) {
    const mask =
      toMask === undefined ? "" : `, key to mask ${toMask} (${MOST_TO_MASK}), to the legend ${toLegend}`;
    console.log(`  ${phase} ${worstStep}${mask}`);
  }
}
