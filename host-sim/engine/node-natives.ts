/** hal/bytes for Node. */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";

function asArray(bytes: ReadonlyBytes): Uint8Array {
  if (!(bytes instanceof Uint8Array)) throw new TypeError("bytes of this engine are Uint8Array");
  return bytes;
}

function range(bytes: ReadonlyBytes, at: number, length: number): void {
  if (at < 0 || length < 0 || at + length > bytes.length) {
    throw new RangeError(`${at}…${at + length} lies outside ${bytes.length} bytes`);
  }
}

export const NODE_NATIVES: ByteNatives = {
  allocate: (lengthBytes) => new Uint8Array(lengthBytes),
  copy(source: ReadonlyBytes, from: number, target: Bytes, at: number, length: number): void {
    range(source, from, length);
    range(target, at, length);
    const copied = asArray(source);
    if (length > 0)
      asArray(target).set(
        from === 0 && length === copied.length ? copied : copied.subarray(from, from + length),
        at,
      );
  },
  fill(target: Bytes, at: number, length: number, value: number): void {
    range(target, at, length);
    asArray(target).fill(value, at, at + length);
  },
  wipe(target: Bytes): void {
    asArray(target).fill(0);
  },
  equalConstantTime(a: ReadonlyBytes, aAt: number, b: ReadonlyBytes, bAt: number, length: number): boolean {
    range(a, aAt, length);
    range(b, bAt, length);
    let difference = 0;
    for (let i = 0; i < length; i++) difference |= a[aAt + i]! ^ b[bAt + i]!;
    return difference === 0;
  },
  xor(target: Bytes, at: number, length: number, value: number): void {
    range(target, at, length);
    for (let i = at; i < at + length; i++) target[i] = target[i]! ^ value;
  },
  xorBytes(source: ReadonlyBytes, from: number, target: Bytes, at: number, length: number): void {
    range(source, from, length);
    range(target, at, length);
    for (let i = 0; i < length; i++) target[at + i] = target[at + i]! ^ source[from + i]!;
  },
};
