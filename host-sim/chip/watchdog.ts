/**
 * The on-chip watchdog: once started it runs on virtual time until a reset stops it, and is fed when every part has reported
 * progress since the last feeding.
 */
import type { Scheduler, Timer } from "../world/scheduler.ts";

/** Parts are bits of one register of the port. */
const MOST_PARTS = 31;

export class WatchdogChip {
  /** Called when the time is over, with the part that is told (hal/watchdog.ts). The watchdog has stopped. */
  onBite: (part: number) => void = () => {};
  private all = 0;
  private reported = 0;
  /** Who has reported last; at first the one before part 0. */
  private last = -1;
  private fedNs = 0;
  private timer: Timer | undefined;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly timeoutNs: number,
    private readonly complain: (what: string) => void,
  ) {}

  /** Arms it for parts 0…`parts - 1`. */
  start(parts: number): void {
    if (parts < 1 || parts > MOST_PARTS) return this.complain(`watchdog: started for ${parts} parts`);
    this.stop();
    this.all = 2 ** parts - 1;
    this.last = -1;
    this.feed();
    this.timer = this.lookAt(this.fedNs + this.timeoutNs);
  }

  progress(part: number): void {
    if (this.all === 0) return;
    if (part >= MOST_PARTS || ((1 << part) & this.all) === 0)
      return this.complain(`watchdog: no part ${part}`);
    this.last = part;
    this.reported |= 1 << part;
    if (this.reported === this.all) this.feed();
  }

  isRunning(): boolean {
    return this.all !== 0;
  }

  /** What a reset does. */
  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.all = 0;
  }

  private feed(): void {
    this.fedNs = this.scheduler.nowNs;
    this.reported = 0;
  }

  /**
   * One event at a time, which looks whether it was fed meanwhile: a feeding costs nothing. Patient, for nobody is at work
   * while it waits: a live run must not jump to it.
   */
  private lookAt(timeNs: number): Timer {
    return this.scheduler.patientlyAt(timeNs, () => {
      const biteNs = this.fedNs + this.timeoutNs;
      if (biteNs > this.scheduler.nowNs) this.timer = this.lookAt(biteNs);
      else this.bite();
    });
  }

  private bite(): void {
    const missing = this.all & ~this.reported;
    const behind = missing & ~(2 ** (this.last + 1) - 1);
    const told = behind === 0 ? missing : behind;
    this.stop();
    this.onBite(Math.log2(told & -told));
  }
}
