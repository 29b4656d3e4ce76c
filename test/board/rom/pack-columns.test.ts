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

interface Sizes {
  readonly bitmaps: number;
  readonly slices: number;
  readonly columns: number;
  readonly poolBytes: number;
}

const HEADER_BYTES = 20;

function sizes(packed: Buffer): Sizes {
  const [plain = 0, bitmaps = 0, slices = 0, columns = 0] = [4, 8, 12, 16].map((at) =>
    packed.readUInt32LE(at),
  );
  const poolAt = HEADER_BYTES + 4 * Math.ceil(plain / 4) + 8 * bitmaps + 4 * slices + 4 * columns;
  return { bitmaps, slices, columns, poolBytes: packed.length - poolAt };
}

test("it takes less than a fifth of the page ROM", () => {
  ok(packColumns(ROM).length < ROM.length / 5, `${packColumns(ROM).length} of ${ROM.length}`);
});

test("the plain part is the page ROM's own", () => {
  const packed = packColumns(ROM);
  is(packed.readUInt32LE(0), ROM.length);
  const plain = packed.readUInt32LE(4);
  equal(packed.subarray(HEADER_BYTES, HEADER_BYTES + plain), ROM.subarray(0, plain));
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
  equal(sizes(packed), { bitmaps: 1, slices: 1, columns: 5, poolBytes: 6 });
  // The lines that differ from the ones above as bits, and these lines: of one column after the other.
  equal([...packed.subarray(-6)], [0b101, ink, less, 0b1001, less, 3]);
});

test("a run of columns that stands elsewhere already lies there once, though it is lower there", () => {
  const glyph = [1, 2, 3, 4];
  const above = item(6, 2, [255, ...glyph, 255, 255, ...glyph, 255]);
  const below = item(6, 3, [...Array<number>(6).fill(255), 9, ...glyph, 255, 255, ...glyph, 255]);
  const packed = packColumns(romOf(above, below));
  const found = sizes(packed);
  // The first is new; of the second one column is, its glyph is that of the first, one line lower.
  equal([found.slices, found.columns], [3, 7]);
  const slicesAt = packed.length - found.poolBytes - 4 * found.columns - 4 * found.slices;
  equal([...packed.subarray(slicesAt, slicesAt + 12)], [6, 0, 0, 0, 1, 0, 6, 0, 5, 1, 1, 0]);
});

test("columns may overlap in the pool", () => {
  // 11 01 02: both lines differ; and 01 02, which stands in it.
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
  equal(sizes(packed), { bitmaps: 0, slices: 0, columns: 0, poolBytes: 0 });
  equal(packed.subarray(HEADER_BYTES), rom);
});

test.run();
