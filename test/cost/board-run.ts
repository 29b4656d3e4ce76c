/** Runs the reference board and keeps what each of its answered requests had cost: counted instructions, no estimate. */
import { builtQemu, type QemuImage } from "../../host-sim/engine/qemu-engine.ts";
import { readCost, type BoardCost } from "../../host-sim/engine/board-meter.ts";
import type { SimulatorOptions } from "../../host-sim/world/simulator.ts";
import type { Counter } from "../../host-sim/scenario/counter.ts";
import type { TraceEvent } from "../../host-sim/world/recorder.ts";
import { tellStory, type Phase } from "./story.ts";

/** The board waits for the answer; world time stands at `nowNs`. */
export interface AskedRequest extends BoardCost {
  readonly nowNs: number;
  /** As the bus decoder names it, in front of its size. */
  readonly name: string;
  /** Events that the world had recorded when the request was carried out. */
  readonly traced: number;
}

/** What lies between two answers of `idle`. */
export interface Step {
  readonly nowNs: number;
  readonly instructions: number;
  readonly requests: readonly AskedRequest[];
}

/** A simulator's options under which every request of the board is noted in `requests`. */
export class BoardRun {
  readonly requests: AskedRequest[] = [];
  private counter: Counter | undefined;

  constructor(private readonly image: QemuImage) {}

  get options(): SimulatorOptions {
    const observe = (memory: Parameters<typeof readCost>[0], request: string): void => {
      const { nowNs = 0, world } = this.counter?.simulator ?? {};
      const traced = world?.recorder.all().length ?? 0;
      this.requests.push({ nowNs, name: request.split(" ", 1)[0]!, traced, ...readCost(memory) });
    };
    return { engine: "qemu", images: { qemu: { ...this.image, observe } } };
  }

  /** Time is the counter's from now on; before, it has not begun. */
  attach(counter: Counter): void {
    this.counter = counter;
  }
}

export function stepsOf(requests: readonly AskedRequest[]): Step[] {
  const steps: Step[] = [];
  let from = 0;
  let before = 0;
  requests.forEach(({ name, nowNs, instructions }, at) => {
    if (name !== "idle") return;
    steps.push({ nowNs, instructions: instructions - before, requests: requests.slice(from, at + 1) });
    from = at + 1;
    before = instructions;
  });
  return steps;
}

export interface BoardStory {
  readonly requests: readonly AskedRequest[];
  readonly phases: readonly Phase[];
  readonly events: readonly TraceEvent[];
}

export function tellBoardStory(image = builtQemu("open")): BoardStory {
  const run = new BoardRun(image);
  let events: readonly TraceEvent[] = [];
  const phases = tellStory(run.options, (counter) => {
    run.attach(counter);
    events = counter.simulator.world.recorder.all();
  });
  return { requests: run.requests, phases, events };
}

/** What of `timed` happened in `phase`. */
export function within<T extends { readonly nowNs: number }>(timed: readonly T[], phase: Phase): T[] {
  return timed.filter(({ nowNs }) => nowNs >= phase.startUs * 1000 && nowNs < phase.endUs * 1000);
}
