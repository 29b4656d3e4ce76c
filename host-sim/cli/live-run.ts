/**
 * Lets virtual time follow the wall clock while the terminal waits for somebody outside, and jump over the time in which only
 * wires and chips are at work (`pace` none). Everything that may be jumped runs at once, in the call that brought the input:
 * no timer lies between a host's bytes and the answer.
 *
 *   Resting --deadline, enter()--> Running --nothing due--> Resting
 *                                     |  ^
 *                                     +--+ a burst over BURST_MS gives the event loop a turn
 */

/** What runs: a `Simulator`, seen from the clock. */
export interface Runnable {
  readonly nowNs: number;
  /** When something happens next. */
  nextNs(): number;
  /** Goes to `timeNs`, which is at most `nextNs()`. */
  advance(timeNs: number): void;
  /** Whether only wires and chips at work lie between now and then. */
  mayJumpTo(timeNs: number): boolean;
}

/** The outside's clock and timers; tests bring their own. */
export interface WallClock {
  /** Monotonic. */
  nowMs(): number;
  /** Runs `action` once after about `delayMs`; returns how to call it off. */
  wake(delayMs: number, action: () => void): () => void;
  /** Runs `action` after the event loop had a turn. */
  soon(action: () => void): () => void;
}

export const NODE_CLOCK: WallClock = {
  nowMs: () => performance.now(),
  wake(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
  soon(action) {
    const turn = setImmediate(action);
    return () => clearImmediate(turn);
  },
};

export interface LiveRunOptions {
  readonly pace: "none" | "real";
  readonly clock: WallClock;
  /** Called each time nothing is left to do for now. */
  readonly onRest: () => void;
  /** The world threw: it cannot go on. */
  readonly onFailure: (error: unknown) => void;
}

const NS_PER_MS = 1e6;
/** So long it may hold the event loop: a signal or a control command waits no longer. */
const BURST_MS = 10;
/** Further behind than this (the machine slept), the lost time is dropped instead of being made up for. */
const LAG_LIMIT_MS = 1000;

export class LiveRun {
  /** Virtual minus wall time. */
  private offsetNs = 0;
  private running = false;
  private stopped = true;
  private callOff: (() => void) | undefined;

  constructor(
    private readonly world: Runnable,
    private readonly options: LiveRunOptions,
  ) {}

  /** Begins at the world's present. */
  start(): void {
    this.stopped = false;
    this.offsetNs = this.world.nowNs - this.options.clock.nowMs() * NS_PER_MS;
    this.run();
  }

  stop(): void {
    this.stopped = true;
    this.callOff?.();
    this.callOff = undefined;
  }

  /** Runs `action`, which came from outside, at the world's present time, and all that follows from it. */
  enter(action: () => void): void {
    if (this.running || this.stopped) return action();
    this.run();
    const targetNs = this.targetNs();
    if (!this.stopped && targetNs > this.world.nowNs && targetNs < this.world.nextNs())
      this.world.advance(targetNs);
    try {
      action();
    } finally {
      this.run();
    }
  }

  private targetNs(): number {
    return Math.floor(this.options.clock.nowMs() * NS_PER_MS + this.offsetNs);
  }

  private run(): void {
    if (this.running || this.stopped) return;
    this.callOff?.();
    this.callOff = undefined;
    this.running = true;
    try {
      this.burst();
    } catch (error) {
      this.stop();
      this.options.onFailure(error);
    } finally {
      this.running = false;
    }
  }

  private burst(): void {
    const { world } = this;
    const { clock, pace } = this.options;
    const beganMs = clock.nowMs();
    const lagNs = this.targetNs() - world.nowNs;
    if (lagNs > LAG_LIMIT_MS * NS_PER_MS) this.offsetNs -= lagNs;
    for (;;) {
      const nextNs = world.nextNs();
      const nowMs = clock.nowMs();
      const earlyNs = nextNs - nowMs * NS_PER_MS - this.offsetNs;
      if (earlyNs > 0) {
        if (pace === "real" || !world.mayJumpTo(nextNs)) return this.rest(earlyNs / NS_PER_MS);
        this.offsetNs += earlyNs;
      }
      if (nowMs - beganMs > BURST_MS) return this.yieldTurn();
      world.advance(nextNs);
      if (this.stopped) return;
    }
  }

  private yieldTurn(): void {
    this.callOff = this.options.clock.soon(() => this.run());
  }

  /** Timers take whole milliseconds; the little that one comes late is made up for. */
  private rest(delayMs: number): void {
    this.options.onRest();
    if (this.stopped) return;
    // onRest may have put something into the world that is due sooner than what was found before.
    const sooner = (this.world.nextNs() - this.targetNs()) / NS_PER_MS;
    const waitMs = Math.max(1, Math.ceil(Math.min(delayMs, sooner)));
    if (Number.isFinite(waitMs)) this.callOff = this.options.clock.wake(waitMs, () => this.run());
  }
}
