import { suite } from "uvu";
import { is } from "uvu/assert";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { checkGemPcFrame } from "../portable/gempc-frame.cases.ts";

const test = suite("gempc-frame");

test("frames are read and written as libccid's serial driver does", () => {
  let count = 0;
  const report = {
    equal(actual: number, expected: number, what: string): void {
      is(actual, expected, what);
      count++;
    },
  };
  checkGemPcFrame(report, NODE_NATIVES);
  is(count > 10, true, "the cases ran");
});

test.run();
