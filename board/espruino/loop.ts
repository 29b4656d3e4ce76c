/**
 * The loop of the board: one step of the terminal, then the interpreter sleeps until the deadline that the step asked for, a
 * character or an edge. Time is the interpreter's clock since the start, in whole microseconds.
 */
declare function getTime(): number;
declare function setTimeout(run: () => void, ms: number): number;
declare function clearTimeout(timer: number): void;

/** The longest sleep; the interpreter's own timers hold no larger step. */
const LONGEST_MS = 60000;

/** What runs in it. */
interface Stepped {
  step(nowUs: number): number;
  wake(): void;
}

export class EspruinoLoop {
  private readonly startS = getTime();
  private readonly turn: () => void;
  private timer = 0;
  private terminal: Stepped | undefined = undefined;

  constructor() {
    this.turn = () => this.run();
  }

  nowUs(): number {
    return Math.floor((getTime() - this.startS) * 1000000);
  }

  /** From now on `terminal` is stepped. */
  start(terminal: Stepped): void {
    this.terminal = terminal;
    this.timer = setTimeout(this.turn, 0);
  }

  /** Something has come: the next step is due now. */
  wake(): void {
    if (this.terminal === undefined) return;
    this.terminal.wake();
    clearTimeout(this.timer);
    this.timer = setTimeout(this.turn, 0);
  }

  private run(): void {
    if (this.terminal === undefined) return;
    const untilUs = this.terminal.step(this.nowUs());
    const ms = Math.max(0, Math.ceil((untilUs - this.nowUs()) / 1000));
    this.timer = setTimeout(this.turn, Math.min(ms, LONGEST_MS));
  }
}
