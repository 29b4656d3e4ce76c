import { suite } from "uvu";
import { is } from "uvu/assert";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { checkCcid } from "../portable/ccid.cases.ts";

const test = suite("ccid");

test("headers are read, and answers are those that CCID names", () => {
  let count = 0;
  const report = {
    equal(actual: number, expected: number, what: string): void {
      is(actual, expected, what);
      count++;
    },
  };
  checkCcid(report, NODE_NATIVES);
  is(count > 10, true, "the cases ran");
});

test.run();
