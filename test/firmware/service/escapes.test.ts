import { suite } from "uvu";
import { is } from "uvu/assert";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { checkEscapes, checkResetEscape } from "../../portable/escapes.cases.ts";

const test = suite("escapes");

test("the portable cases hold in Node", () => {
  const report = { equal: (actual: number, expected: number, what: string) => is(actual, expected, what) };
  checkEscapes(report, NODE_NATIVES);
  checkResetEscape(report, NODE_NATIVES);
});

test.run();
