/** The packed page ROM; what the board reads of it is in test/board/mps2-an386/rom.test.ts. */
import { suite } from "uvu";
import { equal, is, ok, throws } from "uvu/assert";
import { buildRom } from "../../../board/rom/build-rom.ts";
import { packColumns } from "../../../board/rom/pack-columns.ts";
import { packRom } from "../../../board/rom/pack-rom.ts";
import type { Item } from "../../../board/rom/part.ts";

const test = suite("the packed page ROM");
const ROM = Buffer.from(buildRom());

function item(width: number, height: number, bitmap: readonly number[]): Item {
  const place = { x: 0, y: 0, width: 8 * width, height, flags: 0, backdrop: false, what: "" };
  return { ...place, bitmap: Uint8Array.from(bitmap), smallest: 48, largest: 48 };
}

function romOf(...items: readonly Item[]): Buffer {
  return Buffer.from(packRom([[items]]));
}

function sizes(packed: Buffer): { bitmaps: number; columns: number; poolBytes: number } {
  const [plain = 0, bitmaps = 0, columns = 0] = [4, 8, 12].map((at) => packed.readUInt32LE(at));
  const poolAt = 16 + 4 * Math.ceil(plain / 4) + 8 * bitmaps + 4 * columns;
  return { bitmaps, columns, poolBytes: packed.length - poolAt };
}

test("it takes less than a quarter of the page ROM", () => {
  ok(packColumns(ROM).length < ROM.length / 4, `${packColumns(ROM).length} of ${ROM.length}`);
});

test("the plain part is the page ROM's own", () => {
  const packed = packColumns(ROM);
  is(packed.readUInt32LE(0), ROM.length);
  const plain = packed.readUInt32LE(4);
  equal(packed.subarray(16, 16 + plain), ROM.subarray(0, plain));
});

test("equal columns lie there once, a line that is as the one above not at all, and paper nowhere", () => {
  const [ink, less] = [0x00, 0x0f];
  const columns = [
    [255, ink, ink, less],
    [255, ink, ink, less],
    [255, 255, 255, 255],
    [ink, ink, less, 255],
    [less, less, less, 3],
  ];
  const rows = [0, 1, 2, 3].flatMap((line) => columns.map((column) => column[line]!));
  const packed = packColumns(romOf(item(5, 4, rows)));
  equal(sizes(packed), { bitmaps: 1, columns: 5, poolBytes: 6 });
  // The lines that differ from the ones above as bits, and these lines: of one column after the other.
  equal([...packed.subarray(-6)], [0b101, ink, less, 0b1001, less, 3]);
});

test("columns may overlap in the pool", () => {
  // 01 01, and 03 01 02 ends with nothing that 01 … begins with; 01 02 stands in it.
  const columns = [
    [1, 2],
    [255, 2],
  ];
  const rows = [0, 1].flatMap((line) => columns.map((column) => column[line]!));
  is(sizes(packColumns(romOf(item(2, 2, rows)))).poolBytes, 3);
});

test("a bitmap higher than a column can say lies there as several", () => {
  const lines = Array.from({ length: 240 }, (_, line) => line % 251);
  is(sizes(packColumns(romOf(item(1, 240, lines)))).bitmaps, 2);
});

test("bytes that belong to no bitmap are an error, as they could not be read", () => {
  const rom = romOf(item(1, 2, [1, 2]), item(1, 3, [3, 4, 5]));
  is(sizes(packColumns(rom)).bitmaps, 2);
  throws(() => packColumns(Buffer.concat([rom, Buffer.alloc(1)])), /do not follow each other to its end/);
  // The first item's height.
  rom[12 + 4 + 3] = 1;
  throws(() => packColumns(rom), /do not follow each other/);
});

test("a page ROM without bitmaps is plain", () => {
  const rom = romOf();
  const packed = packColumns(rom);
  equal(sizes(packed), { bitmaps: 0, columns: 0, poolBytes: 0 });
  equal(packed.subarray(16), rom);
});

test.run();
