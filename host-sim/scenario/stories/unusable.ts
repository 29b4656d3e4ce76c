/** Stories of cards that cannot be used: each gets a page of its own, and its contacts are off. */
import type { Counter } from "../counter.ts";
import { PLACES } from "../entry-cards.ts";
import { expectEntry, expectPage } from "../expectations.ts";
import { expectSame, type Scenario } from "../scenario.ts";

const { juki } = PLACES;

function remove(counter: Counter): void {
  counter.simulator.remove();
  counter.simulator.runFor(300);
}

/** A card that the terminal powers up, refuses, and names on a page until it is gone. */
function refused(about: { name: string; story: string; seed: number }, card: string, page: string): Scenario {
  return {
    ...about,
    run(counter) {
      counter.start().insert(card);
      counter.simulator.runFor(3000);
      expectPage(counter, page);
      expectSame("ATR that the host got", counter.host.atr.length, 0);
      expectSame("supply of the card", counter.simulator.world.slot.isPowered(), false);
      remove(counter);
      expectPage(counter, "insert");
    },
  };
}

export const UNUSABLE: readonly Scenario[] = [
  refused(
    {
      name: "an expired 住基カード",
      story: "An old 住基カード is called expired without using a try.",
      seed: 24,
    },
    "juki-expired",
    "card-expired",
  ),
  refused(
    { name: "a mute card", story: "A broken card is called unreadable and its contacts are off.", seed: 25 },
    "mute",
    "card-unreadable",
  ),
  refused(
    {
      name: "a T=0 card",
      story: "A card that speaks T=0 alone gets its own page and an honest error.",
      seed: 26,
    },
    "t0",
    "card-t0",
  ),
  refused(
    {
      name: "a wrong TCK",
      story: "A card whose answer to reset has a wrong check byte is called unreadable.",
      seed: 27,
    },
    "bad-tck",
    "card-unreadable",
  ),
  {
    name: "the wrong way round, then right",
    story: "A resident puts the card in the wrong way round, is told, turns it, and the PIN is right.",
    seed: 28,
    run(counter) {
      counter.start().insert("wrong-way");
      counter.simulator.runFor(2000);
      expectPage(counter, "card-unreadable");
      remove(counter);
      counter.insert("mynumber").select(juki.aid, juki.file);
      expectEntry(counter, "1234E", "9000", "ok");
    },
  },
];
