/** Prints which characters the pages need, a line a face and size: the input of rasterise.py. */
import { allWordings, drawLayers } from "./build-rom.ts";
import type { Face, Glyph, GlyphSource } from "./glyphs.ts";

/** Latin letters at 16 px caption the contact sheets; they are not in the ROM. */
const CAPTIONS = "abcdefghijklmnopqrstuvwxyz0123456789-";

/** Gives empty glyphs and notes what was asked for. */
class GlyphRecorder implements GlyphSource {
  readonly needed = new Map<string, Set<string>>();

  glyph(face: Face, size: number, character: string): Glyph {
    const key = `${face} ${size}`;
    const characters = this.needed.get(key) ?? new Set();
    characters.add(character);
    this.needed.set(key, characters);
    return { advance: 0, width: 0, left: 0, top: 0, rows: [] };
  }
}

const recorder = new GlyphRecorder();
drawLayers(allWordings(recorder), recorder, []);
for (const character of CAPTIONS) recorder.glyph("gothic", 16, character);
for (const [key, characters] of [...recorder.needed].sort())
  console.log(`${key} ${[...characters].sort().join("")}`);
