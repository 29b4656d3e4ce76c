import type { WallClock } from "../../../host-sim/cli/live-run.ts";

/** A wall clock that only the test moves; each look at it costs `lookMs`. */
export class TestClock implements WallClock {
  wall = 1000;
  lookMs = 0;
  wakeAt: number | undefined;
  private wakeAction: (() => void) | undefined;
  turns: (() => void)[] = [];

  nowMs(): number {
    this.wall += this.lookMs;
    return this.wall;
  }

  wake(delayMs: number, action: () => void): () => void {
    this.wakeAt = this.wall + delayMs;
    this.wakeAction = action;
    return () => (this.wakeAt = this.wakeAction = undefined);
  }

  soon(action: () => void): () => void {
    this.turns.push(action);
    return () => (this.turns = this.turns.filter((one) => one !== action));
  }

  /** Lets `ms` pass and runs the timers of that time. */
  pass(ms: number): void {
    const end = this.wall + ms;
    while (this.wakeAt !== undefined && this.wakeAt <= end) {
      this.wall = this.wakeAt;
      const action = this.wakeAction;
      this.wakeAt = this.wakeAction = undefined;
      action?.();
    }
    this.wall = end;
  }
}
