import { suite } from "uvu";
import { is } from "uvu/assert";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { checkFirewall, walkFirewall } from "../../portable/firewall.cases.ts";

const test = suite("firewall");

const report = { equal: (actual: number, expected: number, what: string) => is(actual, expected, what) };

test("the portable cases hold in Node", () => {
  checkFirewall(report, NODE_NATIVES);
});

test("every one of 65,536 classes and instructions gets the verdict of the table, in eight encodings", () => {
  walkFirewall(
    report,
    NODE_NATIVES,
    Array.from({ length: 256 }, (_, cla) => cla),
  );
});

test.run();
