/**
 * The on-chip watchdog, fed when every part has reported progress, and why the program started. What the processor notices of
 * its own end (`Watchdog`, `Fault`, `Program`) is kept in memory that survives a reset.
 */

/** Why the program started. The numbers are told to hosts and never change. */
export const enum ResetReason {
  /** The power came on, or somebody pressed reset. */
  PowerOn = 0,
  /** Not every part reported in time. */
  Watchdog = 1,
  /** The processor's fault handler. */
  Fault = 2,
  /** An error in the program, out of memory included. */
  Program = 3,
}

/** Instead of a part's number. */
export const enum ResetPart {
  None = 255,
}

export interface ResetRecord {
  readonly reason: ResetReason;
  /**
   * After `Watchdog` the part that had not reported since the last feeding; of several, the next in the order of turns behind the
   * last report. Else `ResetPart.None` or what is known.
   */
  readonly part: number;
}

export interface Watchdog {
  /**
   * Arms it for parts 0…`parts - 1`, at most 31: from now on the board resets when not all of them have reported within the
   * board's time. It cannot be stopped.
   */
  start(parts: number): void;
  /** Part `part` has come to the end of its work for this instant. The last one that was missing feeds the watchdog. */
  progress(part: number): void;
}
