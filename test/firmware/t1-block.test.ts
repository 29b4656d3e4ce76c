import { suite } from "uvu";
import { is } from "uvu/assert";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { checkT1Block } from "../portable/t1-block.cases.ts";

const test = suite("t1-block");

test("the portable cases hold in Node", () => {
  checkT1Block({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

test.run();
