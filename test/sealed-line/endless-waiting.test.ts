/** A card that asks for more time for ever (S(WTX), ISO/IEC 7816-3:2006, 11.6.2.3): a check ends all the same, and says what is known. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { MY_NUMBER_ATR, myNumberCard } from "../../host-sim/card/apps/my-number-card.ts";
import type { CardApplication } from "../../host-sim/card/card-application.ts";
import { card as t1Card, resident } from "../../host-sim/card/deck.ts";
import type { T1Endpoint } from "../../host-sim/card/t1-endpoint.ts";
import { CheckDesk, Outcome, pinOf, RIGHT, WRONG_PIN } from "./check-desk.ts";

const test = suite("endless waiting");
const ID = 1;
/** A command's 64 s, and 12 s of the terminal's own; what stands before and behind it: a start, a few exchanges, a reset. */
const COMMAND_S = 64;
const OWN_S = 12;
const REST_S = 6;
const SELECT = 0xa4;
const READ_RECORD = 0xb2;
const VERIFY = 0x20;

/** Asks for ever before it answers `instruction`. */
function asksAt(instruction: number, multiplier: number): T1Endpoint {
  return resident(
    "endless",
    {},
    { faults: { wtx: { times: Infinity, multiplier, instructions: [instruction] } } },
  );
}

/** Judges the VERIFY, and asks for ever instead of saying so. */
function judgesAndAsks(left: number): T1Endpoint {
  const inner = myNumberCard({ left });
  const endless: CardApplication = {
    reset: (warm) => inner.reset(warm),
    powerDown: () => inner.powerDown(),
    process(command) {
      const answer = inner.process(command);
      return command[1] === VERIFY && command.length > 5 ? undefined : answer;
    },
    pins: inner.pins,
  };
  return t1Card("endless", endless, { atr: MY_NUMBER_ATR });
}

/** Of virtual time, until the check has ended so. */
function secondsToError(desk: CheckDesk): number {
  const fromNs = desk.simulator.nowNs;
  is(desk.result().outcome, Outcome.CardError);
  return (desk.simulator.nowNs - fromNs) / 1e9;
}

// What kind of card it is is asked first, and a card that does not tell is asked who it is all the same.
for (const [what, instruction, multiplier, commands] of [
  ["SELECT", SELECT, 1, 2],
  ["SELECT, a long time each", SELECT, 255, 2],
  ["the record that says who it is", READ_RECORD, 1, 1],
] as const) {
  test(`a card that asks for ever at ${what}: CARD_ERROR before anybody is asked`, () => {
    const desk = new CheckDesk();
    const card = asksAt(instruction, multiplier);
    desk.check.begin({ id: ID });
    desk.reach("insert");
    desk.simulator.insert(card);
    const seconds = secondsToError(desk);
    ok(seconds <= commands * OWN_S + REST_S, `${seconds} s`);
    is(desk.simulator.page(), "card-unreadable");
    is(pinOf(card).verifyCount, 0);
    desk.simulator.runFor(100);
    is(desk.simulator.world.slot.isPowered(), false);
    desk.close();
  });
}

test("a card that asks for ever when its counter is asked for: CARD_ERROR, nobody typed, no try is used", () => {
  const desk = new CheckDesk();
  const card = asksAt(VERIFY, 1);
  const question = desk.askedAbout(ID, card);
  desk.check.go(ID, question);
  const seconds = secondsToError(desk);
  ok(seconds <= OWN_S + REST_S, `${seconds} s`);
  is(desk.simulator.page(), "card-unreadable");
  equal([pinOf(card).verifyCount, pinOf(card).left], [0, 3]);
  desk.close();
});

for (const [what, left, keys, outcome, page, triesLeft] of [
  ["a wrong PIN", 3, WRONG_PIN, Outcome.Wrong, "wrong", 2],
  ["a wrong PIN, two left", 2, WRONG_PIN, Outcome.Wrong, "wrong", 1],
  ["a right PIN, two left", 2, RIGHT, Outcome.Ok, "ok", 3],
  ["a right PIN, full counter", 3, RIGHT, Outcome.Unknown, "unknown", 3],
] as const) {
  test(`a card that judges ${what} and asks for ever: its counter tells, after a reset, and nothing is sent again`, () => {
    const desk = new CheckDesk();
    const card = judgesAndAsks(left);
    desk.atThePin(ID, card);
    desk.simulator.keys(keys);
    const fromNs = desk.simulator.nowNs;
    const told = desk.result();
    const seconds = (desk.simulator.nowNs - fromNs) / 1e9;
    ok(seconds > 1 && seconds <= COMMAND_S + REST_S, `${seconds} s`);
    equal([told.outcome, told.triesLeft], [outcome, triesLeft]);
    is(desk.simulator.page(), page);
    equal([pinOf(card).verifyCount, pinOf(card).left], [1, triesLeft]);
    equal(desk.storedAfterReconnect(ID), told);
    desk.close();
  });
}

test.run();
