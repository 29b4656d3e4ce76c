/** SPI controllers, mode 0, most significant bit first; clock rate and select polarity are the board's. */
import type { Bytes, ReadonlyBytes } from "./bytes.ts";

/** One whose chips only listen. */
export interface Spi {
  /**
   * Sends `bytes[0…length-1]` to the chip at `select`, which is selected for just this call.
   * The wire stays busy for 8·length clocks; the caller must not start the next transfer before.
   */
  write(select: number, bytes: ReadonlyBytes, length: number): void;
}

/** One whose chips talk back. */
export interface DuplexSpi {
  /**
   * Sends `bytes[0…length-1]` to the chip at `select`, which is selected for just this call, and puts what came in meanwhile into
   * `into[0…length-1]`, which may be the same bytes. The processor polls it: it is over when the call returns. A transfer is at most
   * 68 bytes, 68 µs at 8 MHz, less than a step takes; so it counts as one instant of the firmware's time, and nothing waits for it.
   */
  exchange(select: number, bytes: ReadonlyBytes, length: number, into: Bytes): void;
}
