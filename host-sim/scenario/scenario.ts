/**
 * A scenario: a story at the counter that a resident, technician, developer or integrator would recognise, told to the
 * simulator as world events and expectations. The same seed gives the same trace; the seed decides how contacts bounce.
 */
import { BOARD } from "../../board/mps2-an386/pins.ts";
import type { ImageOptions } from "../engine/engine.ts";
import type { SimulatorOptions } from "../world/simulator.ts";
import { Counter } from "./counter.ts";

export interface Scenario {
  readonly name: string;
  /** What happens and how it must end, in one sentence. */
  readonly story: string;
  readonly seed: number;
  readonly image?: Partial<ImageOptions>;
  /** Tells the story at a terminal that is switched off. Throws `ScenarioFailure` where it goes another way. */
  run(counter: Counter): void;
}

/** An expectation did not hold; the message says which, and never holds a digit that was typed. */
export class ScenarioFailure extends Error {}

export function expectSame(what: string, actual: unknown, expected: unknown): void {
  const got = JSON.stringify(actual);
  const wanted = JSON.stringify(expected);
  if (got !== wanted) throw new ScenarioFailure(`${what}: got ${got}, want ${wanted}`);
}

/** How a run came out: what a person at the counter noticed of it. */
export interface Played {
  readonly counter: Counter;
  /** Every page that reached the display, in order, without repetition. */
  readonly pages: readonly string[];
  /** Frequencies of the piezo in order, silence left out. */
  readonly tones: readonly number[];
}

/** Long enough for the display to notice that its VCOM has stopped. */
const SETTLE_MS = 1500;
const VCOM_HZ = BOARD.lcd.vcomHz;

/** Runs a scenario from power-up, on another engine if `options` say so, and checks what must hold in every story. */
export function play(scenario: Scenario, seed = scenario.seed, options: SimulatorOptions = {}): Played {
  const counter = new Counter({ seed, ...scenario.image, ...options });
  const watch = new Watch(counter);
  try {
    scenario.run(counter);
    counter.simulator.runFor(SETTLE_MS);
    watch.check();
  } catch (error) {
    if (error instanceof Error) error.message = `${scenario.name}: ${error.message}`;
    throw error;
  } finally {
    counter.simulator.close();
  }
  return { counter, pages: watch.pages, tones: watch.tones };
}

/** Sees pages, tones and lamps go by. */
export class Watch {
  readonly pages: string[] = [];
  readonly tones: number[] = [];
  private vcomHz = 0;
  private isLampWrong = false;

  constructor(private readonly counter: Pick<Counter, "simulator">) {
    counter.simulator.world.recorder.onEvent(({ channel, value }) => {
      if (channel === "spi") this.pageDrawn();
      if (channel === "tone" && typeof value === "number" && value !== 0) this.tones.push(value);
      if (channel === "vcom" && typeof value === "number") this.vcomHz = value;
    });
  }

  check(): void {
    const { world } = this.counter.simulator;
    expectSame("complaints of the world", world.complaints, []);
    expectSame("VCOM in Hz", this.vcomHz, this.counter.simulator.isPowered() ? VCOM_HZ : 0);
    expectSame("the secure-entry lamp was lit beside another page than an entry", this.isLampWrong, false);
    expectSame("the secure-entry lamp at the end", isSecureLampLit(this.counter), false);
    expectSame("a tone that does not end, in Hz", world.toneHz, 0);
  }

  private pageDrawn(): void {
    const page = this.counter.simulator.page();
    if (page !== this.pages.at(-1)) this.pages.push(page);
    if (isSecureLampLit(this.counter) !== (page === "pin")) this.isLampWrong = true;
  }
}

/** The lamp that tells a resident that what is typed now is a PIN. */
export function isSecureLampLit(counter: Pick<Counter, "simulator">): boolean {
  return (counter.simulator.world.outputs & BOARD.lamps.secureEntry) !== 0;
}

export function isSlotLampLit(counter: Counter): boolean {
  return (counter.simulator.world.outputs & BOARD.lamps.slot) !== 0;
}
