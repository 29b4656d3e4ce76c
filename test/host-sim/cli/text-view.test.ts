import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import {
  CachedPicture,
  pictureColumns,
  pictureLines,
  pictureRows,
} from "../../../host-sim/cli/half-blocks.ts";
import { keysOf, pressOf } from "../../../host-sim/cli/text-terminal.ts";
import {
  cut,
  letterOf,
  positionOf,
  textWidth,
  viewLines,
  type ViewModel,
} from "../../../host-sim/cli/text-view.ts";
import { describeDeck } from "../../../host-sim/card/deck.ts";
import { KEY_ORDER } from "../../../host-sim/chip/key-matrix.ts";

const test = suite("text view");
const BYTES = 12_000;
const COLOURS = /\x1b\[[0-9;]*m/g;

/** Ink in the left half, paper in the right one. */
function halfFrame(): Uint8Array {
  return Uint8Array.from({ length: BYTES }, (_, i) => (i % 50 < 25 ? 0xff : 0));
}

function model(change: Partial<ViewModel> = {}): ViewModel {
  const lamps = { slot: true, secureEntry: false, status: false };
  return {
    picture: (columns) => pictureLines(halfFrame(), columns),
    page: "pin",
    card: "mynumber",
    lamps,
    toneHz: 1600,
    sounds: false,
    line: "/tmp/line",
    control: "/tmp/control",
    complaints: 0,
    message: "",
    deck: describeDeck(),
    showsDeck: false,
    ...change,
  };
}

function plain(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(COLOURS, ""));
}

test("the picture is as wide as fits, at most pixel for two", () => {
  equal(pictureColumns(80, 20), 67);
  equal(pictureColumns(80, 24), 80);
  equal(pictureColumns(1000, 1000), 200);
  equal(pictureColumns(1, 1), 40);
  equal(pictureRows(80), 24);
});

test("ink is a block and paper is empty, without colours too", () => {
  const lines = plain(pictureLines(halfFrame(), 80));
  is(lines.length, 24);
  for (const line of lines) is(line, "█".repeat(40) + " ".repeat(40));
});

test("a character is two pixels, one above the other", () => {
  const frame = new Uint8Array(BYTES);
  frame.fill(0xff, 0, 50 * 5);
  const lines = plain(pictureLines(frame, 80));
  is(lines[0], "▀".repeat(80));
  frame.fill(0).fill(0xff, 50 * 5, 50 * 10);
  is(plain(pictureLines(frame, 80))[0], "▄".repeat(80));
});

test("a picture is drawn again when its frame or its width has changed", () => {
  const picture = new CachedPicture();
  const first = picture.lines(halfFrame(), 80);
  is(picture.lines(halfFrame(), 80), first);
  is(picture.lines(halfFrame(), 40).length, pictureRows(40));
  is(plain(picture.lines(new Uint8Array(BYTES), 40))[0], " ".repeat(40));
});

for (const [columns, rows] of [
  [80, 24],
  [120, 40],
  [200, 60],
  [250, 80],
  [40, 10],
] as const) {
  test(`everything fits into ${columns}x${rows}, with the whole deck too`, () => {
    for (const showsDeck of [false, true]) {
      const lines = viewLines(model({ showsDeck, message: "あ".repeat(300) }), { columns, rows });
      ok(lines.length <= rows, `${lines.length} lines`);
      if (columns >= 80) for (const line of plain(lines)) ok(textWidth(line) <= columns, line);
    }
  });
}

test("page, card, lamps and keys are told in words", () => {
  for (const columns of [80, 150]) {
    const text = plain(viewLines(model(), { columns, rows: 45 })).join("\n");
    for (const word of [
      "pin",
      "mynumber",
      "● slot",
      "○ secure entry",
      "1600 Hz",
      "Enter",
      "Backspace",
      "a ",
    ]) {
      ok(text.includes(word), `${word} at ${columns}`);
    }
  }
});

test("every card has a letter of its own that means nothing else", () => {
  const deck = describeDeck();
  const letters = deck.map((_, i) => letterOf(i));
  is(new Set(letters).size, deck.length);
  is(letters[0], "a");
  deck.forEach((_, i) => is(positionOf(letters[i], deck.length), i));
  for (const letter of ["l", "q", "r", "?", "", "ab", "Z"]) is(positionOf(letter, deck.length), undefined);
  for (const letter of letters) is(pressOf(letter), undefined);
});

test("the keyboard reaches every key of the keypad", () => {
  const pressed = keysOf("0123456789\r\x7f\x1b[C\x1b[Dl\x1b").map(pressOf).join("");
  equal([...pressed].toSorted(), [...KEY_ORDER].toSorted());
  equal(keysOf("\x1bOC\x1b[3~a").map(pressOf), [">", undefined, undefined]);
});

test("Japanese text is cut by its width", () => {
  is(textWidth("個人a"), 5);
  is(cut("個人番号", 5), "個人");
});

test.run();
