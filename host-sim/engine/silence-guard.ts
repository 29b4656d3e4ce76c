/**
 * Ends a child process that says nothing for too long. Whoever waits for it does so in a read and can do nothing else meanwhile, so
 * a thread looks at the clock: one for all children, for only one is ever waited for.
 */
import { Worker } from "node:worker_threads";

const LOOK_MS = 50;
/** Shared words: the child that is waited for (0 = none), until when in ms since the start, the child that was ended. */
const enum Word {
  Child = 0,
  UntilMs = 1,
  Ended = 2,
  Nobody = 3,
  Count = 4,
}

/** What the thread runs. A child is claimed before it is ended: its answer may have come at that instant. */
const LOOK = `
const { workerData: { words, startNs, lookMs } } = require("node:worker_threads");
for (;;) {
  Atomics.wait(words, ${Word.Nobody}, 0, lookMs);
  const child = Atomics.load(words, ${Word.Child});
  const nowMs = Number((process.hrtime.bigint() - startNs) / 1000000n);
  if (child === 0 || nowMs <= Atomics.load(words, ${Word.UntilMs})) continue;
  Atomics.store(words, ${Word.Ended}, child);
  if (Atomics.compareExchange(words, ${Word.Child}, child, 0) === child) process.kill(child, "SIGKILL");
}`;

export class SilenceGuard {
  private readonly words = new Int32Array(new SharedArrayBuffer(4 * Word.Count));
  private readonly startNs = process.hrtime.bigint();

  constructor() {
    const workerData = { words: this.words, startNs: this.startNs, lookMs: LOOK_MS };
    new Worker(LOOK, { eval: true, workerData }).unref();
  }

  /** `child` has `silenceMs` from now on until `rest`. */
  watch(child: number, silenceMs: number): void {
    const nowMs = Number((process.hrtime.bigint() - this.startNs) / 1_000_000n);
    Atomics.store(this.words, Word.UntilMs, nowMs + silenceMs);
    Atomics.store(this.words, Word.Child, child);
  }

  /** It has said something, or it has ended. Returns whether it was ended for its silence. */
  rest(child: number): boolean {
    const waited = Atomics.exchange(this.words, Word.Child, 0);
    return waited === 0 && Atomics.load(this.words, Word.Ended) === child;
  }
}
