import { suite } from "uvu";
import { is } from "uvu/assert";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { checkAtr } from "../portable/atr.cases.ts";

const test = suite("atr");

test("the portable cases hold in Node", () => {
  checkAtr({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

test.run();
