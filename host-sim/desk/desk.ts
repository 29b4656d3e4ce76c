/** What all windows of a counter share: the register, the terminal, and who is signed in there. */
import type { OpenTerminal } from "../counter/connect.ts";
import type { CounterClock } from "../counter/counter-clock.ts";
import type { Register } from "./register.ts";
import { SignInThrottle } from "./sign-in-throttle.ts";
import type { SaysStep } from "./spoken-step.ts";
import { TerminalWork } from "./terminal-work.ts";

export interface DeskParts {
  readonly register: Register;
  /** The register outlives the process: what is in it may go from the terminal. */
  readonly isKept: boolean;
  /** Of a terminal with a sealed line; undefined for a bench image, which this window cannot speak with. */
  readonly open: OpenTerminal | undefined;
  readonly clock: CounterClock;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly wallMs: () => number;
  /** 16 random bytes, in hexadecimal digits. */
  readonly requestId: () => string;
  /** Hears what is said at the terminal; nobody does unless told. */
  readonly says?: SaysStep;
}

export class Desk {
  readonly throttle: SignInThrottle;
  readonly work: TerminalWork;
  /** The terminal is in emergency stop, as far as this window has brought or met it. */
  isStopped = false;
  /** The window whose operator is signed in at the terminal. */
  occupant: object | undefined;
  private isOver = false;

  constructor(readonly parts: DeskParts) {
    this.throttle = new SignInThrottle(parts.clock);
    const none: OpenTerminal = () => Promise.reject(new Error("no sealed line"));
    this.work = new TerminalWork(parts.open ?? none, parts.clock, parts.says ?? (() => undefined));
  }

  /** The run is over: the register is closed, and whatever still comes in is for nobody. */
  close(): void {
    this.isOver = true;
    this.parts.register.close();
  }

  isClosed(): boolean {
    return this.isOver;
  }

  /** The day of the service where this PC stands, YYYY-MM-DD. */
  today(): string {
    const now = new Date(this.parts.wallMs());
    const two = (value: number): string => String(value).padStart(2, "0");
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  }

  /** Seconds since 1970-01-01 UTC. */
  now(): number {
    return Math.floor(this.parts.wallMs() / 1000);
  }
}
