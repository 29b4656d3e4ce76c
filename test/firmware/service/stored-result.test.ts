import { suite } from "uvu";
import { is } from "uvu/assert";
import { NODE_CRYPTO } from "../../../host-sim/engine/node-crypto.ts";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { checkStoredResult } from "../../portable/stored-result.cases.ts";

const test = suite("stored-result");

test("the portable cases hold in Node", () => {
  const report = { equal: (actual: number, expected: number, what: string) => is(actual, expected, what) };
  checkStoredResult(report, NODE_NATIVES, NODE_CRYPTO);
});

test.run();
