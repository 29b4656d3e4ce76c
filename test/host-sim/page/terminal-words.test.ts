/** The terminal's tab has words in both of its languages, and a condition in Japanese for every card of the deck. */
import { suite } from "uvu";
import { equal, match, ok } from "uvu/assert";
import { describeDeck } from "../../../host-sim/card/deck.ts";
import { EN } from "../../../host-sim/page/browser/terminal/texts-en.ts";
import { CARDS_JA, JA } from "../../../host-sim/page/browser/terminal/texts.ts";

const test = suite("words of the terminal's tab");
/** Kana or kanji. */
const JAPANESE = /[\u3040-\u30ff\u4e00-\u9fff]/;
/** Names that no language translates, and the names of the other language. */
const NAMES = /^(ATR.*|TLS|CCID|T=1|APDU|English|日本語)$/;
/** Of the keys, as they are printed on the keypad. */
const KEY_NAMES = /確認|訂正|取消|言語/g;

test("each text is in the language of its file", () => {
  for (const [texts, isJapanese] of [
    [JA, true],
    [EN, false],
  ] as const)
    for (const [key, text] of Object.entries(texts)) {
      if (NAMES.test(text)) continue;
      ok(JAPANESE.test(text.replaceAll(KEY_NAMES, "")) === isJapanese, `${key}: ${text}`);
    }
});

test("what is put into a text has its place in both languages", () => {
  const places = (texts: Readonly<Record<string, string>>): string[] =>
    Object.entries(texts).flatMap(([key, text]) =>
      text.replaceAll(/[\d.]+ %/g, "").includes("%") ? [key] : [],
    );
  equal(places(JA), places(EN));
});

test("every card of the deck, and no other, is described in Japanese with its PIN where the deck tells it", () => {
  const deck = describeDeck();
  equal(
    Object.keys(CARDS_JA),
    deck.map(({ name }) => name),
  );
  for (const { name, about } of deck) {
    match(CARDS_JA[name] ?? "", JAPANESE);
    for (const digits of about.match(/\b\d{4}\b/g) ?? []) match(CARDS_JA[name] ?? "", digits);
  }
});

test.run();
