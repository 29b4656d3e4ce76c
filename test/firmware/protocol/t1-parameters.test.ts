import { suite } from "uvu";
import { is } from "uvu/assert";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { checkT1Parameters } from "../../portable/t1-parameters.cases.ts";

const test = suite("t1-parameters");

test("the portable cases hold in Node", () => {
  checkT1Parameters({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

test.run();
