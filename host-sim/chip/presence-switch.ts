/** The contact that tells whether a card is in the slot: it closes last, opens first, and bounces as a seed says. */
import { SeededRandom } from "../world/random.ts";
import type { Scheduler, Timer } from "../world/scheduler.ts";

const LONGEST_BOUNCE_NS = 8_000_000;
const MOST_BOUNCES = 4;

export class PresenceSwitch {
  /** Called after each change. */
  onChange: (closed: boolean) => void = () => {};
  private readonly random: SeededRandom;
  private closed = false;
  private timers: Timer[] = [];

  constructor(
    private readonly scheduler: Scheduler,
    seed: number,
  ) {
    this.random = new SeededRandom(seed);
  }

  isClosed(): boolean {
    return this.closed;
  }

  /** Closes, opens and closes again up to four times within 8 ms. */
  close(): void {
    const changes = 2 * this.random.below(MOST_BOUNCES + 1);
    const delays = Array.from({ length: changes }, () => this.random.below(LONGEST_BOUNCE_NS)).sort(
      (a, b) => a - b,
    );
    this.set(true);
    delays.forEach((delay, at) => this.setAfter(delay, at % 2 === 1));
  }

  /** Opens for good; a bounce in progress ends. */
  open(): void {
    for (const timer of this.timers) timer.cancel();
    this.timers = [];
    this.set(false);
  }

  /** Opens and closes again after `durationNs`. */
  glitch(durationNs: number): void {
    this.set(false);
    this.setAfter(durationNs, true);
  }

  private setAfter(delayNs: number, closed: boolean): void {
    this.timers.push(this.scheduler.after(delayNs, () => this.set(closed)));
  }

  private set(closed: boolean): void {
    if (closed === this.closed) return;
    this.closed = closed;
    this.onChange(closed);
  }
}
