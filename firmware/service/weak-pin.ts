/** Which new PINs are refused before they go to a card: the first ones that a thief tries (facts: card §7.10). */
import type { ReadonlyBytes } from "../../hal/bytes.ts";

/** 1234 in digits of four bits. */
const ASCENDING = 0x1234;

/**
 * Whether `digits[at…at+3]`, values 0–9, are 0000, 1234, or four digits in a row of `birth`, YYYYMMDD in BCD: its year, year and month
 * in two digits each, month and day; or day and month. A date of zeros, not known, refuses nothing but 0000.
 */
export function isWeakPin(digits: ReadonlyBytes, at: number, birth: ReadonlyBytes): boolean {
  const pin = digits[at] * 0x1000 + digits[at + 1] * 0x100 + digits[at + 2] * 0x10 + digits[at + 3];
  const month = birth[2];
  const day = birth[3];
  // Each of them is asked: how long it takes is the same for every PIN.
  let same = isZero(pin) + isZero(pin ^ ASCENDING);
  same += isZero(pin ^ (birth[0] * 0x100 + birth[1])) + isZero(pin ^ (birth[1] * 0x100 + month));
  same += isZero(pin ^ (month * 0x100 + day)) + isZero(pin ^ (day * 0x100 + month));
  return same > 0;
}

/** 1 for 0 and 0 for 1…FFFF, without a branch. */
function isZero(value: number): number {
  return (value - 1) >>> 31;
}
