import { suite } from "uvu";
import { is } from "uvu/assert";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { checkCommandApdu } from "../portable/command-apdu.cases.ts";

const test = suite("command-apdu");

test("the seven encodings are told apart and all else is refused by its cause", () => {
  let count = 0;
  const report = {
    equal(actual: number, expected: number, what: string): void {
      is(actual, expected, what);
      count++;
    },
  };
  checkCommandApdu(report, NODE_NATIVES);
  is(count > 10, true, "the cases ran");
});

test.run();
