/**
 * Memory in the processor's battery-backed domain. The hardware erases it when the case is opened, with power or without, and
 * remembers that: what must not outlive an opening stands here alone. Where there is power the opening resets the processor as well,
 * so that RAM and the card's contacts are cleared by the next boot at once. Ranges must lie inside.
 */
import type { Bytes, ReadonlyBytes } from "./bytes.ts";

export const enum BackupSize {
  Bytes = 128,
  /** A power cut leaves each aligned word of this size whole, old or new; of several, those written first are new. */
  WordBytes = 4,
}

export interface BackupMemory {
  /** Puts the `length` bytes from `at` on into `into[0…]`. Zeros after an opening. */
  read(at: number, length: number, into: Bytes): void;
  /** Writes `bytes[0…length-1]` from `at` on, lowest address first. */
  write(at: number, length: number, bytes: ReadonlyBytes): void;
  /** Whether the case was opened since the last `forgetOpening`. As long as it says so, nothing that is written stays. */
  wasOpened(): boolean;
  /** Clears the latch: provisioning's business, nobody else's. */
  forgetOpening(): void;
}
