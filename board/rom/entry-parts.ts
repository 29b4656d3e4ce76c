/** The shapes of an entry's layers: length notes, the masks of its digits, the badge of the tries left, the marks of images. */
import { Layer } from "../../firmware/ui/layer.ts";
import type { Canvas } from "./canvas.ts";
import { drawText, textWidth } from "./glyphs.ts";
import type { GlyphSource } from "./glyphs.ts";
import { PAGE_WIDTH, type Part, type PicturePart, type TextPart } from "./part.ts";
import * as draw from "./pictures.ts";
import type { PageParts } from "./texts/texts.ts";

/** Where the masks of the digits lie, both sizes centred on line 168. */
const LARGE_MASK = { x: 8, y: 148, width: 40, height: 40 };
const SMALL_MASK = { x: 8, y: 156, width: 24, height: 24 };

const HUGE_MASK = { x: 8, y: 106, width: 72, height: 72 };
const SIGN = { x: 8, y: 24, width: 24, height: 16 };

/** Layers of a length note from `zero` on, one part a digit, then dash and suffix. Code puts them in a row. */
export function noteParts(
  zero: Layer,
  place: Omit<TextPart, "text">,
  dash: TextPart,
  suffix: TextPart,
): PageParts[] {
  const digits = [..."0123456789"].map((text): TextPart => ({ ...place, face: "gothic", text }));
  return [...digits, dash, suffix].map((part, i) => [zero + i, [part]]);
}

const BADGE = { x: 264, y: 22, width: 128, height: 112 };
/** English needs more room for its words. */
const WIDE_BADGE = { ...BADGE, x: 240, width: 152 };

function badge(place: typeof BADGE, words: (canvas: Canvas, glyphs: GlyphSource) => void): Part {
  const picture = (canvas: Canvas, glyphs: GlyphSource): void => {
    canvas.plate({ x: 0, y: 0, width: place.width, height: place.height }, 10);
    words(canvas, glyphs);
  };
  return { picture, ...place, backdrop: true };
}

/** あと N 回 */
export function badgeJapanese(): Part {
  return badge({ ...BADGE, height: 120 }, (canvas, glyphs) => {
    drawText(glyphs, { face: "gothic", size: 32 }, "あと", { canvas, x: 32, y: 1, ink: 0 });
    drawText(glyphs, { face: "gothic", size: 48 }, "回", { canvas, x: 68, y: 67, ink: 0 });
  });
}

/** N tries left */
export function badgeEnglish(first: string): Part {
  const type = { face: "proportional", size: 32 } as const;
  return badge(WIDE_BADGE, (canvas, glyphs) => {
    drawText(glyphs, type, first, {
      canvas,
      x: 105 - Math.round(textWidth(glyphs, type, first) / 2),
      y: 22,
      ink: 0,
    });
    drawText(glyphs, type, "left", {
      canvas,
      x: 105 - Math.round(textWidth(glyphs, type, "left") / 2),
      y: 58,
      ink: 0,
    });
  });
}

/** The number in the badge, 1 to 9. */
export function triesDigits(x: number, y: number): PageParts[] {
  const digit = { size: 96, white: true, face: "gothic" } as const;
  return [..."123456789"].map((text, i) => [Layer.Tries1 + i, [{ ...digit, text, x, y }]]);
}

const MARK_TYPE = { face: "gothic", size: 16 } as const;
/** Narrower than the font's, for a word that would lie over the texts below. */
const TIGHT_ADVANCE = 7;

/** A tab in the upper right corner with a white outline, over whatever else is there. */
function tabPart(width: number, draw: PicturePart["picture"]): Part {
  const picture = (canvas: Canvas, glyphs: GlyphSource): void => {
    canvas.rectangle(8, 0, width - 8, 19);
    draw(canvas, glyphs);
  };
  return { picture, x: PAGE_WIDTH - width, y: 0, width, height: 22, backdrop: true, whole: true };
}

export function markPart(text: string): Part {
  return tabPart(64, (canvas, glyphs) => {
    const x = 8 + Math.floor((56 - textWidth(glyphs, MARK_TYPE, text)) / 2);
    drawText(glyphs, MARK_TYPE, text, { canvas, x, y: 2, ink: 0 });
  });
}

export function tightMarkPart(text: string): Part {
  const width = 8 + 8 * Math.ceil((TIGHT_ADVANCE * text.length + 2) / 8);
  return tabPart(width, (canvas, glyphs) => {
    const left = 8 + Math.floor((width - 8 - TIGHT_ADVANCE * text.length) / 2);
    [...text].forEach((letter, index) =>
      drawText(glyphs, MARK_TYPE, letter, { canvas, x: left + TIGHT_ADVANCE * index, y: 2, ink: 0 }),
    );
  });
}

/** What says the same in every language. */
export const WORDLESS: readonly PageParts[] = [
  [Layer.LargeDisc, [{ picture: draw.largeDisc, ...LARGE_MASK }]],
  [Layer.LargeRing, [{ picture: draw.largeRing, ...LARGE_MASK }]],
  [Layer.LargePoint, [{ picture: draw.largePoint, ...LARGE_MASK }]],
  [Layer.SmallDisc, [{ picture: draw.smallDisc, ...SMALL_MASK }]],
  [Layer.SmallRing, [{ picture: draw.smallRing, ...SMALL_MASK }]],
  [Layer.SmallPoint, [{ picture: draw.smallPoint, ...SMALL_MASK }]],
  [Layer.HugeDisc, [{ picture: draw.hugeDisc, ...HUGE_MASK }]],
  [Layer.HugeRing, [{ picture: draw.hugeRing, ...HUGE_MASK }]],
  [Layer.HugePoint, [{ picture: draw.hugePoint, ...HUGE_MASK }]],
  ...[..."0123456789"].map((text, i): PageParts => {
    const part: TextPart = { text, size: 96, x: 176, y: 94, face: "gothic" };
    return [Layer.Huge0 + i, [part]];
  }),
  [Layer.SlowSign, [{ picture: draw.slowSign, ...SIGN }]],
  [Layer.LargeSign, [{ picture: draw.largeSign, ...SIGN }]],
  [Layer.LegendRule, [{ band: 194, height: 2 }]],
];
