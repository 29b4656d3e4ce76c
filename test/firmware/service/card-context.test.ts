import { suite } from "uvu";
import { is } from "uvu/assert";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { checkCardContext } from "../../portable/card-context.cases.ts";

const test = suite("card-context");

test("the portable cases hold in Node", () => {
  checkCardContext({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

test.run();
