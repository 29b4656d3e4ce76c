/** hal/bytes.ts: what the natives do to a range and leave alone beside it. What they refuse differs: each engine's own tests. */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import type { Report } from "./report.ts";

const LONGEST = 40;
const SIZE = 48;

/** Every value within 256 in a row. */
function pattern(natives: ByteNatives, factor: number): Bytes {
  const bytes = natives.allocate(SIZE);
  for (let i = 0; i < SIZE; i++) bytes[i] = (factor * i + 91) & 255;
  return bytes;
}

/** How many bytes are not what `xorBytes(source, from, target, at, length)` makes of the patterns. */
function wrongBytes(natives: ByteNatives, from: number, at: number, length: number): number {
  const source = pattern(natives, 37);
  const target = pattern(natives, 181);
  natives.xorBytes(source, from, target, at, length);
  let wrong = 0;
  for (let i = 0; i < SIZE; i++) {
    if (source[i] !== ((37 * i + 91) & 255)) wrong++;
    const before = (181 * i + 91) & 255;
    const isInside = i >= at && i < at + length;
    if (target[i] !== (isInside ? before ^ source[from + i - at] : before)) wrong++;
  }
  return wrong;
}

function checkXorBytes(report: Report, natives: ByteNatives): void {
  let wrong = 0;
  for (let length = 0; length <= LONGEST; length++)
    wrong += wrongBytes(natives, length & 7, (3 * length) & 7, length);
  report.equal(wrong, 0, "xorBytes: wrong bytes over every length");
  report.equal(wrongBytes(natives, SIZE, SIZE, 0), 0, "xorBytes: nothing, at the end");
  report.equal(wrongBytes(natives, 0, 0, SIZE), 0, "xorBytes: all");
}

function checkXorWithItself(report: Report, natives: ByteNatives): void {
  const bytes = pattern(natives, 37);
  natives.xorBytes(bytes, 0, bytes, 16, 16);
  let wrong = 0;
  for (let i = 0; i < 16; i++) if (bytes[16 + i] !== (((37 * (16 + i) + 91) & 255) ^ bytes[i])) wrong++;
  report.equal(wrong, 0, "xorBytes: two ranges of the same bytes");
  natives.xorBytes(bytes, 0, bytes, 0, SIZE);
  for (let i = 0; i < SIZE; i++) if (bytes[i] !== 0) wrong++;
  report.equal(wrong, 0, "xorBytes: bytes with themselves are zeros");
}

export function checkBytes(report: Report, natives: ByteNatives): void {
  checkXorBytes(report, natives);
  checkXorWithItself(report, natives);
}
