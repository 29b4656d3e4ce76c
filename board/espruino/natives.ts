/**
 * hal/bytes for Espruino: `Uint8Array` and what its interpreter does natively on it. Measured on 2v29: `set` stops silently at
 * the end of its target and reading past an end gives `undefined`, so ranges are checked here, where a fault can still be told.
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";

/** @throws Error when `bytes[at…at+length-1]` is not all there. */
function checkRange(bytes: ReadonlyBytes, at: number, length: number): void {
  if (at < 0 || length < 0 || at + length > bytes.length) {
    throw new Error("range outside the bytes: " + at + " + " + length);
  }
}

export class EspruinoNatives implements ByteNatives {
  allocate(lengthBytes: number): Bytes {
    return new Uint8Array(lengthBytes);
  }

  /** `set` reads backwards where both are parts of one array, so overlapping ranges are right. */
  copy(source: ReadonlyBytes, from: number, target: Bytes, at: number, length: number): void {
    checkRange(source, from, length);
    checkRange(target, at, length);
    (target as Uint8Array).set((source as Uint8Array).subarray(from, from + length), at);
  }

  fill(target: Bytes, at: number, length: number, value: number): void {
    checkRange(target, at, length);
    (target as Uint8Array).fill(value, at, at + length);
  }

  wipe(target: Bytes): void {
    (target as Uint8Array).fill(0);
  }

  equalConstantTime(a: ReadonlyBytes, aAt: number, b: ReadonlyBytes, bAt: number, length: number): boolean {
    checkRange(a, aAt, length);
    checkRange(b, bAt, length);
    let difference = 0;
    for (let i = 0; i < length; i++) difference = difference | (a[aAt + i] ^ b[bAt + i]);
    return difference === 0;
  }

  xor(target: Bytes, at: number, length: number, value: number): void {
    checkRange(target, at, length);
    for (let i = at; i < at + length; i++) target[i] = target[i] ^ value;
  }
}
