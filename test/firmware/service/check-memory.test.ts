/** A check's memory over the chips' models; its commits under the knife are test/powercut's. */
import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { Outcome } from "../../../firmware/service/outcome.ts";
import { CheckBench } from "../../powercut/check-bench.ts";

const test = suite("check memory");
const FULL = 3;

test("an attempt that the ledger does not take is none: no record, no result, and nobody may send a PIN", () => {
  const bench = new CheckBench(undefined, FULL);
  const before = bench.chip.save();
  bench.memory.look();
  // Without a judgement the ledger has no place for it.
  is(bench.memory.attempt(FULL, 0), false);
  equal(bench.chip.save(), before);
  is(bench.storedOutcome(), undefined);

  bench.memory.admit(FULL, 0);
  is(bench.memory.attempt(FULL, 0), true);
  is(bench.storedOutcome(), Outcome.Unknown);
  is(bench.isFirstPending(), true);
});

test.run();
