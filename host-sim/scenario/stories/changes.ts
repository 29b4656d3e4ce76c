/** Stories of a PIN that is changed: by the standard's way, and by the two ways of a 個人番号カード. */
import type { T1Endpoint } from "../../card/t1-endpoint.ts";
import type { Counter } from "../counter.ts";
import { isoWith, PLACES, residentWith, type PinPlace } from "../entry-cards.ts";
import { beginEntry, expectEnd, expectEntry, expectPage, expectPin, pinAt, type } from "../expectations.ts";
import { expectSame, type Scenario } from "../scenario.ts";
import { changeData } from "../secure-data.ts";

const ISO: PinPlace = { aid: "a0000009994d4701", file: "0081" };
const OLD_NEW_AGAIN = changeData({ apdu: "00240081", minimum: 4, maximum: 16, confirm: 3 });
const { juki, userAuthentication } = PLACES;

function newAlone(apdu: string): string {
  return changeData({ apdu, minimum: 4, maximum: 4, confirm: 1 });
}

function isoChange(counter: Counter): T1Endpoint {
  const card = isoWith("567890");
  counter.start().insert(card);
  counter.apdu(`00a4040c08${ISO.aid}`);
  beginEntry(counter, OLD_NEW_AGAIN);
  return card;
}

function expectValue(card: T1Endpoint, place: PinPlace, value: string): void {
  expectSame("the card has the expected PIN", pinAt(card, place).value === value, true);
}

/** The old PIN by a VERIFY, then a command with the new one alone, typed twice. */
function changeKnown(counter: Counter, place: PinPlace, apdu: string): void {
  const card = residentWith(place, "2580");
  counter.start().insert(card).select(place.aid, place.file);
  expectEntry(counter, "2580E", "9000", "ok");
  beginEntry(counter, newAlone(apdu));
  type(counter, "1470E");
  expectPage(counter, "pin");
  type(counter, "1470E");
  expectEnd(counter, "9000", "changed");
  expectValue(card, place, "1470");
  expectPin(card, place, { left: 3, verified: true, compared: 1, changed: 1 });
}

export const CHANGES: readonly Scenario[] = [
  {
    name: "old, new, new again",
    story: "A PIN is changed in one command: the old one, the new one, the new one again.",
    seed: 51,
    run(counter) {
      const card = isoChange(counter);
      type(counter, "567890E112233E112233E");
      expectEnd(counter, "9000", "changed");
      expectValue(card, ISO, "112233");
      expectPin(card, ISO, { left: 3, verified: true, compared: 1, changed: 1 });
    },
  },
  {
    name: "the two new PINs differ",
    story:
      "The new PIN is mistyped the second time: the page says so, the host hears 6402, the card hears nothing.",
    seed: 52,
    run(counter) {
      const card = isoChange(counter);
      type(counter, "567890E112233E112234E");
      expectEnd(counter, "6402", "change-differ");
      expectPin(card, ISO, { left: 3, verified: false, compared: 0 });
    },
  },
  {
    name: "the old PIN is wrong",
    story: "The old PIN is mistyped: the card counts a try and keeps it.",
    seed: 53,
    run(counter) {
      const card = isoChange(counter);
      type(counter, "567891E112233E112233E");
      expectEnd(counter, "63c2", "wrong");
      expectValue(card, ISO, "567890");
      expectPin(card, ISO, { left: 2, verified: false, compared: 1 });
    },
  },
  {
    name: "a change is given up",
    story: "取消 on the third page: nothing typed on the three pages reaches the card.",
    seed: 54,
    run(counter) {
      const card = isoChange(counter);
      type(counter, "567890E112233E11X");
      expectEnd(counter, "6401", "cancelled");
      expectPin(card, ISO, { left: 3, verified: false, compared: 0 });
    },
  },
  {
    name: "the 利用者証明用 PIN is changed",
    story: "CHANGE REFERENCE DATA with the new PIN alone, after the old one was verified.",
    seed: 55,
    run: (counter) => changeKnown(counter, userAuthentication, "00240180"),
  },
  {
    name: "the 住民基本台帳用 PIN is changed",
    story: "CHANGE KEY of JICSAP with the new PIN alone, after the old one was verified.",
    seed: 56,
    run: (counter) => changeKnown(counter, juki, "80320080"),
  },
  {
    name: "a change without the old PIN",
    story: "The new PIN is typed though the old one never was: the card refuses and nothing changes.",
    seed: 57,
    run(counter) {
      const card = residentWith(juki, "2580");
      counter.start().insert(card).select(juki.aid, juki.file);
      beginEntry(counter, newAlone("80320080"));
      type(counter, "1470E1470E");
      expectEnd(counter, "6982", "unknown");
      expectValue(card, juki, "2580");
      expectPin(card, juki, { left: 3, verified: false, compared: 0 });
    },
  },
];
