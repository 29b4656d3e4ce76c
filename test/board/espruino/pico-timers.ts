/** `setTimeout` of a script in virtual time: timers of whole milliseconds, run in the order in which they are due. */
interface Timer {
  readonly id: number;
  readonly dueUs: number;
  readonly run: () => void;
}

/** Later than any story. */
const NEVER_US = 1e15;

export class PicoTimers {
  nowUs = 0;
  private last = 0;
  private timers: Timer[] = [];

  set(run: () => void, ms: number): number {
    this.last++;
    this.timers.push({ id: this.last, dueUs: this.nowUs + Math.round(ms * 1000), run });
    return this.last;
  }

  clear(id: number): void {
    this.timers = this.timers.filter((timer) => timer.id !== id);
  }

  /** Those that are due now, once each; what they set for now runs in the next round. */
  runDue(): void {
    const due = this.timers.filter(({ dueUs }) => dueUs <= this.nowUs);
    for (const { id, run } of [...due].sort((a, b) => a.dueUs - b.dueUs)) {
      if (!this.timers.some((timer) => timer.id === id)) continue;
      this.clear(id);
      run();
    }
  }

  nextUs(): number {
    return Math.min(NEVER_US, ...this.timers.map(({ dueUs }) => dueUs));
  }
}
