import { suite } from "uvu";
import { is } from "uvu/assert";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { checkItemList } from "../portable/item-list.cases.ts";

const test = suite("item-list");

test("the portable cases hold in Node", () => {
  checkItemList({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

test.run();
