/** Bytes that a caller owns: a `Uint8Array` in JavaScript, a zeroing userdata in the C runtime, a table in host Lua. */
export interface ReadonlyBytes {
  readonly length: number;
  readonly [index: number]: number;
}

/** Indices start at 0. Storing outside 0…length-1 or a value outside 0…255 is a fault of the program. */
export interface Bytes extends ReadonlyBytes {
  [index: number]: number;
}

/**
 * What every platform does natively on bytes. Ranges must lie inside their bytes.
 * The five parameters of `copy`, `equalConstantTime` and `xorBytes` are the one exception to the rule of four: both sides need an offset.
 */
export interface ByteNatives {
  /** Makes `lengthBytes` zeros. Call it in constructors only. */
  allocate(lengthBytes: number): Bytes;
  /** Copies `length` bytes `source[from…]` to `target[at…]`; overlapping ranges of one object are allowed. */
  copy(source: ReadonlyBytes, from: number, target: Bytes, at: number, length: number): void;
  fill(target: Bytes, at: number, length: number, value: number): void;
  /** Zeroes all of `target` in a way that no compiler removes. */
  wipe(target: Bytes): void;
  /** Compares without a data-dependent branch or exit. */
  equalConstantTime(a: ReadonlyBytes, aAt: number, b: ReadonlyBytes, bAt: number, length: number): boolean;
  /** `target[at+i] ^= value` for `i` in 0…length-1. */
  xor(target: Bytes, at: number, length: number, value: number): void;
  /** `target[at+i] ^= source[from+i]` for `i` in 0…length-1; ranges of one object must not overlap. */
  xorBytes(source: ReadonlyBytes, from: number, target: Bytes, at: number, length: number): void;
}
