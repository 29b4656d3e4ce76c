import { suite } from "uvu";
import { is } from "uvu/assert";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { checkKeypad } from "../../portable/keypad.cases.ts";

const test = suite("keypad");

test("the portable cases hold in Node", () => {
  checkKeypad({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

test.run();
