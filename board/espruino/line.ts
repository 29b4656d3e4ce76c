/** The counter line on Espruino: whole chunks as they come, kept until the firmware takes them. */
import type { Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import type { BoardUart } from "../../hal/uart.ts";
import type { EspruinoBytes, EspruinoSerial } from "./api.ts";

/** More than two of the longest frames of a host that does not wait. */
const RING_BYTES = 2048;

export class EspruinoLine implements BoardUart {
  private readonly waiting = new Uint8Array(RING_BYTES);
  private used = 0;

  /** `wake` is called when something has come. */
  constructor(
    private readonly serial: EspruinoSerial,
    wake: () => void,
  ) {
    const received = (text: string): void => {
      this.take(text);
      wake();
    };
    serial.on("data", received);
  }

  configure(_baud: number): void {
    // USB has its own.
  }

  write(bytes: ReadonlyBytes, from: number, length: number): void {
    this.serial.write((bytes as Uint8Array).subarray(from, from + length));
  }

  read(into: Bytes, at: number, max: number): number {
    const count = Math.min(max, this.used);
    if (count === 0) return 0;
    (into as Uint8Array).set(this.waiting.subarray(0, count), at);
    this.waiting.set(this.waiting.subarray(count, this.used));
    this.used -= count;
    return count;
  }

  /** What does not fit is dropped, which the frame's check sum will tell. */
  private take(text: string): void {
    if (this.used + text.length > RING_BYTES) return;
    (this.waiting as unknown as EspruinoBytes).set(text, this.used);
    this.used += text.length;
  }
}
