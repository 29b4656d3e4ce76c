import { suite } from "uvu";
import { is } from "uvu/assert";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { checkBuzzer } from "../../portable/buzzer.cases.ts";

const test = suite("buzzer");

test("the portable cases hold in Node", () => {
  checkBuzzer({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

test.run();
