import { suite } from "uvu";
import { is, ok } from "uvu/assert";
import {
  PROPORTION_CUTOFF,
  PROPORTION_WINDOW,
  REPETITION_CUTOFF,
} from "../../../firmware/driver/noise-health.ts";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { checkNoiseHealth } from "../../portable/noise-health.cases.ts";

const test = suite("noise-health");
/** -log2 of the chance of a false alarm. */
const ALPHA_BITS = 20n;

test("the portable cases hold in Node", () => {
  checkNoiseHealth({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

test("the repetition cutoff is 1 + ⌈20 / H⌉ for H = 1", () => {
  is(BigInt(REPETITION_CUTOFF), 1n + ALPHA_BITS);
});

test("the proportion cutoff is one more than the binomial's exact critical value", () => {
  const throws = BigInt(PROPORTION_WINDOW);
  // Ways to have more than k of the throws, for k from the top down; all of them are 2^W.
  const waysAbove = (limit: number): bigint => {
    let [ways, sum] = [1n, 0n];
    for (let k = throws; k > BigInt(limit); k--) {
      sum += ways;
      ways = (ways * k) / (throws - k + 1n);
    }
    return sum;
  };
  const isRareAbove = (limit: number): boolean => waysAbove(limit) << ALPHA_BITS <= 1n << throws;
  const critical = PROPORTION_CUTOFF - 1;
  ok(isRareAbove(critical));
  ok(!isRareAbove(critical - 1));
});

test.run();
