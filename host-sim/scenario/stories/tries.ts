/** Stories of right and wrong PINs: the tries that the card counts and what the resident is told of them. */
import { residentWith, PLACES } from "../entry-cards.ts";
import {
  beginEntry,
  expectEnd,
  expectEntry,
  expectPage,
  expectPin,
  expectUntouched,
  type,
} from "../expectations.ts";
import { expectSame, isSecureLampLit, type Scenario } from "../scenario.ts";
import { makeCard } from "../../card/deck.ts";
import type { T1Endpoint } from "../../card/t1-endpoint.ts";
import type { Counter } from "../counter.ts";

const { juki } = PLACES;

/** A resident whose 住基 PIN is 4649 at a counter whose software has selected it. */
function resident(counter: Counter, left: number): T1Endpoint {
  const card = residentWith(juki, "4649", left);
  counter.start().insert(card).select(juki.aid, juki.file);
  return card;
}

export const TRIES: readonly Scenario[] = [
  {
    name: "right at once",
    story:
      "A resident types the right PIN, the page says so, the card has compared once and all tries remain.",
    seed: 1,
    run(counter) {
      const card = resident(counter, 3);
      beginEntry(counter);
      expectSame("the lamp beside the entry", isSecureLampLit(counter), true);
      type(counter, "4649E");
      expectEnd(counter, "9000", "ok");
      expectPin(card, juki, { left: 3, verified: true, compared: 1 });
    },
  },
  {
    name: "two wrong, then right",
    story:
      "Two wrong PINs leave two tries and one; the last try is confirmed, is right, and gives all three back.",
    seed: 2,
    run(counter) {
      const card = resident(counter, 3);
      expectEntry(counter, "1111E", "63c2", "wrong");
      expectSame("tries on the page", counter.simulator.view().triesLeft, 2);
      expectEntry(counter, "2222E", "63c1", "wrong");
      expectPin(card, juki, { left: 1, verified: false, compared: 2 });
      beginEntry(counter);
      expectPage(counter, "last");
      type(counter, "E");
      expectPage(counter, "pin");
      type(counter, "4649E");
      expectEnd(counter, "9000", "ok");
      expectPin(card, juki, { left: 3, verified: true, compared: 3 });
    },
  },
  {
    name: "last try confirmed and right",
    story: "A card with one try left warns first; the resident goes on and is right.",
    seed: 3,
    run(counter) {
      const card = resident(counter, 1);
      expectEntry(counter, "E4649E", "9000", "ok");
      expectPin(card, juki, { left: 3, verified: true, compared: 1 });
    },
  },
  {
    name: "last try declined",
    story: "A card with one try left warns first; the resident gives up, and the try is still there.",
    seed: 4,
    run(counter) {
      const card = resident(counter, 1);
      expectEntry(counter, "X", "6401", "cancelled");
      expectPin(card, juki, { left: 1, verified: false, compared: 0 });
    },
  },
  {
    name: "digits do not answer the warning",
    story:
      "A resident who types the PIN at once on the warning page has answered nothing; 30 s later it ends by itself.",
    seed: 5,
    run(counter) {
      const card = resident(counter, 1);
      beginEntry(counter);
      type(counter, "4649");
      expectPage(counter, "last");
      expectEnd(counter, "6400", "timeout");
      expectPin(card, juki, { left: 1, verified: false, compared: 0 });
    },
  },
  {
    name: "blocked on the third",
    story:
      "Three wrong PINs block the card; the page says so with an error tone, the third try only after 確認.",
    seed: 6,
    run(counter) {
      const card = resident(counter, 3);
      expectEntry(counter, "1111E", "63c2", "wrong");
      expectEntry(counter, "2222E", "63c1", "wrong");
      expectEntry(counter, "E3333E", "63c0", "blocked");
      expectPin(card, juki, { left: 0, verified: false, compared: 3 });
    },
  },
  {
    name: "a blocked card is not prompted",
    story: "A card that came blocked is told at once; nobody types, and the card compares nothing.",
    seed: 7,
    run(counter) {
      const card = resident(counter, 0);
      expectEntry(counter, "", "6984", "blocked");
      expectPin(card, juki, { left: 0, verified: false, compared: 0 });
    },
  },
  {
    name: "a PIN that was never set",
    story: "A 顔認証マイナンバーカード has no PINs: the page says so before anything is typed.",
    seed: 8,
    run(counter) {
      const card = makeCard("mynumber-unset");
      counter.start().insert(card).select(juki.aid, juki.file);
      expectEntry(counter, "", "6985", "pin-unset");
      expectUntouched(card);
    },
  },
  {
    name: "another PIN keeps its tries",
    story: "Wrong 住基 PINs cost nothing of the 利用者証明用 PIN, which is right afterwards.",
    seed: 9,
    run(counter) {
      const card = resident(counter, 3);
      expectEntry(counter, "1111E", "63c2", "wrong");
      counter.select(PLACES.userAuthentication.aid, PLACES.userAuthentication.file);
      expectEntry(counter, "1357E", "9000", "ok");
      expectPin(card, juki, { left: 2, verified: false, compared: 1 });
      expectPin(card, PLACES.userAuthentication, { left: 3, verified: true, compared: 1 });
    },
  },
];
