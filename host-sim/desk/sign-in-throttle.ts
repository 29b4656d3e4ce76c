/**
 * Slows down whoever tries passwords: after three wrong ones in a row under a name that name waits, twice as long each time, up to a
 * quarter of an hour; after ten under any names all of them do. Nothing is locked for ever.
 */
import type { CounterClock } from "../counter/counter-clock.ts";

const FREE = 3;
const FREE_ANYBODY = 10;
const FIRST_US = 30_000_000;
const LONGEST_US = 900_000_000;
/** Names that nobody has are remembered as well, but not without end. */
const MOST_NAMES = 100;
const ANYBODY = "";

interface Count {
  wrong: number;
  untilUs: number;
}

export class SignInThrottle {
  private readonly counts = new Map<string, Count>();

  constructor(private readonly clock: CounterClock) {}

  /** How long `login` has to wait, in whole seconds; 0 = may try. */
  waitS(login: string): number {
    const now = this.clock.nowUs();
    const untilUs = Math.max(this.untilUs(login), this.untilUs(ANYBODY));
    return Math.max(0, Math.ceil((untilUs - now) / 1_000_000));
  }

  /** Counts a try as wrong before it is looked at: tries side by side are counted as well. */
  begin(login: string): void {
    this.count(login, FREE);
    this.count(ANYBODY, FREE_ANYBODY);
  }

  right(login: string): void {
    this.counts.delete(login);
    this.counts.delete(ANYBODY);
  }

  private untilUs(name: string): number {
    return this.counts.get(name)?.untilUs ?? 0;
  }

  private count(name: string, free: number): void {
    const found = this.counts.get(name) ?? { wrong: 0, untilUs: 0 };
    found.wrong++;
    const over = found.wrong - free;
    if (over >= 0) found.untilUs = this.clock.nowUs() + Math.min(LONGEST_US, FIRST_US * 2 ** over);
    this.counts.delete(name);
    this.counts.set(name, found);
    const [oldest] = [...this.counts.keys()].filter((one) => one !== ANYBODY);
    if (this.counts.size > MOST_NAMES && oldest !== undefined) this.counts.delete(oldest);
  }
}
