/** Number arrays of cases and vectors as the engine's own bytes, for an array is 1-based in Lua. */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import type { Report } from "./report.ts";

export function bytesOf(natives: ByteNatives, values: readonly number[]): Bytes {
  const bytes = natives.allocate(values.length);
  for (let i = 0; i < values.length; i++) bytes[i] = values[i];
  return bytes;
}

/** Length and every byte of `actual[0..length-1]` are those of `expected`; one report for all. */
export function sameBytes(
  report: Report,
  what: string,
  actual: { readonly bytes: ReadonlyBytes; readonly length: number },
  expected: readonly number[],
): void {
  report.equal(actual.length, expected.length, what + ": length");
  let firstDifference = -1;
  for (let i = 0; i < expected.length && i < actual.length; i++) {
    if (firstDifference < 0 && actual.bytes[i] !== expected[i]) firstDifference = i;
  }
  report.equal(firstDifference, -1, what + ": first different byte");
}
