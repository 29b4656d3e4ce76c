/**
 * The page ROM as board/mps2-an386/rom.c reads it: the same offsets hold the same bytes, but a bitmap lies there column by column
 * (a column is a byte wide, as the display takes it), without the paper above and below, and equal columns lie there once. Texts
 * are made of the same glyphs again and again, and lines of strokes are as the ones above them: 441 KB take 76 KB.
 *
 *   words, little endian: length of all that can be read; length of the plain part (table and items); bitmaps; slices; columns
 *   plain part, to a whole word
 *   a bitmap: offset of its first byte (u32), width in columns (u8), number of its first slice (u24)
 *   a slice: columns (u8), how many lines lower they are than where they lie (i8), number of the first (u16)
 *   a column: lines of ink (7 bits), paper above (7 bits), where its ink is in the pool (18 bits), from the least significant bit on
 *   ink: a bit for each line, least significant first, to a whole byte: 1 = other than the line above, the first always; then the
 *   lines whose bit is 1. Inks may overlap.
 */
import { RomField, RomFormat, bitmapOf, flagsOf, heightOf, widthOf } from "../../firmware/ui/page-rom.ts";
import { ItemFlag, itemCountOf, itemsAt } from "../../firmware/ui/page-rom.ts";
import { ColumnSlices, type Column } from "./column-slices.ts";

const PAPER = 0xff;
/** What 7 bits can say; a higher bitmap lies there as several, one above the other. */
const MOST_LINES = 127;
const POOL_BITS = 18;
const FIRST_BITS = 16;

interface Bitmap {
  readonly at: number;
  readonly width: number;
  readonly height: number;
}

/** Of the whole table, every layer in every language. */
function recordsOf(rom: Buffer): number[] {
  const version = rom.readUInt32BE(RomField.Version);
  const count = (version & 0xffff) * ((version >>> 16) & 0xff);
  return Array.from({ length: count }, (_, index) => rom.readUInt32BE(RomField.Table + 4 * index));
}

/** The bitmaps of the page ROM by their offsets. */
function bitmapsOf(rom: Buffer): Bitmap[] {
  const found = new Map<number, Bitmap>();
  for (const record of recordsOf(rom))
    for (let index = 0; index < itemCountOf(record); index++) {
      const item = itemsAt(record) + RomFormat.ItemBytes * index;
      const [place, picture] = [rom.readUInt32BE(item), rom.readUInt32BE(item + 4)];
      const bitmap = { at: bitmapOf(picture), width: widthOf(place), height: heightOf(place) };
      if ((flagsOf(picture) & ItemFlag.Fill) === 0) found.set(bitmap.at, bitmap);
    }
  return [...found.values()].sort((one, other) => one.at - other.at);
}

/** The same bitmaps, none higher than a column can say. */
function cut({ at, width, height }: Bitmap): Bitmap[] {
  return Array.from({ length: Math.ceil(height / MOST_LINES) }, (_, part) => {
    const top = part * MOST_LINES;
    return { at: at + top * width, width, height: Math.min(MOST_LINES, height - top) };
  });
}

function inkOf(lines: readonly number[]): string {
  const bits = Buffer.alloc(Math.ceil(lines.length / 8));
  const others = lines.filter((line, index) => {
    const isOther = line !== lines[index - 1];
    if (isOther) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
    return isOther;
  });
  return String.fromCharCode(...bits, ...others);
}

function columnsOf(rom: Buffer, { at, width, height }: Bitmap): Column[] {
  return Array.from({ length: width }, (_, column) => {
    const lines = Array.from({ length: height }, (_line, line) => rom[at + line * width + column] ?? PAPER);
    const isInk = (byte: number): boolean => byte !== PAPER;
    const top = Math.max(0, lines.findIndex(isInk));
    const ink = lines.slice(top, lines.findLastIndex(isInk) + 1);
    return { top, lines: ink.length, ink: inkOf(ink) };
  });
}

/** How many characters at the end of `text` are those at the begin of `next`. */
function overlap(text: string, next: string): number {
  let length = Math.min(text.length, next.length);
  while (!text.endsWith(next.slice(0, length))) length--;
  return length;
}

/** A text in which each of `parts` stands; the longest first, so that others may stand in them. */
function poolOf(parts: readonly string[]): string {
  const sorted = [...new Set(parts)].sort(
    (one, other) => other.length - one.length || (one < other ? -1 : 1),
  );
  return sorted.reduce(
    (pool, part) => (pool.includes(part) ? pool : pool + part.slice(overlap(pool, part))),
    "",
  );
}

function refuseGaps(bitmaps: readonly Bitmap[], end: number): void {
  const next = (index: number): number => bitmaps[index + 1]?.at ?? end;
  const isWhole = bitmaps.every(({ at, width, height }, index) => at + width * height === next(index));
  if (!isWhole) throw new Error("page ROM: its bitmaps do not follow each other to its end");
}

function words(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32LE(value, 4 * index));
  return bytes;
}

/** @throws Error when something else lies between the bitmaps or behind them, or when there is too much of them. */
export function packColumns(rom: Buffer): Buffer {
  const bitmaps = bitmapsOf(rom).flatMap(cut);
  refuseGaps(bitmaps, rom.length);
  const plain = bitmaps[0]?.at ?? rom.length;
  const columns = bitmaps.map((bitmap) => columnsOf(rom, bitmap));
  const slices = new ColumnSlices();
  const parts = columns.map((own) => slices.add(own));
  const pool = poolOf(slices.kept.map(({ ink }) => ink));
  if (pool.length >= 2 ** POOL_BITS) throw new Error(`page ROM: ${pool.length} bytes of ink are too many`);
  if (slices.kept.length >= 2 ** FIRST_BITS)
    throw new Error(`page ROM: ${slices.kept.length} columns are too many`);
  let first = 0;
  const directory = bitmaps.flatMap(({ at, width }, index) => {
    const number = first;
    first += parts[index]?.length ?? 0;
    return [at, number * 2 ** 8 + width];
  });
  return Buffer.concat([
    words([rom.length, plain, bitmaps.length, first, slices.kept.length]),
    rom.subarray(0, plain),
    Buffer.alloc((4 - (plain % 4)) % 4),
    words(directory),
    words(parts.flat().map((part) => part.first * 2 ** 16 + (part.lower & 0xff) * 2 ** 8 + part.count)),
    words(slices.kept.map(({ top, lines, ink }) => pool.indexOf(ink) * 2 ** 14 + top * 2 ** 7 + lines)),
    Buffer.from(pool, "latin1"),
  ]);
}
