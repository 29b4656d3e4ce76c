/** A reset at every moment of a PIN entry: nothing more of it reaches the card, and no second PIN command begins. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { BOARD } from "../../../board/mps2-an386/pins.ts";
import { Part } from "../../../firmware/terminal.ts";
import type { T1Endpoint } from "../../../host-sim/card/t1-endpoint.ts";
import { Counter } from "../../../host-sim/scenario/counter.ts";
import { PLACES, residentWith } from "../../../host-sim/scenario/entry-cards.ts";
import { beginEntry, pinAt } from "../../../host-sim/scenario/expectations.ts";
import { PinCommandsBegun } from "../../every-byte/pin-commands-begun.ts";

const test = suite("a reset during an entry");
const { juki } = PLACES;
const KEYS = "4649E";
const EVERY_MS = 150;
/** The entry is over and its result shown by then. */
const STORY_MS = EVERY_MS * KEYS.length + 400;
/** While the command is on the wire every moment counts, at other times an occasional one. */
const FINE = { fromMs: EVERY_MS * (KEYS.length - 1), untilMs: EVERY_MS * (KEYS.length - 1) + 160, stepMs: 4 };
const COARSE_MS = 60;

interface Cut {
  readonly counter: Counter;
  readonly card: T1Endpoint;
  readonly begun: PinCommandsBegun;
  readonly atNs: number;
}

/** An entry with the right PIN, and the watchdog's bite `afterMs` after the first key goes down. */
function cutAfter(afterMs: number): Cut {
  const counter = new Counter({ seed: 1 });
  const { simulator } = counter;
  const card = residentWith(juki, "4649");
  counter.start().insert(card).select(juki.aid, juki.file);
  const begun = new PinCommandsBegun(simulator.world);
  beginEntry(counter);
  begun.reset();
  simulator.keys(KEYS, EVERY_MS);
  const atNs = simulator.nowNs + afterMs * 1e6;
  simulator.world.scheduler.at(atNs, () => simulator.world.watchdog.onBite(Part.Line));
  simulator.runFor(STORY_MS + 1000);
  return { counter, card, begun, atNs };
}

/** What is not as it must be. */
function findings({ counter, card, begun, atNs }: Cut): string[] {
  const { world } = counter.simulator;
  const after = world.recorder.all().filter(({ timeNs }) => timeNs > atNs);
  const pin = pinAt(card, juki);
  const lampLit = (world.outputs & BOARD.lamps.secureEntry) !== 0;
  return [
    ...(world.slot.isPowered() ? ["the card is powered"] : []),
    ...(after.some(({ channel }) => channel === "card-out") ? ["something was sent to the card"] : []),
    ...(world.cardUart.unsentBytes() > 0 ? ["something waits in the UART"] : []),
    ...(begun.count > 1 || pin.verifyCount > begun.count ? [`${begun.count} PIN commands`] : []),
    ...(pin.left < 3 ? ["a try was used"] : []),
    ...(lampLit ? ["the secure-entry lamp is lit"] : []),
    ...(counter.page === "reading" ? [] : [`the page is ${counter.page}`]),
    ...world.complaints.slice(1),
  ];
}

test("at no moment anything reaches the card afterwards, and no try is lost", () => {
  let [before, during, done] = [0, 0, 0];
  for (let ms = 0; ms <= STORY_MS;) {
    const cut = cutAfter(ms);
    equal(findings(cut), [], `${ms} ms after the first key`);
    const isBegun = cut.begun.count > 0;
    const isCompared = pinAt(cut.card, juki).verifyCount > 0;
    if (!isBegun) before++;
    else if (!isCompared) during++;
    else done++;
    ms += ms >= FINE.fromMs && ms < FINE.untilMs ? FINE.stepMs : COARSE_MS;
  }
  console.log(`\n${before + during + done} moments, 0 findings`);
  ok(before > 10 && during > 0 && done > 5, `${before} before, ${during} within, ${done} after the command`);
});

test("after a reset amid the command the PIN is asked for anew and is right", () => {
  const { counter, card } = cutAfter(EVERY_MS * (KEYS.length - 1) + 20);
  counter.host.discard();
  counter.host.powerOn();
  counter.select(juki.aid, juki.file);
  is(counter.secure("000082000004040201000000000004" + "00200080", KEYS), "9000");
  is(pinAt(card, juki).left, 3);
});

test.run();
