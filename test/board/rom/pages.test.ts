import { readFileSync } from "node:fs";
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { allWordings, buildRom, drawLayers } from "../../../board/rom/build-rom.ts";
import { checkPages, layoutOf } from "../../../board/rom/check-pages.ts";
import { GlyphFiles } from "../../../board/rom/glyphs.ts";
import { LANGUAGES, pageStates } from "../../../board/rom/page-states.ts";
import type { Item } from "../../../board/rom/part.ts";
import { Page, PinName, View } from "../../../firmware/service/view.ts";
import { ItemFlag } from "../../../firmware/ui/page-rom.ts";
import { forEveryPage, frameHash } from "../../../host-sim/world/page-hashes.ts";

const test = suite("pages");
const rom = buildRom();
const glyphs = new GlyphFiles();
const layers = drawLayers(allWordings(glyphs), glyphs, []);
const frames = new Map<string, Uint8Array>();
forEveryPage(rom, (name, frame) => frames.set(name, frame));

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

test("no page changed unnoticed", () => {
  const known = new Map(
    readFileSync("test/vectors/page-hashes.txt", "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => line.split(" ") as [string, string]),
  );
  const changed = [...frames]
    .filter(([name, frame]) => known.get(name) !== frameHash(frame))
    .map(([name]) => name);
  const gone = [...known.keys()].filter((name) => !frames.has(name));
  equal({ changed, gone }, { changed: [], gone: [] }, "run make pages and look at them in build/pages/");
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

test("nothing leaves a page, overlaps or lies under the bench mark", () => {
  equal(checkPages(layers), []);
});

test("pages of different meaning differ, in both languages", () => {
  const one = [...frames].filter(
    ([name]) =>
      !/-confirm|-at-[^0]|^(pin-(common|juki|signature|surface|user)|change-ask-[^j]|pin-unknown|wrong-(15|255))/.test(
        name,
      ),
  );
  const seen = new Map<string, string>();
  for (const [name, frame] of one) {
    is(seen.get(frameHash(frame)), undefined, name);
    seen.set(frameHash(frame), name);
  }
});

test("every page of a bench image bears the mark, no other page does", () => {
  const tab = (frame: Uint8Array): boolean =>
    frame[43] === 0xff && frame[49] === 0xff && frame[18 * 50 + 43] === 0xff;
  for (const [name, frame] of frames) is(tab(frame), name.includes("-bench-"), name);
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
  is(pages.size, Page.NotGenuine + 1);
  is(names.size, PinName.Operator + 1);
});

test("the ROM is the same each time it is built", () => {
  ok(Buffer.from(buildRom()).equals(rom));
});

test.run();
