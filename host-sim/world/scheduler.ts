/**
 * Virtual time in integer nanoseconds and the one queue of what happens in it.
 * Ordinary events are wires and chips at work: an unpaced run jumps over the time between them. Patient events are a
 * person's: they wait for the wall clock wherever the outside is waited for.
 */
export interface Timer {
  cancel(): void;
}

interface Entry {
  timeNs: number;
  order: number;
  action: (() => void) | undefined;
  patient: boolean;
}

export class Scheduler {
  nowNs = 0;
  private readonly heap: Entry[] = [];
  private order = 0;
  private working = 0;
  private busyUntilNs = 0;

  /** Runs `action` at `timeNs`; events of one instant run in the order they were asked for. */
  at(timeNs: number, action: () => void): Timer {
    return this.push(timeNs, action, false);
  }

  after(delayNs: number, action: () => void): Timer {
    return this.push(this.nowNs + delayNs, action, false);
  }

  /** As `at`, but a live run waits for the wall clock before it. */
  patientlyAt(timeNs: number, action: () => void): Timer {
    return this.push(timeNs, action, true);
  }

  /** Something is at work until then although no event says so: a supply that ramps, a guard time. */
  busyUntil(timeNs: number): void {
    if (timeNs > this.busyUntilNs) this.busyUntilNs = timeNs;
  }

  /** Whether an unpaced run may jump to `timeNs` without waiting for the wall clock. */
  mayJumpTo(timeNs: number): boolean {
    return timeNs <= this.nowNs || timeNs <= this.busyUntilNs || this.working > 0;
  }

  /** The time of the next event, or Infinity. */
  nextNs(): number {
    this.dropCancelled();
    return this.heap[0]?.timeNs ?? Infinity;
  }

  /** Moves the clock to `timeNs`, which no event precedes. */
  advanceTo(timeNs: number): void {
    if (timeNs > this.nowNs) this.nowNs = timeNs;
  }

  /** Runs the next event; its time becomes now. */
  runNext(): void {
    this.dropCancelled();
    const entry = this.pop();
    if (entry === undefined) return;
    this.advanceTo(entry.timeNs);
    const action = entry.action;
    this.settle(entry);
    action?.();
  }

  private push(timeNs: number, action: () => void, patient: boolean): Timer {
    const entry: Entry = { timeNs: Math.max(timeNs, this.nowNs), order: this.order++, action, patient };
    if (!patient) this.working++;
    this.heap.push(entry);
    this.siftUp(this.heap.length - 1);
    return { cancel: () => this.settle(entry) };
  }

  private settle(entry: Entry): void {
    if (entry.action === undefined) return;
    entry.action = undefined;
    if (!entry.patient) this.working--;
  }

  private dropCancelled(): void {
    while (this.heap.length > 0 && this.heap[0]!.action === undefined) this.pop();
  }

  private before(a: Entry, b: Entry): boolean {
    return a.timeNs < b.timeNs || (a.timeNs === b.timeNs && a.order < b.order);
  }

  private pop(): Entry | undefined {
    const top = this.heap[0];
    const last = this.heap.pop();
    if (top === undefined || last === undefined || this.heap.length === 0) return top;
    this.heap[0] = last;
    this.siftDown();
    return top;
  }

  private siftUp(from: number): void {
    const heap = this.heap;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.before(heap[at]!, heap[parent]!)) return;
      [heap[at], heap[parent]] = [heap[parent]!, heap[at]!];
      at = parent;
    }
  }

  private siftDown(): void {
    const heap = this.heap;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= heap.length) return;
      const right = left + 1;
      const child = right < heap.length && this.before(heap[right]!, heap[left]!) ? right : left;
      if (!this.before(heap[child]!, heap[at]!)) return;
      [heap[at], heap[child]] = [heap[child]!, heap[at]!];
      at = child;
    }
  }
}
