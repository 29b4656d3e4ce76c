/** The few shapes that the wording of every page is put into: 48 px says what matters, 32 px supports it. */
import type { Part, PicturePart, TextPart } from "./part.ts";

/** Japanese, English; one list when both are the same. */
export type Wording = readonly [japanese: Part[], english: Part[]];

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

export function picture(
  drawing: PicturePart["picture"],
  place: { x: number; y: number; width: number; height: number },
): PicturePart {
  return { ...place, picture: drawing };
}

export const ASK_STAFF = block("係員に", "おたずねください");
export const ASK_STAFF_EN = block("Please ask", "our staff");
