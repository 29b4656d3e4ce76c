import { suite } from "uvu";
import { equal, is, ok, throws } from "uvu/assert";
import { drawLayers, wordingsOf } from "../../../board/rom/build-rom.ts";
import { GlyphFiles, type Face, type Glyph, type GlyphSource } from "../../../board/rom/glyphs.ts";
import { ALL_TEXTS } from "../../../board/rom/texts/all-texts.ts";
import { EASY_JAPANESE } from "../../../board/rom/texts/easy-japanese.ts";
import { JAPANESE } from "../../../board/rom/texts/japanese.ts";
import type { Texts } from "../../../board/rom/texts/texts.ts";
import { Language } from "../../../firmware/service/view.ts";
import { Layer } from "../../../firmware/ui/layer.ts";
import { LANGUAGE_CODES } from "../../../host-sim/world/language-code.ts";
import { KYOIKU_KANJI } from "../../vectors/kyoiku-kanji.ts";

const test = suite("texts");

/** Notes every character that is drawn, within pictures too. */
class CharacterLog implements GlyphSource {
  readonly seen = new Set<string>();
  private readonly files = new GlyphFiles();

  glyph(face: Face, size: number, character: string): Glyph {
    this.seen.add(character);
    return this.files.glyph(face, size, character);
  }
}

function charactersOf(texts: Texts): Set<string> {
  const log = new CharacterLog();
  const layers = [...wordingsOf(texts, log)].map(([layer, parts]) => [layer, [parts]] as const);
  const complaints: string[] = [];
  drawLayers(new Map(layers), log, complaints);
  equal(complaints, []);
  return log.seen;
}

/** Kanji that no elementary school teaches. */
function hardKanji(characters: Iterable<string>): string[] {
  const taught = new Set(KYOIKU_KANJI.join(""));
  return [...characters].filter((one) => /\p{Script=Han}/u.test(one) && !taught.has(one)).sort();
}

test("the list of taught kanji has as many of each grade as the ministry's, none twice", () => {
  equal(
    KYOIKU_KANJI.map((grade) => [...grade].length),
    [80, 160, 200, 202, 193, 191],
  );
  is(new Set(KYOIKU_KANJI.join("")).size, 1026);
});

test("easy Japanese has kanji of the elementary school alone, which the other Japanese has not", () => {
  equal(hardKanji(charactersOf(EASY_JAPANESE)), []);
  ok(hardKanji(charactersOf(JAPANESE)).length > 0, "the check would see one");
});

test("the files of the texts stand in the order of the languages' numbers, and of their codes", () => {
  is(ALL_TEXTS[Language.Japanese].name, "Japanese");
  is(ALL_TEXTS[Language.English].name, "English");
  is(ALL_TEXTS[Language.EasyJapanese].name, "Easy Japanese");
  is(LANGUAGE_CODES[Language.EasyJapanese], "easy");
  is(ALL_TEXTS.length, LANGUAGE_CODES.length);
});

test("a language that leaves a layer out, or says one twice, is refused by name", () => {
  const glyphs = new GlyphFiles();
  const without = EASY_JAPANESE.pages.filter(([layer]) => layer !== Layer.Take);
  throws(
    () => wordingsOf({ ...EASY_JAPANESE, pages: without }, glyphs),
    /layer 20 has no wording in Easy Japanese/,
  );
  const twice = [...EASY_JAPANESE.pages, EASY_JAPANESE.pages[0]];
  throws(() => wordingsOf({ ...EASY_JAPANESE, pages: twice }, glyphs), /Easy Japanese says a layer twice/);
});

test.run();
