/** Pictures of the display as PNG files (pngjs), in the colours of a reflective panel. */
import { PNG } from "pngjs";
import { LCD_HEIGHT, LCD_WIDTH } from "../chip/memory-lcd.ts";

/** Colours as 32-bit words in memory order red, green, blue, alpha (every host of the simulator is little endian). */
const PAPER = 0xffc8cfc7;
const INK = 0xff1e1814;
const DESK = 0xffffffff;

/** Flat colours need no filter: measured 10 times as fast as the library's own choice, for files no larger. */
const FAST = { filterType: 0, deflateLevel: 4, deflateStrategy: 0 } as const;

/** The pixels of a picture, one word each. */
function wordsOf(png: PNG): Uint32Array {
  return new Uint32Array(png.data.buffer, png.data.byteOffset, png.width * png.height);
}

/** Whether the pixel of a `MemoryLcd.frame()` is ink. */
export function isInk(frame: Uint8Array, x: number, y: number): boolean {
  return ((frame[y * (LCD_WIDTH / 8) + (x >> 3)] >> (7 - (x & 7))) & 1) === 1;
}

function paint(png: PNG, frame: Uint8Array, place: { x: number; y: number; scale: number }): void {
  const words = wordsOf(png);
  for (let y = 0; y < LCD_HEIGHT * place.scale; y++) {
    const row = (place.y + y) * png.width + place.x;
    for (let x = 0; x < LCD_WIDTH * place.scale; x++) {
      const ink = isInk(frame, Math.floor(x / place.scale), Math.floor(y / place.scale));
      words[row + x] = ink ? INK : PAPER;
    }
  }
}

/** One frame, every pixel `scale` × `scale`. */
export function framePng(frame: Uint8Array, scale = 1): Buffer {
  const png = new PNG({ width: LCD_WIDTH * scale, height: LCD_HEIGHT * scale });
  paint(png, frame, { x: 0, y: 0, scale });
  return PNG.sync.write(png, FAST);
}

/** Colours of `overlayPng`. */
const SAME_INK = 0xffb0b0b0;
const NEW_INK = 0xff0000cc;
const GONE_INK = 0xffcc6600;

/** Two frames over each other: what both show pale, ink of `got` alone red, ink of `expected` alone blue. */
export function overlayPng(expected: Uint8Array, got: Uint8Array): Buffer {
  const png = new PNG({ width: LCD_WIDTH, height: LCD_HEIGHT });
  const words = wordsOf(png).fill(DESK);
  for (let i = 0; i < words.length; i++) {
    const [x, y] = [i % LCD_WIDTH, Math.floor(i / LCD_WIDTH)];
    const before = isInk(expected, x, y);
    const now = isInk(got, x, y);
    if (before && now) words[i] = SAME_INK;
    else if (now) words[i] = NEW_INK;
    else if (before) words[i] = GONE_INK;
  }
  return PNG.sync.write(png, FAST);
}

export interface SheetEntry {
  readonly frame: Uint8Array;
  /** Draws the name below: `set` takes pixels from the caption's top left corner. */
  readonly caption: (set: (x: number, y: number) => void) => void;
}

const COLUMNS = 4;
const GAP = 16;
const CAPTION = 24;

/** All entries on one sheet, four a row, in true size. */
export function contactSheet(entries: readonly SheetEntry[]): Buffer {
  const cellWidth = LCD_WIDTH + GAP;
  const cellHeight = LCD_HEIGHT + CAPTION + GAP;
  const height = GAP + Math.ceil(entries.length / COLUMNS) * cellHeight;
  const png = new PNG({ width: GAP + COLUMNS * cellWidth, height });
  const words = wordsOf(png).fill(DESK);
  entries.forEach((entry, i) => {
    const x = GAP + (i % COLUMNS) * cellWidth;
    const y = GAP + Math.floor(i / COLUMNS) * cellHeight;
    paint(png, entry.frame, { x, y, scale: 1 });
    entry.caption((dx, dy) => (words[(y + LCD_HEIGHT + 4 + dy) * png.width + x + dx] = INK));
  });
  return PNG.sync.write(png, FAST);
}
