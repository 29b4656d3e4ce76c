/** Painting lines from a hand-made page ROM of two languages and two layers, and ROMs that must not be drawn from. */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import type { Language } from "../../firmware/service/view.ts";
import { ItemList } from "../../firmware/ui/item-list.ts";
import { PageRom } from "../../firmware/ui/page-rom.ts";
import { StaleLines } from "../../firmware/ui/stale-lines.ts";
import type { Report } from "./report.ts";

/**
 * Layer 0: Japanese a 16 × 2 bitmap at column 1, line 4; English the same inverted over an ink band of 3 lines, edge to edge.
 * Layer 1: both a fill of paper, one column wide, at column 2, line 4; Japanese also an item that would leave the line.
 */
const ROM = [
  [0x4d, 0x47, 0x55, 0x49, 2, 2, 0, 2, 0, 0, 0, 72],
  [1, 0, 0, 32, 2, 0, 0, 40, 2, 0, 0, 56, 2, 0, 0, 56],
  [0x12, 0x34, 0x56, 0x78],
  [1, 4, 2, 2, 0, 0, 0, 28],
  [0, 3, 50, 3, 3, 0, 0, 0, 1, 4, 2, 2, 1, 0, 0, 28],
  [2, 4, 1, 1, 2, 0, 0, 0, 49, 4, 2, 2, 0, 0, 0, 28],
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

  readWord(offset: number): number {
    const bytes = this.bytes;
    return (
      ((bytes[offset] << 24) | (bytes[offset + 1] << 16) | (bytes[offset + 2] << 8) | bytes[offset + 3]) >>> 0
    );
  }

  equal(offset: number, other: number, length: number): boolean {
    for (let i = 0; i < length; i++) if (this.bytes[offset + i] !== this.bytes[other + i]) return false;
    return true;
  }

  readRows(offset: number, into: Bytes, at: number, length: number, rows: number, stride: number): void {
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < length; i++) into[at + row * stride + i] = this.bytes[offset + row * length + i];
    }
  }
}

function checkLine(report: Report, line: Bytes, start: number[], rest: number): void {
  for (let i = 0; i < start.length; i++) report.equal(line[i], start[i], "painted byte");
  for (let i = start.length; i < 50; i++) report.equal(line[i], rest, "rest of the line");
}

function paint(items: ItemList, natives: ByteNatives, y: number): Bytes {
  const top = Math.floor(y / 8) * 8;
  const transfer = natives.allocate(418);
  natives.fill(transfer, 0, 418, 0xff);
  items.paint(top, 8, transfer);
  const line = natives.allocate(50);
  natives.copy(transfer, 2 + (y - top) * 52, line, 0, 50);
  return line;
}

function checkPainting(report: Report, natives: ByteNatives): void {
  const items = new ItemList(natives, new ArrayRom(), new StaleLines());
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
  const items = new ItemList(natives, new ArrayRom(), new StaleLines());
  items.begin(1);
  items.add(0);
  checkLine(report, paint(items, natives, 3), [], 0x00);
  checkLine(report, paint(items, natives, 4), [0x00, 0xed, 0xcb], 0x00);
  items.begin(1);
  checkLine(report, paint(items, natives, 4), [], 0xff);
}

/** Takes all that is stale and checks each run's first line and how many it has. */
function checkRuns(report: Report, stale: StaleLines, runs: number[], what: string): void {
  for (let i = 0; i < runs.length; i += 2) {
    report.equal(stale.isEmpty() ? 1 : 0, 0, what);
    stale.take();
    report.equal(stale.top, runs[i], what);
    report.equal(stale.lines, runs[i + 1], what);
  }
  report.equal(stale.isEmpty() ? 1 : 0, 1, what);
}

function checkStale(report: Report, natives: ByteNatives): void {
  const stale = new StaleLines();
  const items = new ItemList(natives, new ArrayRom(), stale);
  const show = (language: Language, layers: number): void => {
    items.begin(language);
    for (let layer = 0; layer < layers; layer++) items.add(layer);
    items.end();
  };
  show(0, 1);
  checkRuns(report, stale, [4, 2], "what the first page crosses");
  show(0, 1);
  checkRuns(report, stale, [], "the same page again");
  show(1, 1);
  checkRuns(report, stale, [3, 3], "another page");
  show(1, 2);
  checkRuns(report, stale, [4, 1], "what has come");
  show(1, 0);
  stale.mark(10, 17);
  stale.mark(14, 18);
  stale.mark(238, 255);
  stale.rewind();
  checkRuns(report, stale, [10, 6, 16, 2, 238, 2, 3, 3], "from what was marked last, round to what is owed");
}

function layersAfter(at: number, value: number): number {
  const rom = new ArrayRom();
  rom.bytes[at] = value;
  return new PageRom(rom).layerCount();
}

function checkDamaged(report: Report): void {
  report.equal(layersAfter(0, 0x4d), 2, "as it was made");
  for (let i = 0; i < 4; i++) report.equal(layersAfter(i, 0), 0, "another magic number");
  report.equal(layersAfter(4, 1), 0, "another version");
  report.equal(layersAfter(11, 77), 0, "another length");
  const rom = new ArrayRom();
  rom.lengthBytes = 11;
  report.equal(new PageRom(rom).layerCount(), 0, "cut in the header");
  const intact = new PageRom(new ArrayRom());
  const two: number = 2;
  report.equal(intact.recordOf(two, 0), 0, "a layer that the ROM has not");
  report.equal(intact.recordOf(0, two), 0, "a language that the ROM has not");
  report.equal(intact.recordOf(0, 1), 2 * 0x1000000 + 40, "the second language's record");
}

export function checkItemList(report: Report, natives: ByteNatives): void {
  checkPainting(report, natives);
  checkInverse(report, natives);
  checkStale(report, natives);
  checkDamaged(report);
}
