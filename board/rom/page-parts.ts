/** The few shapes that the wording of every page is put into: 48 px says what matters, 32 px supports it. */
import type { Part, PicturePart, TextPart } from "./part.ts";
import * as draw from "./pictures.ts";

export function big(y: number, text: string): TextPart {
  return { text, size: 48, x: 8, y };
}

export function small(y: number, text: string): TextPart {
  return { text, size: 32, x: 8, y };
}

export function centred(y: number, text: string): TextPart {
  return { text, size: 48, x: "centre", y };
}

export function white(part: TextPart): TextPart {
  return { ...part, white: true };
}

/** What happened, in two lines. */
export function two(first: string, second: string): Part[] {
  return [big(22, first), big(74, second)];
}

/** A line below, for what supports it; two lines with a second. */
export function below(first: string, second?: string): Part[] {
  const rule = { rule: 132 };
  if (second === undefined) return [rule, small(150, first)];
  return [rule, small(146, first), small(192, second)];
}

/** The lower half, white on black. */
export function block(first: string, second: string): Part[] {
  return [{ band: 128, height: 112 }, white(centred(132, first)), white(centred(184, second))];
}

/** What an entry asks for: below the PIN's name, above the masks. */
export function question(first: string, second: string): Part[] {
  return [big(42, first), big(94, second)];
}

/** The PIN's name above a question. */
export function nameOf(text: string): Part[] {
  return [small(4, text)];
}

export function picture(
  drawing: PicturePart["picture"],
  place: { x: number; y: number; width: number; height: number },
): PicturePart {
  return { ...place, picture: drawing };
}

/** Pictures that stand at the same place in several languages. */
export const SLOT = picture(draw.insertCard, { x: 256, y: 24, width: 128, height: 160 });
export const NARROW_SLOT = { ...SLOT, x: 272, width: 120 };
export const TAKE = picture(draw.takeCard, { ...SLOT, y: 40 });
export const NARROW_TAKE = picture(draw.takeCard, { ...SLOT, x: 272, y: 40, width: 120 });
export const EXPIRED = picture(draw.expiredCard, { x: 304, y: 22, width: 96, height: 56 });
export const MONITOR = picture(draw.monitor, { x: 296, y: 28, width: 96, height: 80 });
export const HOURGLASS = picture(draw.hourglass, { x: 184, y: 74, width: 40, height: 48 });
export const TICK = picture(draw.tick, { x: 304, y: 30, width: 88, height: 88 });
export const CLOCK = picture(draw.clock, { x: 304, y: 28, width: 88, height: 88 });
export const WARNING = picture(draw.smallWarning, { x: 344, y: 24, width: 48, height: 48 });
export const LOCK = picture(draw.lock, { x: 320, y: 28, width: 64, height: 80 });
export const REFUSED_CARD = picture(draw.refusedCard, { x: 296, y: 44, width: 96, height: 56 });

/** The band of the last try; words and the number go into it, white. */
export function lastTryBand(warningX: number): Part[] {
  return [
    { band: 12, height: 96 },
    { picture: draw.smallWarning, x: warningX, y: 34, width: 48, height: 48, white: true },
  ];
}

export function lastTryWord(x: number, text: string): TextPart {
  return { text, size: 48, x, y: 36, white: true };
}

/** As high as the band. */
export function lastTryOne(x: number): TextPart {
  return { text: "1", size: 96, x, y: 13, white: true, face: "gothic" };
}
