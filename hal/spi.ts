/** One SPI controller, mode 0, most significant bit first; clock rate and select polarity are the board's. */
import type { ReadonlyBytes } from "./bytes.ts";

export interface Spi {
  /**
   * Sends `bytes[0…length-1]` to the chip at `select`, which is selected for just this call.
   * The wire stays busy for 8·length clocks; the caller must not start the next transfer before.
   */
  write(select: number, bytes: ReadonlyBytes, length: number): void;
}
