import { suite } from "uvu";
import { is } from "uvu/assert";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { checkPageLayers } from "../portable/page-layers.cases.ts";

const test = suite("page-layers");

test("the portable cases hold in Node", () => {
  checkPageLayers({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

test.run();
