import { suite } from "uvu";
import { is } from "uvu/assert";
import { checkStaleLines } from "../portable/stale-lines.cases.ts";

const test = suite("stale-lines");

test("the portable cases hold in Node", () => {
  checkStaleLines({ equal: (actual, expected, what) => is(actual, expected, what) });
});

test.run();
