import { suite } from "uvu";
import { is } from "uvu/assert";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { checkEscapes } from "../../portable/escapes.cases.ts";

const test = suite("escapes");

test("the portable cases hold in Node", () => {
  checkEscapes({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

test.run();
