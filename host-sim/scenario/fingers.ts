/** Fingers that are not those of a quick typist: long presses, worn contacts, two keys under one hand. */
import { KEY_ORDER } from "../chip/key-matrix.ts";
import type { Counter } from "./counter.ts";

export interface Press {
  /** Keys that go down at the same instant. */
  readonly keys: string;
  readonly holdMs: number;
  /** How long a contact chatters at each end; more than 12 ms is a broken key. */
  readonly bounceMs: number;
}

/** Presses and releases, then waits until the contacts are quiet. */
export function press(counter: Counter, { keys, holdMs, bounceMs }: Press): void {
  set(counter, keys, true, bounceMs);
  counter.simulator.runFor(holdMs);
  set(counter, keys, false, bounceMs);
  counter.simulator.runFor(bounceMs + 50);
}

/** Presses the second key while the first is still down, as quick fingers do, and lets go in the same order. */
export function roll(counter: Counter, first: string, second: string): void {
  set(counter, first, true, 3);
  counter.simulator.runFor(60);
  set(counter, second, true, 3);
  counter.simulator.runFor(60);
  set(counter, first, false, 3);
  counter.simulator.runFor(60);
  set(counter, second, false, 3);
  counter.simulator.runFor(60);
}

function set(counter: Counter, keys: string, closed: boolean, bounceMs: number): void {
  const { matrix, scheduler } = counter.simulator.world;
  for (const key of keys) matrix.setContact(scheduler.nowNs, KEY_ORDER.indexOf(key), closed, bounceMs * 1e6);
}
