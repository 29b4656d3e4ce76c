import { suite } from "uvu";
import { is } from "uvu/assert";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { checkSharpLcd } from "../portable/sharp-lcd.cases.ts";

const test = suite("sharp-lcd");

test("the portable cases hold in Node", () => {
  checkSharpLcd({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

test.run();
