/** The PC's time: the steady one of the process, or a test's own. */
import { performance } from "node:perf_hooks";

export interface CounterClock {
  /** Whole microseconds since some beginning; never goes back. */
  nowUs(): number;
  /** Runs `action` once, `delayUs` from now. Returns how to take that back. */
  after(delayUs: number, action: () => void): () => void;
}

const MS_US = 1000;
/** Longest delay of setTimeout. */
const LONGEST_MS = 0x7fffffff;

export const REAL_CLOCK: CounterClock = {
  nowUs: () => Math.floor(performance.now() * MS_US),
  after(delayUs, action) {
    // Rounded up: a timer that comes too early would come again for nothing.
    const timer = setTimeout(action, Math.min(LONGEST_MS, Math.ceil(delayUs / MS_US)));
    return () => clearTimeout(timer);
  },
};
