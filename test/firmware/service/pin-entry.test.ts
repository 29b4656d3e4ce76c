import { suite } from "uvu";
import { is } from "uvu/assert";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { checkPinEntry } from "../../portable/pin-entry.cases.ts";

const test = suite("pin-entry");

test("the portable cases hold in Node", () => {
  checkPinEntry({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

test.run();
