/** Tells a story in which somebody types a PIN on the emulated board, and looks at all its RAM from the way out of the entry on. */
import { RAM, RAM_BYTES } from "../../board/build/build-mps2.ts";
import { readCost } from "../../host-sim/engine/board-meter.ts";
import type { QemuImage } from "../../host-sim/engine/qemu-engine.ts";
import type { QemuMemory, Snapshot } from "../../host-sim/engine/qemu-memory.ts";
import { Counter } from "../../host-sim/scenario/counter.ts";
import type { EntryScenario } from "../../host-sim/scenario/entry-steps.ts";
import { isSecureLampLit } from "../../host-sim/scenario/scenario.ts";

const SEED = 20;
/** Steps looked at behind a way out: 0.3 s at least. */
const STEPS = 120;

export interface MemoryRun {
  /** Every answered request and the instructions executed up to it. */
  readonly counts: readonly string[];
  /** The program's RAM at the end of each step behind the way out. */
  readonly steps: readonly Snapshot[];
  /** Everything that the board can write, when all has settled. */
  readonly end: readonly Snapshot[];
  /** The page at the end. */
  readonly page: string;
  readonly symbols: ReadonlyMap<string, number>;
}

/** Follows one run; `observe` is called at each answered request. */
class Watch {
  readonly counts: string[] = [];
  readonly steps: Snapshot[] = [];
  memory: QemuMemory | undefined;
  counter: Counter | undefined;
  private hasTyped = false;
  /** Where the events begin that came after the entry's end. */
  private leftAt = 0;

  readonly observe = (memory: QemuMemory, request: string): void => {
    this.memory = memory;
    this.counts.push(`${request} ${readCost(memory).instructions}`);
    if (this.counter === undefined || !request.startsWith("idle")) return;
    if (this.isOut(this.counter) && this.steps.length < STEPS) {
      memory.settle();
      this.steps.push({ base: RAM, bytes: memory.read(RAM, RAM_BYTES) });
    }
  };

  /** Whether no entry is under way, and of a command that has carried the PIN to the card the answer is on its way to the host. */
  private isOut(counter: Counter): boolean {
    const events = counter.simulator.world.recorder.all();
    if (isSecureLampLit(counter)) {
      this.hasTyped = true;
      this.steps.length = 0;
      this.leftAt = events.length;
      return false;
    }
    const since = events.slice(this.leftAt);
    const has = (channel: string): boolean => since.some((event) => event.channel === channel);
    return this.hasTyped && (has("line-out") || !has("card-out"));
  }
}

export function tellWatched({ image, run }: EntryScenario, pin: string, qemu: QemuImage): MemoryRun {
  const watch = new Watch();
  const images = { qemu: { ...qemu, observe: watch.observe } };
  const counter = new Counter({ seed: SEED, ...image, engine: "qemu", images });
  watch.counter = counter;
  run(counter, pin);
  if (watch.memory === undefined || watch.steps.length === 0)
    throw new Error("the story has no way out of an entry");
  const end = watch.memory.snapshot();
  const { symbols } = watch.memory;
  const { page } = counter;
  counter.simulator.close();
  return { counts: watch.counts, steps: watch.steps, end, page, symbols };
}
