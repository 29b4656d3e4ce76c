/** Painting lines from a hand-made page ROM of two languages and two layers, and ROMs that must not be drawn from. */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import { ItemList } from "../../firmware/ui/item-list.ts";
import { PageRom } from "../../firmware/ui/page-rom.ts";
import type { Report } from "./report.ts";

/**
 * Layer 0: Japanese a 16 × 2 bitmap at column 1, line 4; English the same inverted over an ink band of 3 lines, edge to edge.
 * Layer 1: both a fill of paper, one column wide, at column 2, line 4; Japanese also an item that would leave the line.
 */
const ROM = [
  [0x4d, 0x47, 0x55, 0x49, 1, 2, 2, 0, 0, 0, 70],
  [0, 0, 27, 0, 0, 36, 0, 0, 53, 0, 0, 53],
  [0x12, 0x34, 0x56, 0x78],
  [1, 1, 4, 2, 2, 0, 0, 0, 23],
  [2, 0, 3, 50, 3, 3, 0, 0, 0, 1, 4, 2, 2, 1, 0, 0, 23],
  [2, 2, 4, 1, 1, 2, 0, 0, 0, 49, 4, 2, 2, 0, 0, 0, 23],
];

class ArrayRom {
  readonly bytes: number[] = [];
  lengthBytes = 0;

  constructor() {
    for (let i = 0; i < ROM.length; i++) {
      for (let j = 0; j < ROM[i].length; j++) this.bytes.push(ROM[i][j]);
    }
    this.lengthBytes = this.bytes.length;
  }

  read(offset: number, into: Bytes, at: number, length: number): void {
    for (let i = 0; i < length; i++) into[at + i] = this.bytes[offset + i];
  }
}

function checkLine(report: Report, line: Bytes, start: number[], rest: number): void {
  for (let i = 0; i < start.length; i++) report.equal(line[1 + i], start[i], "painted byte");
  for (let i = start.length; i < 50; i++) report.equal(line[1 + i], rest, "rest of the line");
  report.equal(line[0], 0x99, "nothing before the line");
  report.equal(line[51], 0x99, "nothing after the line");
}

function paint(items: ItemList, natives: ByteNatives, y: number): Bytes {
  const line = natives.allocate(52);
  natives.fill(line, 0, 52, 0x99);
  items.approach(Math.floor(y / 8) * 8, 8);
  items.paint(y, line, 1);
  return line;
}

function checkPainting(report: Report, natives: ByteNatives): void {
  const items = new ItemList(natives, new PageRom(natives, new ArrayRom()));
  items.begin(0);
  items.add(0);
  checkLine(report, paint(items, natives, 3), [], 0xff);
  checkLine(report, paint(items, natives, 4), [0xff, 0x12, 0x34], 0xff);
  checkLine(report, paint(items, natives, 5), [0xff, 0x56, 0x78], 0xff);
  checkLine(report, paint(items, natives, 6), [], 0xff);
  items.add(1);
  checkLine(report, paint(items, natives, 4), [0xff, 0x12, 0xff], 0xff);
  report.equal(items.addAt(0, 10), 12, "the column after an item");
  report.equal(items.columnOf(0), 1, "the column of an item");
  checkLine(
    report,
    paint(items, natives, 5),
    [0xff, 0x56, 0x78, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x56, 0x78],
    0xff,
  );
}

function checkInverse(report: Report, natives: ByteNatives): void {
  const items = new ItemList(natives, new PageRom(natives, new ArrayRom()));
  items.begin(1);
  items.add(0);
  checkLine(report, paint(items, natives, 3), [], 0x00);
  checkLine(report, paint(items, natives, 4), [0x00, 0xed, 0xcb], 0x00);
  items.begin(1);
  checkLine(report, paint(items, natives, 4), [], 0xff);
}

function layersAfter(natives: ByteNatives, at: number, value: number): number {
  const rom = new ArrayRom();
  rom.bytes[at] = value;
  return new PageRom(natives, rom).layerCount();
}

function checkDamaged(report: Report, natives: ByteNatives): void {
  report.equal(layersAfter(natives, 0, 0x4d), 2, "as it was made");
  for (let i = 0; i < 4; i++) report.equal(layersAfter(natives, i, 0), 0, "another magic number");
  report.equal(layersAfter(natives, 4, 2), 0, "another version");
  report.equal(layersAfter(natives, 10, 77), 0, "another length");
  const rom = new ArrayRom();
  rom.lengthBytes = 10;
  report.equal(new PageRom(natives, rom).layerCount(), 0, "cut in the header");
  const intact = new PageRom(natives, new ArrayRom());
  const two: number = 2;
  report.equal(intact.recordOf(two, 0), 0, "a layer that the ROM has not");
  report.equal(intact.recordOf(0, two), 0, "a language that the ROM has not");
  report.equal(intact.recordOf(0, 1), 36, "the second language's record");
}

export function checkItemList(report: Report, natives: ByteNatives): void {
  checkPainting(report, natives);
  checkInverse(report, natives);
  checkDamaged(report, natives);
}
