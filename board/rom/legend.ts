/**
 * The bottom row, y 194–239: a thin line and one strip for each key that acts. A strip is one bitmap: key cap with the symbol
 * of the key, then its word in 28 px. The four places follow the four function keys; a strip too long for its place starts
 * earlier. The key to press now is white on black.
 */
import { Layer } from "../../firmware/ui/layer.ts";
import { Canvas } from "./canvas.ts";
import { drawText, textWidth } from "./glyphs.ts";
import type { GlyphSource } from "./glyphs.ts";
import type { PicturePart } from "./part.ts";
import type { PageParts } from "./texts/texts.ts";

const TOP = 196;
const HEIGHT = 44;
const CAP = { x: 4, y: 6, width: 28, height: 32 };
const WORD = { x: 36, y: 8 };
const GAP = 4;
/** Half-width letters: words of every language fit their places. */
const TYPE = { face: "gothic", size: 28 } as const;

type Symbol = (canvas: Canvas, ink: number) => void;

function cross(canvas: Canvas, ink: number): void {
  canvas.line([12, 16], [24, 28], 4, ink);
  canvas.line([24, 16], [12, 28], 4, ink);
}

function back(canvas: Canvas, ink: number): void {
  canvas.line([22, 14], [13, 22], 4, ink);
  canvas.line([13, 22], [22, 30], 4, ink);
}

function circle(canvas: Canvas, ink: number): void {
  canvas.disc(18, 22, 10, ink);
  canvas.disc(18, 22, 6, 1 - ink);
}

/** Drawn by hand: a font's question mark is too thin here. */
function question(canvas: Canvas, ink: number): void {
  canvas.line([13, 17], [16, 14], 4, ink);
  canvas.line([16, 14], [20, 14], 4, ink);
  canvas.line([20, 14], [23, 17], 4, ink);
  canvas.line([23, 17], [22, 20], 4, ink);
  canvas.line([22, 20], [18, 23], 4, ink);
  canvas.line([18, 23], [18, 25], 4, ink);
  canvas.disc(18, 31, 2.4, ink);
}

/** One key's strip in one language. */
export interface LegendKey {
  readonly layer: Layer;
  readonly symbol: Symbol;
  readonly word: string;
  /** First pixel of its place, and the pixel after it. */
  readonly from: number;
  readonly to: number;
  /** The key to press now. */
  readonly now?: true;
}

function stripWidth(key: LegendKey, glyphs: GlyphSource): number {
  return Math.ceil((WORD.x + textWidth(glyphs, TYPE, key.word) + GAP) / 8) * 8;
}

function drawStrip(canvas: Canvas, key: LegendKey, glyphs: GlyphSource): void {
  const ink = key.now === true ? 0 : 1;
  if (key.now === true) canvas.rectangle(0, 0, canvas.width, canvas.height);
  if (key.now === true) canvas.plate(CAP, 6, 0);
  else canvas.frame(CAP, 6, 3);
  key.symbol(canvas, 1);
  drawText(glyphs, TYPE, key.word, { canvas, ...WORD, ink });
}

/** The strip as a part; throws an Error when the word is too long for its place and something may stand before it. */
function strip(key: LegendKey, glyphs: GlyphSource): PicturePart {
  const place = key.to - key.from;
  const needed = stripWidth(key, glyphs);
  if (needed > place && key.to !== 400) {
    throw new Error(`"${key.word}" needs ${needed} px, its place in the legend has ${place}`);
  }
  const width = key.now === true ? Math.max(needed, place) : needed;
  const x = needed > place || key.now === true ? key.to - width : key.from;
  return { picture: (canvas, source) => drawStrip(canvas, key, source), x, y: TOP, width, height: HEIGHT };
}

const SYMBOLS = new Map<Layer, Symbol>([
  [Layer.KeyCancel, cross],
  [Layer.KeyClear, back],
  [Layer.KeyLanguage, question],
  [Layer.KeyLanguageWide, question],
  [Layer.KeyConfirm, circle],
  [Layer.KeyStop, cross],
  [Layer.KeyContinue, circle],
  [Layer.KeyNo, cross],
  [Layer.KeyYes, circle],
]);
/** Neither answer to the last try is suggested, so 続ける is not among these. */
const PRESSED_NOW: readonly Layer[] = [Layer.KeyConfirm, Layer.KeyYes];

/** A key whose place is `from`…`to - 1`. The language key always says 言語, so that whoever pressed it by mistake finds the way back. */
export function legendKey(layer: Layer, word: string, from: number, to: number): LegendKey {
  const symbol = SYMBOLS.get(layer);
  if (symbol === undefined) throw new Error(`layer ${layer} is no key of the legend`);
  return { layer, symbol, word, from, to, ...(PRESSED_NOW.includes(layer) ? { now: true } : {}) };
}

/** The strips of one language's keys; `glyphs` says how wide their words are. */
export function legendParts(keys: readonly LegendKey[], glyphs: GlyphSource): PageParts[] {
  return keys.map((key) => [key.layer, [strip(key, glyphs)]]);
}
