import { suite } from "uvu";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { is } from "uvu/assert";
import { checkSecureRequest } from "../portable/secure-request.cases.ts";

const test = suite("secure-request");

test("every wrong field of a Secure is told by its offset", () => {
  checkSecureRequest({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

test.run();
