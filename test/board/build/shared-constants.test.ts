import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import type { LuaConstant } from "../../../board/build/luac-file.ts";
import { SharedConstants, type PlacedConstants } from "../../../board/build/shared-constants.ts";

const test = suite("shared constants");
const STRING = 0x04;

function names(...texts: readonly string[]): LuaConstant[] {
  return texts.map((text) => ({ tag: STRING, bytes: Buffer.from(text) }));
}

function numbered(count: number, prefix: string): LuaConstant[] {
  return names(...Array.from({ length: count }, (_, number) => `${prefix}${number}`));
}

/** What a function finds. */
function found({ all }: SharedConstants, { at, positions }: PlacedConstants): string[] {
  return positions.map((position) => all[at + position]!.bytes.toString());
}

test("functions that follow each other share what both name", () => {
  const shared = new SharedConstants();
  equal(found(shared, shared.place(names("one", "two"))), ["one", "two"]);
  equal(found(shared, shared.place(names("two", "three", "one"))), ["two", "three", "one"]);
  is(shared.all.length, 3);
});

test("equal bytes of another kind are another constant", () => {
  const shared = new SharedConstants();
  const bytes = Buffer.alloc(8);
  const { positions } = shared.place([
    { tag: 0x03, bytes },
    { tag: 0x13, bytes },
  ]);
  equal(positions, [0, 1]);
});

test("every constant is within 256 of where its function's begin, whatever came before", () => {
  const shared = new SharedConstants();
  for (let turn = 0; turn < 60; turn++) {
    const all = [...numbered(90, `of ${turn % 7} `), ...numbered((turn * 37) % 160, "of all ")];
    const placed = shared.place(all);
    equal(
      found(shared, placed),
      all.map(({ bytes }) => bytes.toString()),
    );
    ok(placed.positions.every((position) => position >= 0 && position < 256));
    is(placed.count, Math.max(...placed.positions) + 1);
  }
});

test("one that lies too far behind is there again", () => {
  const shared = new SharedConstants();
  shared.place(numbered(1, "first "));
  shared.place(numbered(255, "other "));
  equal(shared.place(numbered(1, "first ")), { at: 0, count: 1, positions: [0] });
  shared.place(numbered(1, "last "));
  is(shared.all.length, 257);
  equal(found(shared, shared.place(numbered(1, "first "))), ["first 0"]);
  is(shared.all.length, 258);
});

test("a function with more constants than an operand reaches has its own, in its order", () => {
  const shared = new SharedConstants();
  shared.place(numbered(10, ""));
  const { at, count, positions } = shared.place(numbered(257, ""));
  equal([at, count], [10, 257]);
  equal(positions, [...positions.keys()]);
});

test("a function without constants takes nothing", () => {
  const shared = new SharedConstants();
  is(shared.place([]).count, 0);
  is(shared.all.length, 0);
});

test.run();
