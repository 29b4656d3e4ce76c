import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { Convention } from "../../../hal/card-uart.ts";
import { MY_NUMBER_ATR } from "../../../host-sim/card/apps/my-number-card.ts";
import { readAtrTerms } from "../../../host-sim/card/card-atr.ts";
import { describeDeck, iso, makeCard } from "../../../host-sim/card/deck.ts";
import { T1Endpoint } from "../../../host-sim/card/t1-endpoint.ts";
import { CardBench, ETU_NS } from "./card-bench.ts";

const test = suite("ATR on the wire");
const NO_ATR = new Set(["mute", "wrong-way", "five-volt"]);
const CLOCK_NS = 1e9 / 3_571_200;

function resetHighNs(bench: CardBench): number {
  const events = bench.recorder.all().filter((each) => each.value === "RST high");
  return events.at(-1)!.timeNs;
}

test("a 個人番号カード answers 3B E0 00 FF 81 31 FE 45 14, the same after a warm reset", () => {
  const bench = new CardBench();
  equal(bench.start("mynumber"), [...MY_NUMBER_ATR]);
  equal(bench.warmReset(), [...MY_NUMBER_ATR]);
  equal(bench.complaints, []);
});

test("every card that answers begins 400…40,000 clocks after RST high, its characters 12…9600 etu apart, within 19,200 etu", () => {
  for (const { name } of describeDeck()) {
    if (NO_ATR.has(name)) continue;
    const bench = new CardBench();
    bench.start(name, name === "inverse" ? Convention.Inverse : Convention.Direct);
    const firstClocks = (bench.heard[0]!.timeNs - resetHighNs(bench)) / CLOCK_NS;
    ok(firstClocks >= 400 && firstClocks <= 40_000, `${name}: ${firstClocks} clocks`);
    const edges = bench.heard.map((each) => each.timeNs);
    const gaps = edges.slice(1).map((edge, at) => (edge - edges[at]!) / ETU_NS);
    ok(
      gaps.every((gap) => gap > 11.99 && gap <= 9600),
      name,
    );
    if (name !== "endless-td") ok((edges.at(-1)! - edges[0]!) / ETU_NS < 19_200, name);
    is(
      bench.heard.some((each) => each.flags !== 0),
      false,
      name,
    );
  }
});

test("the slow card begins close to 40,000 clocks and needs most of 19,200 etu", () => {
  const bench = new CardBench();
  bench.start("slow-atr");
  const edges = bench.heard.map((each) => each.timeNs);
  is(Math.round((edges[0]! - resetHighNs(bench)) / CLOCK_NS), 39_900);
  ok((edges.at(-1)! - edges[0]!) / ETU_NS > 18_000);
});

test("the inverse card's ATR is 3F … to a UART set to inverse and 03 … with parity errors to a direct one", () => {
  const inverse = new CardBench();
  is(inverse.start("inverse", Convention.Inverse)[0], 0x3f);
  const direct = new CardBench();
  is(direct.start("inverse", Convention.Direct)[0], 0x03);
  ok(direct.heard.every((each) => each.flags === 1));
});

test("TCK is right on every T=1 card but bad-tck", () => {
  for (const { name } of describeDeck()) {
    if (NO_ATR.has(name) || ["t0", "endless-td", "bad-ts"].includes(name)) continue;
    const bench = new CardBench();
    const atr = bench.start(name, name === "inverse" ? Convention.Inverse : Convention.Direct);
    is(atr.slice(1).reduce((sum, byte) => sum ^ byte, 0) === 0, name !== "bad-tck", name);
  }
});

test("the TD chain of endless-td passes 32 characters and does not end", () => {
  ok(new CardBench().start("endless-td").length > 1000);
});

test("mute and wrong-way say nothing, and a card of class A says nothing at 3 V", () => {
  for (const name of ["mute", "wrong-way"]) equal(new CardBench().start(name), [], name);
  const bench = new CardBench();
  bench.slot.insert(makeCard("five-volt"));
  bench.run(50e6);
  bench.slot.setPins({ commandVccN: false, reset: true, enable5V: false, enable1V8N: true });
  bench.run(100e6);
  is(bench.heard.length, 0);
  bench.slot.setPins({ commandVccN: true, reset: false, enable5V: true, enable1V8N: true });
  bench.run(20e6);
  ok(bench.powerOn().length > 0);
});

test("RST low in the middle of an ATR stops it, and the next one is whole", () => {
  for (let ms = 1; ms < 12; ms++) {
    const bench = new CardBench();
    bench.slot.insert(makeCard("mynumber"));
    bench.run(50e6);
    bench.slot.setPins({ commandVccN: false, reset: true, enable5V: true, enable1V8N: true });
    bench.run(ms * 1e6);
    equal(bench.warmReset(), [...MY_NUMBER_ATR], `${ms} ms`);
  }
});

test("a card reads its own ATR: rate, guard times, sizes, waiting times", () => {
  const terms = readAtrTerms(MY_NUMBER_ATR);
  equal(terms, {
    protocol: 1,
    clocksPerEtu: 372,
    terminalGuardEtu: 11,
    cardGuardEtu: 11,
    ifsc: 254,
    bwi: 4,
    cwi: 5,
    crc: false,
    inverse: false,
  });
  const vicc = readAtrTerms(Uint8Array.of(0x3b, 0x95, 0x13, 0x81, 0x01, 0x80, 0x73, 0xff, 0x01, 0x00, 0x0b));
  equal([vicc.protocol, vicc.clocksPerEtu, vicc.ifsc, vicc.bwi, vicc.cwi], [1, 372, 32, 4, 13]);
  const relayed = readAtrTerms(
    Uint8Array.from(Buffer.from("3BDA18FF81B1FE751F030031F573C001600090001C", "hex")),
  );
  equal([relayed.protocol, relayed.ifsc, relayed.bwi, relayed.cwi], [1, 254, 7, 5]);
});

test("a card in specific mode speaks at the rate of its TA1", () => {
  const fast = iso("fast", { atr: (makeCard("specific-fast") as T1Endpoint).atr });
  const bench = new CardBench();
  bench.start(fast);
  bench.uart.setup(31, 12, Convention.Direct);
  equal(bench.block(0xc1, [0xfe]), [0, 0xe1, 1, 0xfe, 0x1e]);
});

test.run();
