/** The answers to reset that pcsc-tools knows (Debian package pcsc-tools). */
import { readFileSync } from "node:fs";

const PATH = "/usr/share/pcsc/smartcard_list.txt";

/** Every line that is an ATR without wildcards, in the list's order, once each, as hexadecimal pairs with blanks. */
export function knownAtrs(): string[] {
  const lines = readFileSync(PATH, "utf8").split("\n");
  const atrs = lines
    .map((line) => line.trimEnd())
    .filter((line) => /^[0-9A-Fa-f]{2}( [0-9A-Fa-f]{2})*$/.test(line));
  return [...new Set(atrs.map((atr) => atr.toUpperCase()))];
}

/** Lines that name an ATR by a pattern. */
export function countWildcards(): number {
  const lines = readFileSync(PATH, "utf8").split("\n");
  return lines.filter((line) => /^3[BF] /.test(line) && /[.[]/.test(line)).length;
}
