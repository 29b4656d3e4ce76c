/**
 * `make pages`: every page in every language through the real chain into build/pages/*.png, a contact sheet a language, and what
 * differs from the committed pages into build/pages-diff. After a wanted change, look at it, then `make pages ACCEPT=1`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildRom } from "../../board/rom/build-rom.ts";
import { Canvas } from "../../board/rom/canvas.ts";
import { drawText, GlyphFiles } from "../../board/rom/glyphs.ts";
import { LANGUAGES } from "../../board/rom/page-states.ts";
import { forEveryPage } from "../world/every-page.ts";
import { GOLDEN_FOLDER, GoldenPages } from "../world/golden-pages.ts";
import { writePageDifferences } from "../world/page-differences.ts";
import { contactSheet, framePng } from "../world/png.ts";
import type { SheetEntry } from "../world/png.ts";

/** Left out of the sheets: what repeats a page with another number or with the mark. */
const REPEATS = /-(bench|development)$|-(4-8|6-6|10-16|16-16)-|^wrong-[3-9]|-at-4$/;
const SHOWN_ANYWAY =
  /^(insert|pin-4-4-at-4|last|in-use)-(bench|development)$|^pin-(4-8|6-6)-at-2$|^(pin|change-new)-10-16-at-10$/;
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
const golden = new GoldenPages(GOLDEN_FOLDER);
let count = 0;
mkdirSync(folder, { recursive: true });
forEveryPage(buildRom(), (name, frame, code) => {
  writeFileSync(join(folder, `${name}.png`), framePng(frame));
  golden.add(name, frame, code);
  count++;
  const stem = name.slice(0, -code.length - 1);
  if (!REPEATS.test(stem) || SHOWN_ANYWAY.test(stem))
    sheets.get(code)?.push({ frame, caption: captionOf(name) });
});
for (const [code, entries] of sheets) {
  const path = join(folder, `pages-${code}.png`);
  writeFileSync(path, contactSheet(entries));
  console.log(`${path}: ${entries.length} of ${count / sheets.size} pages`);
}

const differences = golden.compare();
if (differences.length === 0) console.log(`all as in ${GOLDEN_FOLDER}`);
else {
  const path = writePageDifferences(`${folder}-diff`, differences);
  console.log(`${path}: ${differences.length} pages are not as in ${GOLDEN_FOLDER}`);
}
if (differences.length > 0 && process.env["ACCEPT"] === "1") {
  golden.accept();
  console.log(`${GOLDEN_FOLDER}: renewed`);
}
