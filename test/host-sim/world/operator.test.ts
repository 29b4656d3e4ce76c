import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { CheckHost } from "./check-host.ts";
import { sealedTerminal } from "./sealed-simulator.ts";
const test = suite("operator");
test("thin path", () => {
  const { simulator, host } = sealedTerminal();
  host.open();
  const check = new CheckHost(host);
  check.signIn();
  ok(simulator.runUntil(() => simulator.page() === "insert-operator", 5000));
  simulator.insert("operator");
  ok(simulator.runUntil(() => simulator.page() === "pin", 5000), simulator.page());
  simulator.keys("4649E");
  equal(check.signedIn(), { step: "signed-in", outcome: 0, triesLeft: 3, operator: "OPERATOR-1" });
  is(simulator.page(), "signed-in");
  console.log(check.journal());
});
test.run();
