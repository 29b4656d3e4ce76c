import { suite } from "uvu";
import { is } from "uvu/assert";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { checkPinObjects } from "../../portable/pin-objects.cases.ts";

const test = suite("pin-objects");

test("the portable cases hold in Node", () => {
  checkPinObjects({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

test.run();
