/** Time in device code: integer microseconds since boot, exact in every engine. */

/** The deadline of a part that waits for nothing: 2^53 - 1. */
export const NEVER_US = 0x1fffffffffffff;

/** The earlier of two instants. */
export function earlierUs(aUs: number, bUs: number): number {
  return aUs < bUs ? aUs : bUs;
}
