import { suite } from "uvu";
import { is } from "uvu/assert";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { checkPageTones } from "../../portable/page-tones.cases.ts";

const test = suite("page-tones");

test("the portable cases hold in Node", () => {
  checkPageTones({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

test.run();
