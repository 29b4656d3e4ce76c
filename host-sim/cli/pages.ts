/**
 * `make pages`: every page in both languages through the real chain into build/pages/*.png, a contact sheet a language, and
 * hashes.txt. After a wanted change, look at the pages, then copy hashes.txt to test/vectors/page-hashes.txt.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildRom } from "../../board/rom/build-rom.ts";
import { Canvas } from "../../board/rom/canvas.ts";
import { drawText, GlyphFiles } from "../../board/rom/glyphs.ts";
import { LANGUAGES } from "../../board/rom/page-states.ts";
import { forEveryPage, frameHash } from "../world/page-hashes.ts";
import { contactSheet, framePng } from "../world/png.ts";
import type { SheetEntry } from "../world/png.ts";

/** Left out of the sheets: what repeats a page with another number or with the mark. */
const REPEATS = /-(bench|development)-..$|-(4-8|6-6|10-16|16-16)-|^wrong-[3-9]|-at-4-..$/;
const SHOWN_ANYWAY =
  /^(insert|pin-4-4-at-4|last|in-use)-(bench|development)-..$|^pin-(4-8|6-6)-at-2-..$|^(pin|change-new)-10-16-at-10-..$/;
const CAPTION = { face: "gothic", size: 16 } as const;

const folder = process.argv[2] ?? "build/pages";
const glyphs = new GlyphFiles();

function captionOf(text: string): SheetEntry["caption"] {
  const canvas = new Canvas(400, 20);
  drawText(glyphs, CAPTION, text, { canvas, x: 0, y: 0 });
  return (set) => {
    canvas.pixels.forEach((pixel, i) => {
      if (pixel === 1) set(i % canvas.width, Math.floor(i / canvas.width));
    });
  };
}

const sheets = new Map<string, SheetEntry[]>(LANGUAGES.map(([code]) => [code, []]));
const hashes: string[] = [];
mkdirSync(folder, { recursive: true });
forEveryPage(buildRom(), (name, frame) => {
  writeFileSync(join(folder, `${name}.png`), framePng(frame));
  hashes.push(`${name} ${frameHash(frame)}\n`);
  const code = name.slice(-2);
  if (!REPEATS.test(name) || SHOWN_ANYWAY.test(name))
    sheets.get(code)?.push({ frame, caption: captionOf(name) });
});
writeFileSync(join(folder, "hashes.txt"), hashes.join(""));
for (const [code, entries] of sheets) {
  const path = join(folder, `pages-${code}.png`);
  writeFileSync(path, contactSheet(entries));
  console.log(`${path}: ${entries.length} of ${hashes.length / sheets.size} pages`);
}
