import { suite } from "uvu";
import { is } from "uvu/assert";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { checkPinBlock } from "../portable/pin-block.cases.ts";

const test = suite("pin-block");

test("every PIN layout is written as CCID says, and every doubtful one is refused", () => {
  let count = 0;
  const report = {
    equal(actual: number, expected: number, what: string): void {
      is(actual, expected, what);
      count++;
    },
  };
  checkPinBlock(report, NODE_NATIVES);
  is(count > 10, true, "the cases ran");
});

test.run();
