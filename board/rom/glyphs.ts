/**
 * Reads the committed glyphs (glyphs/*.bdf, Glyph Bitmap Distribution Format 2.1) and sets text with them.
 * Made once by rasterise.py; a character that is not in a file stops the build.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Canvas } from "./canvas.ts";

/** Fixed width (full and half cells), or proportional. */
export type Face = "gothic" | "proportional";

export interface Glyph {
  /** Pixels to the next glyph. */
  readonly advance: number;
  readonly width: number;
  /** Of the bitmap's top left pixel, from the pen and from the baseline upwards. */
  readonly left: number;
  readonly top: number;
  /** One number array of 0 and 1 a row. */
  readonly rows: readonly (readonly number[])[];
}

export interface GlyphSource {
  /** The glyph of `character`, or throws an Error that names what is missing and what to do. */
  glyph(face: Face, size: number, character: string): Glyph;
}

/** Where the baseline stands in a line box of `size` pixels. */
function baseline(size: number): number {
  return Math.round(0.88 * size);
}

function parseRow(hex: string, width: number): number[] {
  const bytes = Buffer.from(hex, "hex");
  return Array.from({ length: width }, (_, x) => (bytes[x >> 3] >> (7 - (x & 7))) & 1);
}

function parseGlyph(block: string): [character: string, glyph: Glyph] {
  const number = (pattern: RegExp): number[] =>
    (pattern.exec(block) ?? [""])[0].split(" ").slice(1).map(Number);
  const [code] = number(/^ENCODING \d+/m);
  const [advance] = number(/^DWIDTH \d+/m);
  const [width, height, left, bottom] = number(/^BBX .+$/m);
  const hex = block.slice(block.indexOf("BITMAP\n") + 7).split("\n");
  const rows = hex.slice(0, height).map((row) => parseRow(row, width));
  return [String.fromCodePoint(code), { advance, width, left, top: bottom + height, rows }];
}

function parseBdf(text: string): Map<string, Glyph> {
  return new Map(text.split("STARTCHAR ").slice(1).map(parseGlyph));
}

/** The folder of the glyph files, found from this file or from the bundle that it was put into. */
function glyphFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (folder !== dirname(folder)) {
    const candidate = join(folder, "board/rom/glyphs");
    if (existsSync(candidate)) return candidate;
    folder = dirname(folder);
  }
  throw new Error("board/rom/glyphs not found: run from within the project's folder");
}

/** Glyphs from the files, read at first use. */
export class GlyphFiles implements GlyphSource {
  private readonly files = new Map<string, Map<string, Glyph>>();
  private readonly folder = glyphFolder();

  glyph(face: Face, size: number, character: string): Glyph {
    const name = `madoguchi-${face}-${size}.bdf`;
    const found = this.open(name).get(character);
    if (found === undefined) {
      throw new Error(
        `${name} has no glyph for "${character}": run board/rom/rasterise.py (its head says how)`,
      );
    }
    return found;
  }

  private open(name: string): Map<string, Glyph> {
    const known = this.files.get(name);
    if (known !== undefined) return known;
    const path = join(this.folder, name);
    const glyphs = existsSync(path) ? parseBdf(readFileSync(path, "utf8")) : new Map<string, Glyph>();
    this.files.set(name, glyphs);
    return glyphs;
  }
}

export interface Type {
  readonly face: Face;
  readonly size: number;
}

/** The width of `text` in pixels. */
export function textWidth(source: GlyphSource, type: Type, text: string): number {
  return [...text].reduce((sum, character) => sum + source.glyph(type.face, type.size, character).advance, 0);
}

/** Draws `text` with the top left of its line box at `at`. */
export function drawText(
  source: GlyphSource,
  type: Type,
  text: string,
  target: { canvas: Canvas; x: number; y: number; ink?: number },
): void {
  let pen = target.x;
  for (const character of text) {
    const glyph = source.glyph(type.face, type.size, character);
    const top = target.y + baseline(type.size) - glyph.top;
    for (let dy = 0; dy < glyph.rows.length; dy++) {
      for (let dx = 0; dx < glyph.width; dx++) {
        if (glyph.rows[dy][dx] === 1) target.canvas.set(pen + glyph.left + dx, top + dy, target.ink ?? 1);
      }
    }
    pen += glyph.advance;
  }
}
