/** Tells a story in which somebody types a PIN on the emulated board, and looks at all its RAM from the way out of the entry on. */
import { RAM, RAM_BYTES } from "../../board/build/build-mps2.ts";
import { readCost } from "../../host-sim/engine/board-meter.ts";
import type { QemuImage } from "../../host-sim/engine/qemu-engine.ts";
import type { QemuMemory, Snapshot } from "../../host-sim/engine/qemu-memory.ts";
import { Counter } from "../../host-sim/scenario/counter.ts";
import type { Channel } from "../../host-sim/world/recorder.ts";
import type { EntryScenario } from "../../host-sim/scenario/entry-steps.ts";
import { isSecureLampLit } from "../../host-sim/scenario/scenario.ts";

const SEED = 20;
/** Steps looked at behind a way out, which is when the page is painted and the answer leaves; then the end alone. */
const STEPS = 24;
/** Requests at which no step is under way: the program waits, or has just begun anew. */
const BETWEEN_STEPS = /^(idle|boot) /;

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
export class Watch {
  readonly counts: string[] = [];
  readonly steps: Snapshot[] = [];
  memory: QemuMemory | undefined;
  counter: Pick<Counter, "simulator"> | undefined;
  private hasTyped = false;
  /** Where the events begin that came after the entry's end. */
  private leftAt = 0;

  /**
   * `end` is the channel on which it shows that a command which has carried the PIN to the card is over; of so many steps the memory
   * is kept.
   */
  constructor(
    private readonly end: Channel = "line-out",
    private readonly most = STEPS,
  ) {}

  readonly observe = (memory: QemuMemory, request: string): void => {
    this.memory = memory;
    this.counts.push(`${request} ${readCost(memory).instructions}`);
    if (this.counter === undefined || !BETWEEN_STEPS.test(request)) return;
    if (this.isOut(this.counter) && this.steps.length < this.most) {
      memory.settle();
      this.steps.push({ base: RAM, bytes: memory.read(RAM, RAM_BYTES) });
    }
  };

  /** Whether no entry is under way, and a command that has carried the PIN to the card is over. */
  private isOut(counter: Pick<Counter, "simulator">): boolean {
    const events = counter.simulator.world.recorder.all();
    if (isSecureLampLit(counter)) {
      this.hasTyped = true;
      this.steps.length = 0;
      this.leftAt = events.length;
      return false;
    }
    const since = events.slice(this.leftAt);
    const has = (channel: string): boolean => since.some((event) => event.channel === channel);
    // A ChangePin whose new PIN is refused goes on, and keeps the old one; when it has ended, that is written down. A program's change
    // ends there, and nothing is.
    const isWritten = this.end === "line-out" || has("memory");
    if (!isWritten && counter.simulator.page().startsWith("change-")) return false;
    return this.hasTyped && (has(this.end) || !has("card-out"));
  }
}

/** Throws when the story has no way out of an entry. */
export function tellWatched(scenario: EntryScenario, pin: string, qemu: QemuImage): MemoryRun {
  const run = tellUntilEnd(scenario, pin, qemu);
  if (run.steps.length === 0) throw new Error("the story has no way out of an entry");
  return run;
}

/** The same for a story that may end in the middle of an entry. */
export function tellUntilEnd({ image, run }: EntryScenario, pin: string, qemu: QemuImage): MemoryRun {
  const watch = new Watch();
  const images = { qemu: { ...qemu, observe: watch.observe } };
  const counter = new Counter({ seed: SEED, ...image, engine: "qemu", images });
  watch.counter = counter;
  try {
    run(counter, pin);
    if (watch.memory === undefined) throw new Error("the board was never seen");
    const end = watch.memory.snapshot();
    const { symbols } = watch.memory;
    return { counts: watch.counts, steps: watch.steps, end, page: counter.page, symbols };
  } finally {
    counter.simulator.close();
    watch.memory?.close();
  }
}
