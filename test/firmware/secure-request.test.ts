import { suite } from "uvu";
import { is } from "uvu/assert";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { checkSecureRequest } from "../portable/secure-request.cases.ts";

const test = suite("secure-request");

test("every wrong field of a Secure is told by its offset", () => {
  let count = 0;
  const report = {
    equal(actual: number, expected: number, what: string): void {
      is(actual, expected, what);
      count++;
    },
  };
  checkSecureRequest(report, NODE_NATIVES);
  is(count > 10, true, "the cases ran");
});

test.run();
