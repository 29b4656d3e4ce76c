/** The language that an image's first page has, from the word that whoever starts it passes. */
import { Language } from "../firmware/service/view.ts";

/** Japanese for a word that is none of ours. */
export function languageOfWord(word: string): Language {
  if (word === "en") return Language.English;
  return word === "easy" ? Language.EasyJapanese : Language.Japanese;
}
