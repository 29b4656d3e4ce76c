/** The words of the terminal's tab: of whoever's browser speaks Japanese, or English, before somebody has chosen. */
import { Words } from "../words.ts";
import { EN } from "./texts-en.ts";
import { CARDS_JA, JA, type TextKey } from "./texts.ts";

const first = navigator.language.startsWith("ja") ? "ja" : "en";
export const words = new Words<TextKey>({ ja: JA, en: EN }, "madoguchi-terminal-language", first);

export function say(key: TextKey, put?: string): string {
  return words.say(key, put);
}

/** A card's condition; `about` is what the simulator says of it. */
export function conditionOf(card: string, about: string): string {
  return words.language === "ja" ? (CARDS_JA[card] ?? about) : about;
}
