/** The words of the counter window: of a Japanese town before anybody has chosen. */
import { Words, type LanguageName } from "../words.ts";
import { EN } from "./texts-en.ts";
import { JA, type TextKey } from "./texts.ts";

export const words = new Words<TextKey>({ ja: JA, en: EN }, "madoguchi-counter-language", "ja");

export function language(): LanguageName {
  return words.language;
}

export function say(key: TextKey, put?: string): string {
  return words.say(key, put);
}

export function hasWords(prefix: string, name: string): boolean {
  return Object.hasOwn(JA, `${prefix}.${name}`);
}

/** A key made of what the simulator said: itself when this release has no words for it. */
export function sayOf(prefix: string, name: string, put = ""): string {
  return hasWords(prefix, name) ? say(`${prefix}.${name}` as TextKey, put) : `${name} ${put}`.trim();
}

/** YYYY-MM-DD as it is read. */
export function day(date: string): string {
  const [year, month, dayOfMonth] = date.split("-").map(Number);
  return language() === "en" ? date : `${year}年${month}月${dayOfMonth}日`;
}
