/** What a card does with commands, below it whatever carries them. */
import type { PinObject } from "./apps/pin-object.ts";

export interface CardApplication {
  /** After RST has gone high. `warm`: the supply stayed on. */
  reset(warm: boolean): void;
  /** Everything volatile is gone. */
  powerDown(): void;
  /**
   * Answers a command APDU with a response APDU, or returns `undefined` and calls `answerLater` once after that (a card
   * whose inside is elsewhere). Retry counters change during this call.
   */
  process(command: Uint8Array, answerLater: (response: Uint8Array) => void): Uint8Array | undefined;
  /** How long the card works on `command`, in nanoseconds; 0 when left out. */
  processingNs?(command: Uint8Array): number;
  /** Every PIN object of the card, for tests. */
  readonly pins: readonly PinObject[];
}
