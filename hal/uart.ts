/** A full-duplex asynchronous serial line, 8 data bits, no parity, at least 1 stop bit. */
import type { Bytes, ReadonlyBytes } from "./bytes.ts";

export interface Uart {
  /** Queues `bytes[from…from+length-1]`; the bytes are taken over during the call. */
  write(bytes: ReadonlyBytes, from: number, length: number): void;
  /** Takes at most `max` received bytes into `into[at…]`; returns how many. Bytes with a framing error are dropped. */
  read(into: Bytes, at: number, max: number): number;
}

/** One whose speed is the board's to say. */
export interface BoardUart extends Uart {
  /** From now on it sends and receives at `baud`, 9600…921600; before the first call it does neither. */
  configure(baud: number): void;
}
