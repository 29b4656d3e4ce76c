/** Every exchange, cut at every character in every way. */
import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { NEVER_MADE, runCut, runUncut, WAYS } from "./cut-run.ts";
import { EXCHANGES } from "./exchanges.ts";
import { benchOf, sweep } from "./sweep.ts";

const test = suite("every-byte");
let cuts = 0;
let bad = 0;

for (const exchange of EXCHANGES) {
  test(`a card lost at any character leaves the terminal right: ${exchange.name}`, () => {
    const result = sweep(exchange, Object.values(WAYS));
    cuts += result.cuts.reduce((sum, made) => sum + made, 0);
    bad += result.bad;
    equal(result.findings, []);
    for (const made of result.cuts) is(made, result.characters);
  });
}

test("no cut can be made behind the last character, so the characters are all", () => {
  const exchange = EXCHANGES[0]!;
  const bench = benchOf(exchange);
  const uncut = runUncut(bench, exchange);
  equal(runCut(bench, exchange, uncut, { at: uncut.characters + 1, way: WAYS.pulled }), [NEVER_MADE]);
});

test("the cuts were counted", () => {
  console.log(`\n${cuts} cut points, ${bad} bad`);
  is(bad, 0);
});

test.run();
