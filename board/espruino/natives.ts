/**
 * hal/bytes for Espruino: `Uint8Array` and what its interpreter does natively on it; a loop of its script takes some 40 µs a
 * turn on a microcontroller. Measured on 2v29: `set` stops silently at the end of its target and reading past an end gives
 * `undefined`, so ranges are checked here, where a fault can still be told.
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";

declare const E: {
  /** The sum of `one[i] * other[i]`; both of the same length, which is not 0. */
  convolve(one: Uint8Array, other: Uint8Array, offset: number): number;
  /** `to[i] = map[from[i]]`. */
  mapInPlace(from: Uint8Array, to: Uint8Array, map: Uint8Array): void;
};

const BYTE_VALUES = 256;

/** @throws Error when `bytes[at…at+length-1]` is not all there. */
function checkRange(bytes: ReadonlyBytes, at: number, length: number): void {
  if (at < 0 || length < 0 || at + length > bytes.length) {
    throw new Error("range outside the bytes: " + at + " + " + length);
  }
}

export class EspruinoNatives implements ByteNatives {
  /** What `xor` makes of each value; of the last `xorWith`, which hardly ever changes. */
  private readonly xorTable = new Uint8Array(BYTE_VALUES);
  private xorWith = -1;

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

  /** The sum of squared differences, `Σaa - 2Σab + Σbb`, is exact in a double and takes every byte into account. */
  equalConstantTime(a: ReadonlyBytes, aAt: number, b: ReadonlyBytes, bAt: number, length: number): boolean {
    checkRange(a, aAt, length);
    checkRange(b, bAt, length);
    if (length === 0) return true;
    const one = (a as Uint8Array).subarray(aAt, aAt + length);
    const other = (b as Uint8Array).subarray(bAt, bAt + length);
    return E.convolve(one, one, 0) + E.convolve(other, other, 0) === 2 * E.convolve(one, other, 0);
  }

  xor(target: Bytes, at: number, length: number, value: number): void {
    checkRange(target, at, length);
    if (value !== this.xorWith) this.makeTable(value);
    const part = (target as Uint8Array).subarray(at, at + length);
    E.mapInPlace(part, part, this.xorTable);
  }

  xorBytes(source: ReadonlyBytes, from: number, target: Bytes, at: number, length: number): void {
    checkRange(source, from, length);
    checkRange(target, at, length);
    for (let i = 0; i < length; i++) target[at + i] = target[at + i] ^ source[from + i];
  }

  private makeTable(value: number): void {
    this.xorWith = value;
    for (let i = 0; i < BYTE_VALUES; i++) this.xorTable[i] = i ^ value;
  }
}
