/**
 * The time of a story that is watched: it waits where a person before the terminal would have to, and gives the live terminal its turns.
 *
 *   Telling --what comes next is not due--> Waiting --due, or moved ahead--> Telling        Held: only single steps are told
 */
import type { StageClock } from "../scenario-file/stage.ts";
import { NODE_CLOCK, type RunClock, type WallClock } from "../cli/live-run.ts";

const NS_PER_MS = 1e6;
/** So long the story may hold the event loop: the live terminal is not late by what an eye sees. */
const SLICE_MS = 5;
/** Further behind than this (the machine slept), the lost time is dropped instead of being made up for. */
const LAG_LIMIT_NS = 1000 * NS_PER_MS;
/** A single step ends here when nothing is seen. */
const STEP_LIMIT_NS = 60_000 * NS_PER_MS;

interface Step {
  readonly isSeen: () => boolean;
  readonly limitNs: number;
}

export class StoryClock implements RunClock, StageClock {
  /** Called each time there is something to wait for. */
  onRest: () => void = () => undefined;
  /** Virtual time minus `factor` times the wall's; what it is at the first event begins the story. */
  private offsetNs: number | undefined;
  private factor = 1;
  /** What comes next. */
  private nextNs = 0;
  /** Where the story's time stands. */
  private heldNs: number | undefined;
  private jumpToNs = 0;
  private current: Step | undefined;
  private isClosed = false;
  private sliceMs = 0;
  private look: () => void = () => undefined;

  constructor(private readonly clock: WallClock = NODE_CLOCK) {}

  /** Rejects when the clock is closed. */
  pause(nextNs: number): Promise<void> | undefined {
    this.offsetNs ??= -this.wallNs();
    this.nextNs = nextNs;
    if (!this.isDue()) return this.wait();
    return this.clock.nowMs() - this.sliceMs > SLICE_MS ? this.turn() : undefined;
  }

  speed(): number {
    return this.factor;
  }

  setSpeed(factor: number): void {
    const presentNs = this.presentNs();
    this.factor = factor;
    this.follow(presentNs);
  }

  hold(): void {
    this.heldNs ??= this.presentNs();
  }

  release(): void {
    const { heldNs } = this;
    if (heldNs === undefined) return;
    this.heldNs = this.current = undefined;
    this.follow(heldNs);
  }

  isHeld(): boolean {
    return this.heldNs !== undefined;
  }

  step(isSeen: () => boolean): void {
    if (this.heldNs === undefined) return;
    this.current = { isSeen, limitNs: this.nextNs + STEP_LIMIT_NS };
    this.look();
  }

  jump(ms: number): void {
    this.jumpToNs = Math.max(this.jumpToNs, this.presentNs()) + ms * NS_PER_MS;
    this.look();
  }

  /** Whoever waits is told that nobody watches any more. */
  close(): void {
    this.isClosed = true;
    this.look();
  }

  private isDue(): boolean {
    if (this.isClosed) return false;
    if (this.heldNs !== undefined) return this.isDueWhileHeld(this.heldNs);
    if (this.nextNs <= this.jumpToNs) {
      this.follow(this.nextNs);
      return true;
    }
    const lagNs = this.targetNs() - this.nextNs;
    if (lagNs > LAG_LIMIT_NS * this.factor) this.follow(this.nextNs);
    return lagNs >= 0;
  }

  private isDueWhileHeld(heldNs: number): boolean {
    const { current, nextNs } = this;
    if (current === undefined) return false;
    if (current.isSeen() || nextNs > current.limitNs) {
      this.current = undefined;
      return false;
    }
    this.heldNs = Math.max(heldNs, nextNs);
    return true;
  }

  private async wait(): Promise<void> {
    this.onRest();
    while (!this.isDue()) {
      if (this.isClosed) throw new Error("nobody watches the story any more");
      const earlyMs = (this.nextNs - this.targetNs()) / (NS_PER_MS * this.factor);
      await new Promise<void>((resolve) => {
        const callOff = this.isHeld() ? undefined : this.clock.wake(Math.max(1, Math.ceil(earlyMs)), resolve);
        this.look = () => {
          callOff?.();
          resolve();
        };
      });
    }
    this.sliceMs = this.clock.nowMs();
  }

  private turn(): Promise<void> {
    return new Promise((resolve) =>
      this.clock.soon(() => {
        this.sliceMs = this.clock.nowMs();
        resolve();
      }),
    );
  }

  private wallNs(): number {
    return this.clock.nowMs() * NS_PER_MS * this.factor;
  }

  private targetNs(): number {
    return this.wallNs() + (this.offsetNs ?? 0);
  }

  /** What lies before the next event has been waited for; the event itself has not happened. */
  private presentNs(): number {
    if (this.offsetNs === undefined) return 0;
    return this.heldNs ?? Math.min(this.targetNs(), this.nextNs);
  }

  /** The story's present is `presentNs`. */
  private follow(presentNs: number): void {
    this.offsetNs = presentNs - this.wallNs();
    this.look();
  }
}
