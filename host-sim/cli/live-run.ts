/**
 * Lets virtual time follow the wall clock while the terminal waits for somebody outside, and jump over the time in which only
 * wires and chips are at work (`pace` none). Everything that may be jumped runs at once, in the call that brought the input:
 * no timer lies between a host's bytes and the answer.
 *
 *   Resting --deadline, enter()--> Running --nothing due--> Resting        Held: nothing runs but single steps
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

/** What can be done to the time of a terminal that is shown: the live one's, or a story's. */
export interface RunClock {
  /** How many times as fast as the wall's clock. */
  speed(): number;
  setSpeed(factor: number): void;
  /** Time stands still. */
  hold(): void;
  release(): void;
  isHeld(): boolean;
  /** While held: lets things happen until `isSeen()`, or for a minute of the world's time when nothing is. */
  step(isSeen: () => boolean): void;
  /** Nobody waits for the next `ms` of the world's time: all that lies between happens at once. */
  jump(ms: number): void;
}

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
/** A single step ends here when nothing is seen: longer than anybody waits for, and over at once. */
const STEP_LIMIT_NS = 60_000 * NS_PER_MS;

export class LiveRun implements RunClock {
  /** Virtual time minus `factor` times the wall's. */
  private offsetNs = 0;
  private factor = 1;
  private held = false;
  /** Up to then there is nothing to wait for: somebody has moved the world's clock. */
  private jumpToNs = 0;
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
    this.follow();
    this.run();
  }

  /** From now on the world's time goes `factor` times as fast as the wall's, wherever it is waited for. */
  setSpeed(factor: number): void {
    this.run();
    this.factor = factor;
    this.follow();
    this.run();
  }

  speed(): number {
    return this.factor;
  }

  /** Time stands still: what comes from outside is put into the world and waits there. */
  hold(): void {
    this.run();
    this.held = true;
    this.callOff?.();
    this.callOff = undefined;
  }

  /** And goes on, from where it stood. */
  release(): void {
    if (!this.held) return;
    this.held = false;
    this.follow();
    this.run();
  }

  isHeld(): boolean {
    return this.held;
  }

  /** While held: lets things happen until `isSeen()`, or for a minute of the world's time when nothing is. */
  step(isSeen: () => boolean): void {
    if (!this.held || this.running || this.stopped) return;
    const { world } = this;
    const limitNs = world.nowNs + STEP_LIMIT_NS;
    this.during(() => {
      while (!this.stopped && !isSeen() && world.nextNs() <= limitNs) world.advance(world.nextNs());
    });
    this.options.onRest();
  }

  /** The world's clock is moved ahead: all that lies between happens at once. */
  jump(ms: number): void {
    this.run();
    this.jumpToNs = this.world.nowNs + ms * NS_PER_MS;
    this.offsetNs += ms * NS_PER_MS;
    this.run();
  }

  stop(): void {
    this.stopped = true;
    this.callOff?.();
    this.callOff = undefined;
  }

  /** Runs `action`, which came from outside, at the world's present time, and all that follows from it. */
  enter(action: () => void): void {
    if (this.running || this.stopped || this.held) return action();
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
    return Math.floor(this.wallNs(this.options.clock.nowMs()) + this.offsetNs);
  }

  /** The wall's time at the world's pace. */
  private wallNs(wallMs: number): number {
    return wallMs * NS_PER_MS * this.factor;
  }

  /** The world's present is now, or where its clock was moved to. */
  private follow(): void {
    this.offsetNs = Math.max(this.world.nowNs, this.jumpToNs) - this.wallNs(this.options.clock.nowMs());
  }

  private run(): void {
    if (this.running || this.stopped || this.held) return;
    this.callOff?.();
    this.callOff = undefined;
    this.during(() => this.burst());
  }

  private during(work: () => void): void {
    this.running = true;
    try {
      work();
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
    const lagNs = this.targetNs() - Math.max(world.nowNs, this.jumpToNs);
    if (lagNs > LAG_LIMIT_MS * NS_PER_MS * this.factor) this.offsetNs -= lagNs;
    for (;;) {
      const nextNs = world.nextNs();
      const nowMs = clock.nowMs();
      const earlyNs = nextNs - this.wallNs(nowMs) - this.offsetNs;
      if (earlyNs > 0) {
        if (pace === "real" || !world.mayJumpTo(nextNs)) return this.rest(earlyNs);
        this.offsetNs += earlyNs;
      }
      if (nowMs - beganMs > BURST_MS) return this.yieldTurn();
      world.advance(nextNs);
      if (this.stopped || this.held) return;
    }
  }

  private yieldTurn(): void {
    this.callOff = this.options.clock.soon(() => this.run());
  }

  /** Timers take whole milliseconds; the little that one comes late is made up for. */
  private rest(earlyNs: number): void {
    this.options.onRest();
    if (this.stopped || this.held) return;
    // onRest may have put something into the world that is due sooner than what was found before.
    const sooner = this.world.nextNs() - this.targetNs();
    const waitMs = Math.max(1, Math.ceil(Math.min(earlyNs, sooner) / (NS_PER_MS * this.factor)));
    if (Number.isFinite(waitMs)) this.callOff = this.options.clock.wake(waitMs, () => this.run());
  }
}
