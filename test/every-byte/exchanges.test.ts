/** Every exchange, cut at every character in every way. */
import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { CutBench } from "./cut-bench.ts";
import { runCut, runUncut, WAYS } from "./cut-run.ts";
import { EXCHANGES, type Exchange } from "./exchanges.ts";

const test = suite("every-byte");
const SEED = 3;
let cuts = 0;
let bad = 0;

function benchOf(exchange: Exchange): CutBench {
  return new CutBench({ seed: SEED, ...exchange.image });
}

for (const exchange of EXCHANGES) {
  test(`a card lost at any character leaves the terminal right: ${exchange.name}`, () => {
    let bench = benchOf(exchange);
    const uncut = runUncut(bench, exchange);
    for (const way of Object.values(WAYS)) {
      let made = 0;
      const findings: string[] = [];
      for (let at = 1; at <= uncut.characters; at++) {
        const found = runCut(bench, exchange, uncut, { at, way });
        findings.push(...found.map((each) => `${way.name} at ${at}: ${each}`));
        if (found.length > 0) {
          bad++;
          bench = benchOf(exchange);
        }
        made++;
      }
      is(made, uncut.characters);
      cuts += made;
      equal(findings, []);
    }
  });
}

test("a cut behind the last character is not made, which is how the characters are known to be all", () => {
  const exchange = EXCHANGES[0]!;
  const bench = benchOf(exchange);
  const uncut = runUncut(bench, exchange);
  equal(runCut(bench, exchange, uncut, { at: uncut.characters + 1, way: WAYS.pulled }), ["the cut was never made"]);
});

test("the cuts were counted", () => {
  console.log(`\n${cuts} cut points, ${bad} bad`);
  is(bad, 0);
});

test.run();
