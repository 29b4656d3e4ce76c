/** A wire as the UART that the frames of firmware/driver are written for. */
import type { Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import type { Uart } from "../../hal/uart.ts";
import { NODE_NATIVES } from "../engine/node-natives.ts";

export class WireUart implements Uart {
  private readonly waiting: Uint8Array[] = [];
  private at = 0;

  constructor(private readonly send: (bytes: Uint8Array) => void) {}

  /** Bytes that `read` gives next. */
  push(bytes: Uint8Array): void {
    if (bytes.length > 0) this.waiting.push(bytes);
  }

  write(bytes: ReadonlyBytes, from: number, length: number): void {
    const copy = new Uint8Array(length);
    NODE_NATIVES.copy(bytes, from, copy, 0, length);
    this.send(copy);
  }

  read(into: Bytes, at: number, max: number): number {
    const first = this.waiting[0];
    if (first === undefined) return 0;
    const count = Math.min(max, first.length - this.at);
    NODE_NATIVES.copy(first, this.at, into, at, count);
    this.at += count;
    if (this.at === first.length) {
      this.waiting.shift();
      this.at = 0;
    }
    return count;
  }
}
