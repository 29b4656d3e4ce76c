/** A clock that a test moves: nothing waits, and time goes on only when nothing is left to do at this instant. */
import type { CounterClock } from "../../../host-sim/counter/counter-clock.ts";

interface Timer {
  readonly dueUs: number;
  readonly action: () => void;
}

/** Turns of Node's loop after which nothing more happens by itself; TLS over a stream takes a handful from one step to the next. */
const QUIET_TURNS = 12;
const LONGEST_TIMERS = 100_000;

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export class ManualClock implements CounterClock {
  private us = 0;
  private timers: Timer[] = [];
  private activity = 0;

  nowUs(): number {
    return this.us;
  }

  after(delayUs: number, action: () => void): () => void {
    const timer = { dueUs: this.us + delayUs, action };
    this.timers.push(timer);
    return () => (this.timers = this.timers.filter((other) => other !== timer));
  }

  /** Something has happened: the turns of quiet are counted anew. */
  noteActivity(): void {
    this.activity++;
  }

  /** Lets everything happen that happens at this instant. */
  async quiet(): Promise<void> {
    for (let turns = 0; turns < QUIET_TURNS; turns++) {
      const before = this.activity;
      await turn();
      if (this.activity !== before) turns = 0;
    }
  }

  /** Lets time go by in jumps from timer to timer until `promise` has settled. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const settled = (): void => void (isSettled = true);
    promise.then(settled, settled);
    for (let jumps = 0; jumps < LONGEST_TIMERS; jumps++) {
      await this.quiet();
      if (isSettled) return promise;
      if (!this.jump()) throw new Error("nothing is left to happen");
    }
    throw new Error("it never comes to an end");
  }

  /** Lets `us` go by. */
  async pass(us: number): Promise<void> {
    let isOver = false;
    this.after(us, () => (isOver = true));
    while (!isOver) {
      await this.quiet();
      this.jump();
    }
    await this.quiet();
  }

  private jump(): boolean {
    const dueUs = Math.min(...this.timers.map((timer) => timer.dueUs));
    if (!Number.isFinite(dueUs)) return false;
    this.us = Math.max(this.us, dueUs);
    const due = this.timers.filter((timer) => timer.dueUs <= this.us);
    this.timers = this.timers.filter((timer) => timer.dueUs > this.us);
    for (const { action } of due) action();
    this.noteActivity();
    return true;
  }
}
