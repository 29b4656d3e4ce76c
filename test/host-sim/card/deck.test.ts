import { suite } from "uvu";
import { equal, is, ok, throws } from "uvu/assert";
import { Convention } from "../../../hal/card-uart.ts";
import { describeDeck, isInDeck, makeCard } from "../../../host-sim/card/deck.ts";
import { T1Endpoint } from "../../../host-sim/card/t1-endpoint.ts";
import { CardBench } from "./card-bench.ts";

const test = suite("deck");
const SELECT_JUKI = "00A4040C0AD3921000310001010401";

function counterOf(name: string): string {
  const bench = new CardBench();
  bench.start(name);
  bench.apdu(SELECT_JUKI);
  return bench.apdu("0020009C");
}

test("every card has a line about it and its own name", () => {
  for (const { name, about } of describeDeck()) {
    ok(about.length > 4, name);
    is(makeCard(name).name, name);
    ok(isInDeck(name));
  }
});

test("an unknown name is refused, one of Object's too", () => {
  throws(() => makeCard("visa"), /no card "visa"/);
  throws(() => makeCard("toString"), /no card/);
});

test("two cards of one name are two cards", () => {
  const [first, second] = [makeCard("mynumber"), makeCard("mynumber")] as [T1Endpoint, T1Endpoint];
  first.application.pins[0]!.left = 0;
  is(second.application.pins[0]!.left, 3);
});

test("the residents' cards say over the wire how many tries are left", () => {
  const expected = {
    mynumber: "63c3",
    "mynumber-last": "63c1",
    "mynumber-blocked": "63c0",
    "mynumber-unset": "6985",
    "juki-expired": "63c3",
  };
  for (const [name, sw] of Object.entries(expected)) is(counterOf(name), sw, name);
});

test("a PIN verified over the wire is verified in the model, and survives removal as a counter only", () => {
  const card = makeCard("mynumber") as T1Endpoint;
  const pin = card.application.pins[0]!;
  const bench = new CardBench();
  bench.start(card);
  bench.apdu(SELECT_JUKI);
  is(bench.apdu("0020009C0439393939"), "63c2");
  is(bench.apdu("0020009C0431323334"), "9000");
  equal([pin.verified, pin.left, pin.verifyCount], [true, 3, 2]);
  is(bench.apdu("0020009C0439393939"), "63c2");
  bench.slot.remove();
  bench.run(1e6);
  equal([pin.verified, pin.left], [false, 2]);
  equal(bench.complaints, []);
});

test("a verified PIN survives a warm reset on the wire and not a cold one", () => {
  const card = makeCard("mynumber") as T1Endpoint;
  const pin = card.application.pins[0]!;
  const bench = new CardBench();
  bench.start(card);
  bench.apdu(SELECT_JUKI);
  bench.apdu("0020009C0431323334");
  bench.warmReset();
  is(pin.verified, true);
  bench.powerOff();
  is(pin.verified, false);
});

test("every card that speaks T=1 at 372/1 without faults answers GET CHALLENGE without a complaint", () => {
  const others = new Set([
    "mute",
    "wrong-way",
    "t0",
    "bad-ts",
    "endless-td",
    "specific-fast",
    "crc",
    "bad-lrc",
    "mynumber-drowsy",
  ]);
  for (const { name } of describeDeck()) {
    if (others.has(name)) continue;
    const bench = new CardBench();
    bench.start(name, name === "inverse" ? Convention.Inverse : Convention.Direct);
    const answer = bench.apdu("0084000004");
    is(answer.slice(-4), "9000", name);
    is(answer.length, 12, name);
    equal(bench.complaints, [], name);
  }
});

test("the wtx card asks for time at VERIFY and READ and nowhere else", () => {
  const bench = new CardBench();
  bench.start("wtx");
  is(bench.block(0x00, [0x00, 0x84, 0x00, 0x00, 0x04])[1], 0x00);
  is(bench.block(0x40, [0x00, 0x20, 0x00, 0x01])[1], 0xc3);
});

test("bad-lrc-once spoils its second block, and the repetition is whole", () => {
  const bench = new CardBench();
  bench.start("bad-lrc-once");
  bench.block(0x00, [0x00, 0x84, 0x00, 0x00, 0x04]);
  const spoiled = bench.block(0x40, [0x00, 0x84, 0x00, 0x00, 0x04]);
  const again = bench.block(0x91);
  equal(again.slice(0, -1), spoiled.slice(0, -1));
  is(again.at(-1)! ^ spoiled.at(-1)!, 0xff);
});

test("the same card, commands and seed give the same trace", () => {
  const trace = (): string[] => {
    const bench = new CardBench(7);
    bench.start("mynumber");
    bench.apdu(SELECT_JUKI);
    bench.apdu("0020009C0431323334");
    bench.slot.remove();
    bench.run(1e6);
    return bench.recorder.lines();
  };
  equal(trace(), trace());
});

test.run();
