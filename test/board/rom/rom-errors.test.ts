import { suite } from "uvu";
import { equal, throws } from "uvu/assert";
import { allWordings, drawLayers } from "../../../board/rom/build-rom.ts";
import { checkPages, pageComplaints } from "../../../board/rom/check-pages.ts";
import { drawText, GlyphFiles } from "../../../board/rom/glyphs.ts";
import type { Part } from "../../../board/rom/part.ts";
import { drawPart } from "../../../board/rom/part.ts";
import { Layer } from "../../../firmware/ui/layer.ts";

const test = suite("page ROM refusals");
const glyphs = new GlyphFiles();

/** Complaints of a build in which one layer's Japanese parts are `parts`. */
function buildWith(layer: Layer, parts: Part[]): string[] {
  const wordings = allWordings(glyphs);
  const others = wordings.get(layer)?.slice(1) ?? [];
  wordings.set(layer, [parts, ...others]);
  const complaints: string[] = [];
  const layers = drawLayers(wordings, glyphs, complaints);
  // As the build does: what could not be drawn is told first.
  return complaints.length > 0 ? complaints : checkPages(layers);
}

test("a character without glyph names the file, the character and the way out", () => {
  equal(buildWith(Layer.Cancelled, [{ text: "鰻", size: 48, x: 8, y: 46 }]), [
    'layer 11, Japanese: madoguchi-gothic-48.bdf has no glyph for "鰻": run board/rom/rasterise.py (its head says how)',
  ]);
});

test("a size without file is a missing glyph too", () => {
  throws(() => glyphs.glyph("gothic", 47, "あ"), /madoguchi-gothic-47\.bdf has no glyph for "あ"/);
});

test("nine full-width characters at 48 px are one too many", () => {
  equal(buildWith(Layer.Cancelled, [{ text: "カードカードカード", size: 48, x: 8, y: 46 }]), [
    'layer 11, Japanese: "カードカードカード" is 432 px wide at x 8, 48 px over the margin ' +
      "(at most 8 full-width characters of 48 px a line)",
  ]);
  equal(buildWith(Layer.Cancelled, [{ text: "カードカードカー", size: 48, x: 8, y: 46 }]), []);
});

test("a text below the page is told with its page", () => {
  const complaints = buildWith(Layer.Cancelled, [{ text: "カード", size: 48, x: 8, y: 200 }]);
  equal(complaints, [
    'page cancelled (ja): "カード" leaves the page',
    'page cancelled-bench (ja): "カード" leaves the page',
    'page cancelled-development (ja): "カード" leaves the page',
  ]);
});

test("two texts on one place are told with their page", () => {
  const first: Part = { text: "カード", size: 48, x: 8, y: 46 };
  const second: Part = { text: "ください", size: 48, x: 150, y: 80 };
  equal(buildWith(Layer.Cancelled, [first, second]), [
    'page cancelled (ja): "カード" and "ください" overlap',
    'page cancelled-bench (ja): "カード" and "ください" overlap',
    'page cancelled-development (ja): "カード" and "ください" overlap',
  ]);
});

test("a text under a mark is told of the pages that bear one", () => {
  equal(buildWith(Layer.Cancelled, [{ text: "カード", size: 48, x: 240, y: 0 }]), [
    'page cancelled-bench (ja): "カード" lies under the mark',
    'page cancelled-development (ja): "カード" lies under the mark',
  ]);
});

/** The same complaint about the page on each image. */
function onEveryImage(page: string, complaint: string): string[] {
  return ["", "-bench", "-development"].map((image) => `page ${page}${image} (ja): ${complaint}`);
}

test("characters under 4.1 mm on the glass are too small, in a picture too", () => {
  const large: Part = { text: "カード", size: 48, x: 8, y: 46 };
  const small: Part = {
    picture: function note(canvas, source) {
      drawText(source, { face: "gothic", size: 16 }, "a", { canvas, x: 0, y: 0 });
    },
    ...{ x: 8, y: 120, width: 16, height: 24 },
  };
  equal(
    buildWith(Layer.Cancelled, [large, small]),
    onEveryImage("cancelled", "picture note at 8,120 has characters of 2.4 mm, under 4.1 mm"),
  );
});

test("a page that says nothing in 7 mm is refused", () => {
  equal(
    buildWith(Layer.Cancelled, [{ text: "カード", size: 32, x: 8, y: 46 }]),
    onEveryImage("cancelled", "nothing is said in 7 mm, the most is 4.7 mm"),
  );
});

test("a text may lie wholly on a band, never across its edge", () => {
  const band: Part = { band: 100, height: 100 };
  equal(buildWith(Layer.Cancelled, [band, { text: "カード", size: 48, x: 8, y: 120, white: true }]), []);
  equal(buildWith(Layer.Cancelled, [band, { text: "カード", size: 48, x: 8, y: 70, white: true }]).length, 3);
});

test("a picture off the byte grid is refused", () => {
  const picture = { picture: () => {}, x: 12, y: 0, width: 8, height: 8 };
  throws(() => drawPart(picture, "gothic", glyphs), /x and width must be multiples of 8/);
});

test("items that only touch do not overlap", () => {
  const at = (x: number): Part => ({
    picture: (canvas) => canvas.rectangle(0, 0, 8, 8),
    x,
    y: 0,
    width: 8,
    height: 8,
  });
  const items = [at(0), at(8)].map((part) => drawPart(part, "gothic", glyphs));
  equal(pageComplaints(items, undefined), []);
});

test.run();
