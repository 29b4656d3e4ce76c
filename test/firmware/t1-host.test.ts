import { suite } from "uvu";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { is } from "uvu/assert";
import { checkT1Host } from "../portable/t1-host.cases.ts";

const test = suite("t1-host");

test("the card's end of T=1 answers each block as ISO/IEC 7816-3 clause 11 says", () => {
  checkT1Host({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

test.run();
