/** Unsigned integers of 32 bits, low byte first: in the records of the memory and in the counter's commands. */
import type { Bytes, ReadonlyBytes } from "../../hal/bytes.ts";

export function readU32(bytes: ReadonlyBytes, at: number): number {
  return bytes[at] + bytes[at + 1] * 0x100 + bytes[at + 2] * 0x10000 + bytes[at + 3] * 0x1000000;
}

/** Puts `value`, 0…2^32-1, into `into[at…at+3]`. */
export function putU32(value: number, into: Bytes, at: number): void {
  into[at] = value & 255;
  into[at + 1] = (value >>> 8) & 255;
  into[at + 2] = (value >>> 16) & 255;
  into[at + 3] = value >>> 24;
}
