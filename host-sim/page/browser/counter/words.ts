/** The words of the language that was chosen last, and how something is put into them. */
import { EN } from "./texts-en.ts";
import { JA, type TextKey, type Texts } from "./texts.ts";

export type LanguageName = "ja" | "en";

const KEPT = "madoguchi-counter-language";

let current: LanguageName = localStorage.getItem(KEPT) === "en" ? "en" : "ja";

export function language(): LanguageName {
  return current;
}

export function setLanguage(next: LanguageName): void {
  current = next;
  localStorage.setItem(KEPT, next);
}

function texts(): Texts {
  return current === "en" ? EN : JA;
}

export function say(key: TextKey, put = ""): string {
  return texts()[key].replace("%", put);
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
  return current === "en" ? date : `${year}年${month}月${dayOfMonth}日`;
}
