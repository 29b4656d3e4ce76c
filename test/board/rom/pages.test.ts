import { PAGE_NAMES } from "../../../host-sim/world/page-name.ts";
import { PAGES } from "../../portable/page-tones.cases.ts";
import { suite } from "uvu";
import { equal, is, ok, unreachable } from "uvu/assert";
import { allWordings, buildRom, drawLayers } from "../../../board/rom/build-rom.ts";
import { checkPages, layoutOf } from "../../../board/rom/check-pages.ts";
import { GlyphFiles } from "../../../board/rom/glyphs.ts";
import { LANGUAGES, pageStates } from "../../../board/rom/page-states.ts";
import type { Item } from "../../../board/rom/part.ts";
import { Page, PinName, View } from "../../../firmware/service/view.ts";
import { ItemFlag } from "../../../firmware/ui/page-rom.ts";
import { forEveryPage } from "../../../host-sim/world/every-page.ts";
import { GOLDEN_FOLDER, GoldenPages } from "../../../host-sim/world/golden-pages.ts";
import { writePageDifferences } from "../../../host-sim/world/page-differences.ts";

const test = suite("pages");
const rom = buildRom();
const glyphs = new GlyphFiles();
const layers = drawLayers(allWordings(glyphs), glyphs, []);
const frames = new Map<string, Uint8Array>();
const golden = new GoldenPages(GOLDEN_FOLDER);
forEveryPage(rom, (name, frame, code) => {
  frames.set(name, frame);
  golden.add(name, frame, code);
});

/** A second painter: pixel by pixel, sharing no code with the firmware's. */
function paint(items: readonly Item[]): Uint8Array {
  const frame = new Uint8Array(12000);
  for (const item of items) {
    const rowBytes = item.width / 8;
    for (let i = 0; i < rowBytes * item.height; i++) {
      const paper = (item.flags & ItemFlag.Fill) !== 0 ? 0xff : item.bitmap[i];
      const inverse = (item.flags & ItemFlag.Invert) !== 0;
      const at = 50 * (item.y + Math.floor(i / rowBytes)) + item.x / 8 + (i % rowBytes);
      frame[at] = inverse ? paper : paper ^ 0xff;
    }
  }
  return frame;
}

test("every page is, pixel by pixel, as it was last looked at", () => {
  const differences = golden.compare();
  if (differences.length === 0) return;
  const path = writePageDifferences("build/pages-diff", differences);
  const some = differences.slice(0, 5).map(({ name, what }) => `\n  ${name}: ${what}`);
  unreachable(
    `${differences.length} pages changed, see ${path} (make pages ACCEPT=1 if wanted):${some.join("")}`,
  );
});

test("the glass shows what a second painter draws of the same items", () => {
  for (const state of pageStates()) {
    for (const [code, language] of LANGUAGES) {
      const { items, mark } = layoutOf(layers, state, language);
      const expected = paint(mark === undefined ? items : [...items, mark]);
      ok(
        Buffer.from(expected).equals(frames.get(`${state.name}-${code}`) ?? new Uint8Array()),
        `${state.name}-${code}`,
      );
    }
  }
});

test("nothing leaves a page, overlaps or lies under a mark", () => {
  equal(checkPages(layers), []);
});

test("pages of different meaning differ, in every language", () => {
  const one = [...frames].filter(
    ([name]) =>
      !/-confirm|-at-[^0]|^(pin-(common|juki|signature|surface|user)|change-ask-[^j]|pin-unknown|wrong-(15|255))/.test(
        name,
      ),
  );
  const seen = new Map<string, string>();
  for (const [name, frame] of one) {
    const ink = Buffer.from(frame).toString("latin1");
    is(seen.get(ink), undefined, name);
    seen.set(ink, name);
  }
});

/** Black at the ends of its first and last line, and the same ink on every page, the first of its image's. */
test("every page of a bench or development image bears its own mark, no other page does", () => {
  const tab = (frame: Uint8Array): boolean =>
    frame[43] === 0xff && frame[49] === 0xff && frame[18 * 50 + 43] === 0xff;
  const inTab = (frame: Uint8Array): string => {
    const lines = Array.from({ length: 19 }, (_, line) => frame.subarray(line * 50 + 43, line * 50 + 50));
    return Buffer.concat(lines).toString("hex");
  };
  const marks = new Map<string, string>();
  for (const [name, frame] of frames) {
    const image = /-(bench|development)-([a-z]+)$/.exec(name);
    is(tab(frame), image !== null, name);
    if (image === null) continue;
    const ink = marks.get(image[0]) ?? inTab(frame);
    marks.set(image[0], ink);
    is(inTab(frame), ink, name);
  }
  is(marks.size, 2 * LANGUAGES.length);
  is(new Set(marks.values()).size, 4, "試験用, BENCH, 開発用, DEVELOPMENT");
});

test("every page number and every name of a PIN is among the states", () => {
  const pages = new Set<number>();
  const names = new Set<number>();
  for (const state of pageStates()) {
    const view = new View();
    state.prepare(view);
    pages.add(view.page);
    if (view.page === Page.PinEntry) names.add(view.pinName);
  }
  is(pages.size, PAGES);
  is(PAGE_NAMES.length, PAGES, "and each has a name");
  is(names.size, PinName.Operator + 1);
});

test("the ROM is the same each time it is built", () => {
  ok(Buffer.from(buildRom()).equals(rom));
});

test.run();
