import { suite } from "uvu";
import { equal, is, throws } from "uvu/assert";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { checkBytes } from "../../portable/bytes.cases.ts";

const test = suite("bytes");

test("the portable cases hold in Node", () => {
  checkBytes({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

test("xorBytes refuses a range outside of either bytes, and writes nothing", () => {
  const bytes = Uint8Array.of(10, 11, 12, 13);
  const other = Uint8Array.of(1, 2, 3);
  for (const [from, at, length] of [
    [2, 0, 2],
    [0, 3, 2],
    [-1, 0, 1],
    [0, -1, 1],
    [1, 1, -1],
  ] as const)
    throws(() => NODE_NATIVES.xorBytes(other, from, bytes, at, length), /lies outside/);
  equal(bytes, Uint8Array.of(10, 11, 12, 13));
});

test.run();
