/** Builds the page ROM from the texts of every language (texts/), what is the same in all (entry-parts.ts) and the committed glyphs. */
import { Layer } from "../../firmware/ui/layer.ts";
import { checkPages } from "./check-pages.ts";
import { WORDLESS } from "./entry-parts.ts";
import { GlyphFiles } from "./glyphs.ts";
import type { GlyphSource } from "./glyphs.ts";
import { legendParts } from "./legend.ts";
import { packRom } from "./pack-rom.ts";
import type { LayerItems } from "./pack-rom.ts";
import { drawPart } from "./part.ts";
import type { Item, Part } from "./part.ts";
import { ALL_TEXTS } from "./texts/all-texts.ts";
import type { Texts } from "./texts/texts.ts";

/** The parts of one layer, a list a language in the order of `Language`. */
export type Wording = readonly Part[][];

/** The layers of one language; throws an Error when its file says one twice or leaves one out. */
export function wordingsOf(texts: Texts, glyphs: GlyphSource): Map<Layer, Part[]> {
  const all = [...texts.pages, ...WORDLESS, ...legendParts(texts.keys, glyphs)];
  const layers = new Map(all);
  if (layers.size < all.length) throw new Error(`page ROM: ${texts.name} says a layer twice`);
  for (let layer: Layer = 0; layer < Layer.Count; layer++)
    if (!layers.has(layer)) throw new Error(`page ROM: layer ${layer} has no wording in ${texts.name}`);
  return layers;
}

/** What every layer shows. */
export function allWordings(glyphs: GlyphSource): Map<Layer, Wording> {
  const languages = ALL_TEXTS.map((texts) => wordingsOf(texts, glyphs));
  return new Map(
    [...languages[0].keys()].map((layer) => [layer, languages.map((one) => one.get(layer) ?? [])]),
  );
}

/** Draws the layers: at most one complaint a part (a missing glyph, a text too long for its place) goes to `complaints`. */
export function drawLayers(
  wordings: Map<Layer, Wording>,
  glyphs: GlyphSource,
  complaints: string[],
): LayerItems {
  const drawOne = (part: Part, layer: number, language: number): Item[] => {
    try {
      return [drawPart(part, ALL_TEXTS[language].face, glyphs)];
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      complaints.push(`layer ${layer}, ${ALL_TEXTS[language].name}: ${reason}`);
      return [];
    }
  };
  return Array.from({ length: Layer.Count }, (_, layer) => {
    const wording = wordings.get(layer);
    if (wording === undefined) throw new Error(`page ROM: layer ${layer} has no wording`);
    return wording.map((parts, language) => parts.flatMap((part) => drawOne(part, layer, language)));
  });
}

function refuse(complaints: readonly string[]): void {
  if (complaints.length > 0) throw new Error(`page ROM refused:\n  ${complaints.join("\n  ")}`);
}

/** The ROM's bytes; throws an Error with every complaint about the pages. */
export function buildRom(): Uint8Array {
  const glyphs = new GlyphFiles();
  const complaints: string[] = [];
  const layers = drawLayers(allWordings(glyphs), glyphs, complaints);
  refuse(complaints);
  refuse(checkPages(layers));
  return packRom(layers);
}
