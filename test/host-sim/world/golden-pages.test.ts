import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PNG } from "pngjs";
import { suite } from "uvu";
import { equal, is, match, ok, unreachable } from "uvu/assert";
import { GoldenPages } from "../../../host-sim/world/golden-pages.ts";
import { decodeRows, encodeRows } from "../../../host-sim/world/one-bit-png.ts";
import { writePageDifferences } from "../../../host-sim/world/page-differences.ts";
import { framePng, isInk } from "../../../host-sim/world/png.ts";

const test = suite("golden pages");
const folder = mkdtempSync(join(tmpdir(), "golden-"));
test.after(() => rmSync(folder, { recursive: true }));

const FRAME_BYTES = 12000;
const page = (seed: number): Uint8Array =>
  Uint8Array.from({ length: FRAME_BYTES }, (_, i) => (i * seed) >> 3);

/** Pages of a made-up language: one with a mark, one without. */
function pages(first = page(7)): GoldenPages {
  const golden = new GoldenPages(folder);
  golden.add("insert-test", first, "test");
  golden.add("take-test", page(9), "test");
  golden.add("insert-bench-test", page(8), "test");
  return golden;
}

/** Names and reasons alone. */
function told(golden: GoldenPages): [string, string][] {
  return golden.compare().map(({ name, what }) => [name, what]);
}

test.before.each(() => {
  rmSync(folder, { recursive: true });
  pages().accept();
});

test("what was accepted compares equal, and is not written again", () => {
  equal(told(pages()), []);
  const path = join(folder, "test/insert.png");
  const before = statSync(path).mtimeMs;
  pages().accept();
  is(statSync(path).mtimeMs, before);
});

test("another reader of PNG files sees the same pixels, at a bit each", () => {
  const page7 = page(7);
  const file = encodeRows(page7);
  is(file[24], 1, "bit depth");
  ok(Buffer.from(page7).equals(decodeRows(file)));
  const { width, height, data } = PNG.sync.read(file);
  equal([width, height], [400, 240]);
  for (let i = 0; i < width * height; i++)
    if ((data[4 * i] === 0) !== isInk(page7, i % 400, Math.floor(i / 400))) unreachable(`pixel ${i}`);
});

test("one pixel more is told with its page alone, wherever it is", () => {
  for (const at of [0, 49, 6000, FRAME_BYTES - 1]) {
    const changed = page(7);
    changed[at] ^= 1;
    equal(told(pages(changed)), [["insert-test", "1 pixels"]]);
  }
});

test("a page without picture, and a picture without page, are told", () => {
  rmSync(join(folder, "test/take.png"));
  mkdirSync(join(folder, "old"));
  writeFileSync(join(folder, "old/gone.png"), encodeRows(page(3)));
  equal(told(pages()), [
    ["take-test", `${join(folder, "test/take.png")} does not exist`],
    ["old/gone.png", "the page is no more"],
  ]);
  pages().accept();
  equal(told(pages()), []);
});

test("a picture that is damaged, grey or of another size is told, never taken for equal", () => {
  const path = join(folder, "test/take.png");
  const good = readFileSync(path);
  const bad: [Buffer, RegExp][] = [
    [Buffer.from("no picture"), /take\.png: /],
    [good.subarray(0, good.length / 2), /take\.png: /],
    [framePng(page(9)), /take\.png: /],
    [encodeRows(page(9).subarray(50)), /239 px high, not 240/],
  ];
  for (const [bytes, reason] of bad) {
    writeFileSync(path, bytes);
    const [[name, what]] = told(pages());
    is(name, "take-test");
    match(what, reason);
  }
});

test("the page of differences shows expected, got and both over each other", () => {
  const changed = page(7);
  changed[0] ^= 0x80;
  const out = join(folder, "diff");
  const path = writePageDifferences(out, pages(changed).compare());
  const html = readFileSync(path, "utf8");
  match(html, /insert-test: 1 pixels/);
  const shown = [...html.matchAll(/src="([^"]+)"/g)].map(([, name]) => name);
  equal(shown, ["0-expected.png", "0-got.png", "0-difference.png"]);
  ok(Buffer.from(page(7)).equals(decodeRows(readFileSync(join(out, shown[0])))));
  ok(Buffer.from(changed).equals(decodeRows(readFileSync(join(out, shown[1])))));
});

test.run();
