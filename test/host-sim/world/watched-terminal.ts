/** A terminal at a counter one of whose parts can be made to hang: what the tests of the watchdog are told with. */
import { ResetReason } from "../../../hal/watchdog.ts";
import { Counter } from "../../../host-sim/scenario/counter.ts";
import { importPatched, type Patch } from "../../patched-terminal.ts";

export const PART_NAMES = ["keypad", "card", "line", "sound", "screen"];
/** Of each part in Terminal.step: its deadline, and what stands before the call that tells it. */
const DEADLINES = [
  { deadline: "keypadUs", assigned: "const keypadUs =" },
  { deadline: "this.cardUs", assigned: "if (talks) this.cardUs =" },
  { deadline: "this.lineUs", assigned: "if (talks) this.lineUs =" },
  { deadline: "soundUs", assigned: "const soundUs =" },
  { deadline: "screenUs", assigned: "const screenUs =" },
];

/** Part `hung` stops reporting; part `spinning` has more to do at once for ever. */
interface Faults {
  hung?: number;
  spinning?: number;
}
export const faults: Faults = {};

const file = "firmware/terminal.ts";
const PATCHES: readonly Patch[] = DEADLINES.flatMap(({ deadline, assigned }, part) => [
  {
    file,
    from: `if (${deadline} > nowUs)`,
    to: `if (${deadline} > nowUs && Reflect.get(globalThis, "faults").hung !== ${part})`,
  },
  {
    file,
    from: assigned,
    to: `${assigned} Reflect.get(globalThis, "faults").spinning === ${part} ? nowUs :`,
  },
]);

export type Counters = typeof import("../../../host-sim/scenario/counter.ts");

export async function importWatched(): Promise<Counters> {
  Reflect.set(globalThis, "faults", faults);
  return importPatched<Counters>("watched", "host-sim/scenario/counter.ts", PATCHES);
}

/** When the terminal booted again, in ns of world time, 0 without. */
export function restartNs(counter: Counter): number {
  const { recorder } = counter.simulator.world;
  return recorder.all().find(({ channel }) => channel === "world")?.timeNs ?? 0;
}

/** Lets time pass until the terminal has started again; whether it has, within `limitMs`. */
export function runUntilRestart(counter: Counter, limitMs: number): boolean {
  const { simulator } = counter;
  return simulator.runUntil(() => restartNs(counter) > 0, limitMs);
}

/** What the Escape of our own answers. */
export function toldReset(counter: Counter): number[] {
  counter.host.discard();
  return [...counter.host.escape(Uint8Array.of(0x4d, 0x01)).data];
}

export const BITTEN: number = ResetReason.Watchdog;
