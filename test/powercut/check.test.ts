/** The power may go at every byte of a check's commits: no try is given back, no record is lost or twice, no key is torn. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { CHECK_SCRIPTS, sweepCheck } from "./check-sweep.ts";
import { countedPoints } from "./cut-sweep.ts";

const test = suite("powercut-check");

for (const { name } of CHECK_SCRIPTS) {
  test(`all or nothing after a cut at every byte: ${name}`, () => {
    const result = sweepCheck(name);
    ok(result.framBytes > 80, `${result.framBytes} bytes`);
    equal(result.findings.slice(0, 5), []);
    is(result.points, countedPoints(result));
    is(result.bad, 0);
    console.log(`\n${result.points} cut points of ${name}, ${result.bad} bad`);
  });
}

test.run();
