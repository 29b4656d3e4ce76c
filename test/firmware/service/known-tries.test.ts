import { suite } from "uvu";
import { is } from "uvu/assert";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { checkKnownTries } from "../../portable/known-tries.cases.ts";

const test = suite("known-tries");

test("the portable cases hold in Node", () => {
  checkKnownTries({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

test.run();
