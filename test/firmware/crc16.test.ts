import { suite } from "uvu";
import { is } from "uvu/assert";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { checkCrc16 } from "../portable/crc16.cases.ts";

const test = suite("crc16");

test("the portable cases hold in Node", () => {
  checkCrc16({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

test.run();
