import { suite } from "uvu";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { is } from "uvu/assert";
import { checkPinBlock } from "../portable/pin-block.cases.ts";

const test = suite("pin-block");

test("every PIN layout is written as CCID says, and every doubtful one is refused", () => {
  checkPinBlock({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

test.run();
