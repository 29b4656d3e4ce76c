/** What hal/rom.ts promises, on any table: its reads must agree with one another. The first two words of the page ROM are known. */
import type { ByteNatives } from "../../hal/bytes.ts";
import type { Rom } from "../../hal/rom.ts";
import { RomField, RomFormat } from "../../firmware/ui/page-rom.ts";
import type { Report } from "./report.ts";

/** Somewhere among the bitmaps, not aligned. */
const AT = 12345;

function byteAt(rom: Rom, offset: number): number {
  return rom.readWord(offset) >>> 24;
}

function checkWords(report: Report, rom: Rom): void {
  report.equal(rom.readWord(RomField.Magic), RomFormat.Magic, "most significant byte first");
  report.equal(rom.readWord(1), 0x47554900 + RomFormat.Version, "a word that is not aligned");
  report.equal(rom.readWord(RomField.Length), rom.lengthBytes, "the length");
  const last = rom.lengthBytes - 4;
  const shifted = (rom.readWord(last - 1) << 8) | (rom.readWord(last) & 0xff);
  report.equal(rom.readWord(last), shifted >>> 0, "the last word");
}

function checkRows(report: Report, natives: ByteNatives, rom: Rom): void {
  const into = natives.allocate(40);
  natives.fill(into, 0, 40, 0x99);
  rom.readRows(AT, into, 2, 3, 3, 10);
  for (let i = 0; i < 40; i++) {
    const row = Math.floor((i - 2) / 10);
    const column = i - 2 - 10 * row;
    const isRead = row >= 0 && row < 3 && column >= 0 && column < 3;
    report.equal(into[i], isRead ? byteAt(rom, AT + 3 * row + column) : 0x99, "row by row, a stride apart");
  }
  rom.readRows(AT, into, 0, 40, 1, 0);
  for (let i = 0; i < 40; i++) report.equal(into[i], byteAt(rom, AT + i), "a single run");
  natives.fill(into, 0, 40, 0x99);
  rom.readRows(AT, into, 5, 4, 0, 8);
  report.equal(into[5], 0x99, "no row");
}

function checkEqual(report: Report, rom: Rom): void {
  let same = 1;
  while (byteAt(rom, AT + same) === byteAt(rom, AT)) same++;
  report.equal(rom.equal(AT, AT, 50) ? 1 : 0, 1, "a range and itself");
  report.equal(rom.equal(AT, AT + same, 1) ? 1 : 0, 0, "another byte");
  report.equal(rom.equal(AT, AT + same, 0) ? 1 : 0, 1, "no byte");
  report.equal(rom.equal(0, 1, 50) ? 1 : 0, 0, "ranges that overlap");
}

/** `rom` is the page ROM. */
export function checkRom(report: Report, natives: ByteNatives, rom: Rom): void {
  checkWords(report, rom);
  checkRows(report, natives, rom);
  checkEqual(report, rom);
}
