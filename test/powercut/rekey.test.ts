/**
 * The power may go at every byte of both commits of a key's change: the counter's file is good, and the old key no more once the new
 * one was used.
 */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { countedPoints } from "./cut-sweep.ts";
import { sweepRekey } from "./rekey-sweep.ts";

const test = suite("powercut-rekey");

test("all or nothing after a cut at every byte: a key's change, from Rekey to the next key's first use", () => {
  const result = sweepRekey();
  ok(result.framBytes > 1000, `${result.framBytes} bytes`);
  equal(result.findings.slice(0, 5), []);
  is(result.points, countedPoints(result));
  is(result.bad, 0);
  console.log(`\n${result.points} cut points of a key's change, ${result.bad} bad`);
});

test.run();
