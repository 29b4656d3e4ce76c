/** How flags, scenario files and file names call the languages of the pages: in the order of the firmware's numbers. */
import type { Language } from "../../firmware/service/view.ts";

export const LANGUAGE_CODES = ["ja", "en", "easy"] as const;

export type LanguageCode = (typeof LANGUAGE_CODES)[number];

export function languageOfCode(code: LanguageCode): Language {
  return LANGUAGE_CODES.indexOf(code);
}

export function codeOfLanguage(language: Language): LanguageCode {
  return LANGUAGE_CODES[language];
}
