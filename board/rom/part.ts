/** What pages are described with (page-parts.ts, entry-pages.ts, legend.ts), and its way to the items of the ROM: cropped, byte aligned bitmaps. */
import { ItemFlag } from "../../firmware/ui/page-rom.ts";
import { Canvas } from "./canvas.ts";
import { drawText, textWidth } from "./glyphs.ts";
import type { Face, Glyph, GlyphSource } from "./glyphs.ts";

export interface TextPart {
  readonly text: string;
  /** 32, 48 or 96 pixels. */
  readonly size: number;
  /** Left edge, a multiple of 8 not being needed; or centred between the margins. */
  readonly x: number | "centre";
  readonly y: number;
  /** White on what lies below. */
  readonly white?: true;
  /** Instead of the language's face. */
  readonly face?: Face;
}

/** Black from edge to edge. */
export interface BandPart {
  readonly band: number;
  readonly height: number;
}

/** A thin line between the margins. */
export interface RulePart {
  readonly rule: number;
}

export interface PicturePart {
  readonly picture: (canvas: Canvas, glyphs: GlyphSource) => void;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly white?: true;
  /** Other items may lie wholly on it. */
  readonly backdrop?: true;
  /** Its blank lines count too. */
  readonly whole?: true;
}

export type Part = TextPart | BandPart | RulePart | PicturePart;

/** One item as the ROM keeps it. Pixels; x and width are multiples of 8. */
export interface Item {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** `ItemFlag` bits. */
  readonly flags: number;
  /** Rows of whole bytes, 1 = paper; empty for a fill. */
  readonly bitmap: Uint8Array;
  readonly backdrop: boolean;
  /** For messages. */
  readonly what: string;
  /** Pixels of its smallest and largest characters; infinite and 0 where there are none. */
  readonly smallest: number;
  readonly largest: number;
}

/** Passes glyphs on and keeps the sizes that were asked for, within drawings too. */
class SizeMeter implements GlyphSource {
  smallest = Number.POSITIVE_INFINITY;
  largest = 0;

  constructor(private readonly source: GlyphSource) {}

  glyph(face: Face, size: number, character: string): Glyph {
    this.smallest = Math.min(this.smallest, size);
    this.largest = Math.max(this.largest, size);
    return this.source.glyph(face, size, character);
  }
}

/** An item before its characters are known. */
type Drawn = Omit<Item, "smallest" | "largest">;

export const PAGE_WIDTH = 400;
export const PAGE_HEIGHT = 240;
export const MARGIN = 8;

function fill(y: number, height: number, x: number, width: number): Drawn {
  const what = `band at line ${y}`;
  return {
    x,
    y,
    width,
    height,
    flags: ItemFlag.Fill | ItemFlag.Invert,
    bitmap: new Uint8Array(0),
    backdrop: true,
    what,
  };
}

function hasInk(canvas: Canvas, y: number): boolean {
  const start = y * canvas.width;
  return canvas.pixels.subarray(start, start + canvas.width).includes(1);
}

function packRows(canvas: Canvas, top: number, bottom: number): Uint8Array {
  const bitmap = new Uint8Array((canvas.width / 8) * (bottom - top));
  let from = top * canvas.width;
  for (let i = 0; i < bitmap.length; i++) {
    let ink = 0;
    for (let bit = 0; bit < 8; bit++) ink = (ink << 1) | canvas.pixels[from + bit];
    bitmap[i] = ink ^ 0xff;
    from += 8;
  }
  return bitmap;
}

/** The canvas as an item with its top left at `at`, without the blank lines above and below unless it counts `whole`. */
function cut(
  canvas: Canvas,
  at: Pick<PicturePart, "x" | "y" | "white" | "backdrop" | "whole">,
  what: string,
): Drawn {
  let top = 0;
  let bottom = canvas.height;
  while (at.whole !== true && top < bottom - 1 && !hasInk(canvas, top)) top++;
  while (at.whole !== true && bottom > top + 1 && !hasInk(canvas, bottom - 1)) bottom--;
  const flags = at.white === true ? ItemFlag.Invert : ItemFlag.None;
  const bitmap = packRows(canvas, top, bottom);
  const place = { x: at.x, y: at.y + top, width: canvas.width, height: bottom - top };
  return { ...place, flags, bitmap, backdrop: at.backdrop === true, what };
}

function refuseTooLong(part: TextPart, width: number, x: number): void {
  const over = Math.max(x + width - (PAGE_WIDTH - MARGIN), MARGIN - x);
  if (over <= 0) return;
  const most = Math.floor((PAGE_WIDTH - 2 * MARGIN) / part.size);
  const place = `is ${width} px wide at x ${x}, ${over} px over the margin`;
  throw new Error(
    `"${part.text}" ${place} (at most ${most} full-width characters of ${part.size} px a line)`,
  );
}

function textItem(part: TextPart, face: Face, glyphs: GlyphSource): Drawn {
  const type = { face: part.face ?? face, size: part.size };
  const width = textWidth(glyphs, type, part.text);
  const x = part.x === "centre" ? Math.floor((PAGE_WIDTH - width) / 2) : part.x;
  refuseTooLong(part, width, x);
  const left = Math.floor(x / 8) * 8;
  const canvas = new Canvas(Math.ceil((x + width) / 8) * 8 - left, Math.ceil(1.2 * part.size));
  drawText(glyphs, type, part.text, { canvas, x: x - left, y: 0 });
  const place = { x: left, y: part.y, ...(part.white === true ? { white: part.white } : {}) };
  return cut(canvas, place, `"${part.text}"`);
}

function pictureItem(part: PicturePart, glyphs: GlyphSource): Drawn {
  const canvas = new Canvas(part.width, part.height);
  part.picture(canvas, glyphs);
  const what = `picture ${part.picture.name} at ${part.x},${part.y}`;
  if (part.x % 8 !== 0 || part.width % 8 !== 0)
    throw new Error(`${what}: x and width must be multiples of 8`);
  return cut(canvas, part, what);
}

function drawn(part: Part, face: Face, glyphs: GlyphSource): Drawn {
  if ("band" in part) return fill(part.band, part.height, 0, PAGE_WIDTH);
  if ("rule" in part) return fill(part.rule, 2, MARGIN, PAGE_WIDTH - 2 * MARGIN);
  return "text" in part ? textItem(part, face, glyphs) : pictureItem(part, glyphs);
}

/** Draws a part; throws an Error that says which text does not fit or which glyph is missing. */
export function drawPart(part: Part, face: Face, glyphs: GlyphSource): Item {
  const meter = new SizeMeter(glyphs);
  const item = drawn(part, face, meter);
  return { ...item, smallest: meter.smallest, largest: meter.largest };
}
