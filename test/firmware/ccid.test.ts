import { suite } from "uvu";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { is } from "uvu/assert";
import { checkCcid } from "../portable/ccid.cases.ts";

const test = suite("ccid");

test("headers are read, and answers are those that CCID names", () => {
  checkCcid({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

test.run();
