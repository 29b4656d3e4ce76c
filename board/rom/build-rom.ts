/** Builds the page ROM from the pages (card-pages.ts, pin-pages.ts, entry-pages.ts, legend.ts) and the committed glyphs. */
import { Layer } from "../../firmware/ui/layer.ts";
import { CARD_FAULT_PAGES, CARD_PAGES, OPERATOR_PAGES } from "./card-pages.ts";
import { checkPages } from "./check-pages.ts";
import { ENTRY_MARKS, NAMES, QUESTIONS } from "./entry-pages.ts";
import { GlyphFiles } from "./glyphs.ts";
import type { Face, GlyphSource } from "./glyphs.ts";
import { legendLayers } from "./legend.ts";
import { packRom } from "./pack-rom.ts";
import type { LayerItems } from "./pack-rom.ts";
import type { Wording } from "./page-parts.ts";
import { CHANGE_PAGES, OUTCOME_PAGES } from "./pin-pages.ts";
import { drawPart } from "./part.ts";
import type { Item, Part } from "./part.ts";

const FACES: readonly Face[] = ["gothic", "proportional"];
const LANGUAGE_NAMES = ["Japanese", "English"];

/** What every layer shows. */
export function allWordings(glyphs: GlyphSource): Map<Layer, Wording> {
  return new Map([
    ...CARD_PAGES,
    ...CARD_FAULT_PAGES,
    ...OPERATOR_PAGES,
    ...OUTCOME_PAGES,
    ...CHANGE_PAGES,
    ...NAMES,
    ...QUESTIONS,
    ...ENTRY_MARKS,
    ...legendLayers(glyphs),
  ]);
}

/** Draws the layers: at most one complaint a part (a missing glyph, a text too long for its place) goes to `complaints`. */
export function drawLayers(
  wordings: Map<Layer, Wording>,
  glyphs: GlyphSource,
  complaints: string[],
): LayerItems {
  const drawOne = (part: Part, layer: number, language: number): Item[] => {
    try {
      return [drawPart(part, FACES[language], glyphs)];
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      complaints.push(`layer ${layer}, ${LANGUAGE_NAMES[language]}: ${reason}`);
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
