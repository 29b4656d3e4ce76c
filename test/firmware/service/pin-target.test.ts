import { suite } from "uvu";
import { is } from "uvu/assert";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { checkPinTarget } from "../../portable/pin-target.cases.ts";

const test = suite("pin-target");

test("the portable cases hold in Node", () => {
  checkPinTarget({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

test.run();
