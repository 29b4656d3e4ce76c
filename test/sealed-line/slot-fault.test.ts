/** A short at the card's contacts amid a resident check (ISO/IEC 7816-3, 6.4): the slot goes off, and nothing else does. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { CheckDesk, Outcome, pinOf, residentCard, RIGHT, WRONG_PIN } from "./check-desk.ts";

const test = suite("a fault of the slot amid a check");
const ID = 1;
const NEXT = 2;

/** Session, keys and journal are what they were: the same session checks the next card. */
function goesOn(desk: CheckDesk): void {
  const { simulator, check } = desk;
  is(simulator.world.slot.isPowered(), false);
  simulator.remove();
  simulator.runFor(3000);
  desk.atThePin(NEXT, residentCard("mynumber-family"));
  simulator.keys("1234E");
  is(desk.result().outcome, Outcome.Ok);
  const records = check.journal();
  equal(records[0], [1, 0, 0]);
  is(records.filter(([event]) => event === 1 || event === 4).length, 1, "no start and no opened case");
  equal(simulator.world.complaints, []);
  desk.close();
}

test("in the question or the entry: nothing was sent, and the card's tries are whole", () => {
  const desk = new CheckDesk();
  const card = residentCard();
  desk.atThePin(ID, card);
  desk.simulator.keys("12");
  desk.simulator.runFor(500);
  desk.simulator.world.slot.fault();
  const { outcome } = desk.result();
  ok(outcome === Outcome.Removed || outcome === Outcome.CardError, `outcome ${outcome}`);
  equal([pinOf(card).verifyCount, pinOf(card).left], [0, 3]);
  goesOn(desk);
});

for (const [what, keys, left] of [
  ["a right PIN", RIGHT, 3],
  ["a wrong PIN", WRONG_PIN, 2],
] as const)
  test(`while the card judges ${what}: one VERIFY at most, and what is told is true of the card's counter`, () => {
    for (let ms = 0; ms < 60; ms += 3) {
      const desk = new CheckDesk();
      const card = residentCard();
      desk.atThePin(ID, card);
      desk.simulator.keys(keys);
      desk.reach("reading");
      desk.simulator.runFor(ms);
      desk.simulator.world.slot.fault();
      const { outcome } = desk.result();
      ok(pinOf(card).verifyCount <= 1, `${ms} ms: ${pinOf(card).verifyCount} VERIFY`);
      if (outcome === Outcome.Ok) is(pinOf(card).left, 3, `${ms} ms`);
      if (outcome === Outcome.Wrong) is(pinOf(card).left, left, `${ms} ms`);
      if (outcome === Outcome.CardError || outcome === Outcome.Removed)
        is(pinOf(card).left, 3, `${ms} ms: no try is gone`);
      if (ms % 15 === 0) goesOn(desk);
      else desk.close();
    }
  });

test.run();
