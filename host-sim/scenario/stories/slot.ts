/** Stories of the card slot: cards that leave too early, follow each other, or lie beside a coin. */
import { makeCard, resident } from "../../card/deck.ts";
import { AID, VERIFY_4, type Counter } from "../counter.ts";
import { PLACES, residentWith } from "../entry-cards.ts";
import {
  beginEntry,
  expectEntry,
  expectFailure,
  expectPage,
  expectPin,
  expectUntouched,
  type,
} from "../expectations.ts";
import { expectSame, isSlotLampLit, type Scenario } from "../scenario.ts";

const { juki, userAuthentication } = PLACES;
const ICC_MUTE = 0xfe;

function remove(counter: Counter): void {
  counter.simulator.remove();
  counter.simulator.runFor(300);
}

const PULLED: readonly Scenario[] = [
  {
    name: "the card is pulled during the entry",
    story:
      "A resident takes the card after two digits: the page says so, nothing was sent, the host hears that it is gone.",
    seed: 21,
    run(counter) {
      const card = residentWith(juki, "4649");
      counter.start().insert(card).select(juki.aid, juki.file);
      beginEntry(counter);
      type(counter, "46");
      remove(counter);
      expectPage(counter, "removed");
      expectFailure(counter, ICC_MUTE);
      expectSame("bStatus of the slot", counter.host.slotStatus().status, 2);
      expectUntouched(card);
    },
  },
  {
    name: "the card is pulled while it thinks",
    story:
      "The PIN was sent and the card is pulled before it answers: nobody knows the outcome, and the page says just that.",
    seed: 22,
    run(counter) {
      const slow = { faults: { wtx: { times: 40, multiplier: 3, instructions: [0x20] } } };
      const card = resident("slow", {}, slow);
      counter.start().insert(card).select(juki.aid, juki.file);
      beginEntry(counter);
      type(counter, "1234E");
      counter.simulator.runFor(400);
      expectPage(counter, "reading");
      expectPin(card, juki, { left: 3, verified: true, compared: 1 });
      remove(counter);
      expectPage(counter, "unknown");
      expectFailure(counter, ICC_MUTE);
    },
  },
  {
    name: "pulled on the result page",
    story:
      "A resident takes the card while the page says 正しい: the result stays readable, then the next card is asked for.",
    seed: 23,
    run(counter) {
      const card = residentWith(juki, "4649");
      counter.start().insert(card).select(juki.aid, juki.file);
      expectEntry(counter, "4649E", "9000", "ok");
      remove(counter);
      expectPage(counter, "ok");
      counter.simulator.runFor(5000);
      expectPage(counter, "insert");
      expectPin(card, juki, { left: 3, verified: false, compared: 1 });
    },
  },
];

const SEVERAL: readonly Scenario[] = [
  {
    name: "a family of two",
    story: "Two cards in a row, each with its own PIN: neither knows anything of the other.",
    seed: 29,
    run(counter) {
      const cards = [makeCard("mynumber"), makeCard("mynumber-family")];
      counter.start();
      for (const [at, card] of cards.entries()) {
        counter.insert(card).select(juki.aid, juki.file);
        expectSame("the slot lamp", isSlotLampLit(counter), true);
        expectEntry(counter, `${["1234", "8642"][at]}E`, "9000", "ok");
        counter.host.powerOff();
        counter.simulator.runFor(5000);
        expectPage(counter, "take");
        remove(counter);
        expectPage(counter, "insert");
        counter.host.slotStatus();
      }
      for (const card of cards) expectPin(card, juki, { left: 3, verified: false, compared: 1 });
    },
  },
  {
    name: "cards swapped between two polls",
    story:
      "A verified card is swapped for another before the host looks: the host is told of the loss and gets no session.",
    seed: 30,
    run(counter) {
      const [first, second] = [residentWith(userAuthentication, "1357"), makeCard("mynumber-family")];
      counter.start().insert(first).select(AID.jpki, "0018");
      expectSame("status word", counter.secure(VERIFY_4, "1357E"), "9000");
      counter.simulator.remove();
      counter.simulator.runFor(120);
      counter.simulator.insert(second);
      counter.simulator.runFor(120);
      const lost = counter.host.xfrBlock(counter.host.t1.seal(0, Uint8Array.of(0, 0x84, 0, 0, 8)));
      expectSame("a block for the old card: bStatus, bError", [lost.status, lost.error], [0x42, ICC_MUTE]);
      const polls = [counter.host.slotStatus().status, counter.host.slotStatus().status];
      expectSame("bStatus: the loss once, then the card unpowered", polls, [2, 1]);
      counter.host.powerOn();
      expectUntouched(second);
    },
  },
  {
    name: "a coin in the slot",
    story: "A coin shorts the contacts: only the slot is switched off; without the coin the same card works.",
    seed: 31,
    run(counter) {
      const { slot } = counter.simulator.world;
      const card = residentWith(juki, "4649");
      counter.start();
      slot.setShort(true);
      counter.insert(card);
      counter.simulator.runFor(2000);
      expectPage(counter, "card-unreadable");
      expectSame("supply of the card", slot.isPowered(), false);
      remove(counter);
      slot.setShort(false);
      counter.host.slotStatus();
      counter.insert(card).select(juki.aid, juki.file);
      expectEntry(counter, "4649E", "9000", "ok");
    },
  },
];

export const SLOT: readonly Scenario[] = [...PULLED, ...SEVERAL];
