/** Stories of cards with ways of their own: slow ones, damaged blocks, other conventions, applications nobody knows. */
import { makeCard, resident } from "../../card/deck.ts";
import type { T1Faults } from "../../card/t1-faults.ts";
import { toHex, type Counter } from "../counter.ts";
import { isoWith, PLACES } from "../entry-cards.ts";
import { beginEntry, expectEnd, expectEntry, expectPage, expectPin, pinAt, type } from "../expectations.ts";
import { expectSame, type Scenario } from "../scenario.ts";
import { verifyData } from "../secure-data.ts";

const { juki } = PLACES;
const ISO = { aid: "a0000009994d4701", file: "0081" };
const VERIFY_ISO = verifyData({ apdu: "00200081", minimum: 4, maximum: 16 });
const UPDATE_4_BYTES = "00d6000004";

/** A resident's card with these faults on its wire; the PIN is right, typed once and compared once. */
function compared(about: { name: string; story: string; seed: number }, faults: T1Faults): Scenario {
  return {
    ...about,
    run(counter) {
      const card = resident("resident", {}, { faults });
      counter.start().insert(card).select(juki.aid, juki.file);
      expectEntry(counter, "1234E", "9000", "ok");
      expectPin(card, juki, { left: 3, verified: true, compared: 1 });
    },
  };
}

/** A card of the deck around the ISO application, written and read, and its PIN is typed. */
function used(about: { name: string; story: string; seed: number }, card: string): Scenario {
  return {
    ...about,
    run(counter) {
      writeAndRead(counter, card);
      askUnknown(counter, "24681357");
    },
  };
}

function writeAndRead(counter: Counter, card: string): void {
  counter.start().insert(makeCard(card));
  expectSame("SELECT", counter.apdu(`00a4040c08${ISO.aid}`), "9000");
  expectSame("SELECT of the file", counter.apdu("00a4020c022001"), "9000");
  expectSame("UPDATE BINARY", counter.apdu(`${UPDATE_4_BYTES}cafe0102`), "9000");
  expectSame("READ BINARY", counter.apdu("00b0000004"), "cafe01029000");
}

/** Types the PIN of an application that the terminal does not know. */
function askUnknown(counter: Counter, digits: string): void {
  beginEntry(counter, VERIFY_ISO);
  type(counter, `${digits}E`);
  expectEnd(counter, "9000", "ok");
}

const WIRES: readonly Scenario[] = [
  compared(
    {
      name: "a card that asks for time",
      story: "A slow card asks for more time twice; the PIN is compared once.",
      seed: 41,
    },
    { wtx: { times: 2, multiplier: 3, instructions: [0x20] } },
  ),
  compared(
    {
      name: "a card that asks for repetition",
      story: "The card did not understand the block with the PIN; it is repeated, and compared once.",
      seed: 42,
    },
    { askRepeat: [4, 5, 6, 7, 8, 9, 10] },
  ),
  compared(
    {
      name: "an answer that is damaged",
      story:
        "The card's answers have a wrong check byte now and then; they are asked for again, the PIN is not.",
      seed: 43,
    },
    { badEdc: [2, 6, 10, 12] },
  ),
  used(
    {
      name: "inverse convention",
      story: "A card of the inverse convention is used like any other.",
      seed: 44,
    },
    "inverse",
  ),
  {
    name: "CRC",
    story:
      "A card that checks by CRC is read and written; stock drivers cut a Secure's answer as if it ended with an LRC.",
    seed: 45,
    run(counter) {
      writeAndRead(counter, "crc");
      beginEntry(counter, VERIFY_ISO);
      type(counter, "24681357E");
      expectSame(
        "bytes that a stock driver takes for the status",
        toHex(counter.host.finishSecure()).slice(0, 4),
        "9000",
      );
    },
  },
  used(
    {
      name: "small blocks",
      story: "A card that answers in blocks of 16 bytes is used like any other.",
      seed: 46,
    },
    "chained",
  ),
  used(
    {
      name: "a card for 5 V",
      story: "A card that is mute below 5 V is found by the host's second try.",
      seed: 47,
    },
    "five-volt",
  ),
  {
    name: "a drowsy card",
    story: "A card whose first answer is 6F00 is used like any other, for the host never sees that answer.",
    seed: 48,
    run(counter) {
      counter.start().insert("mynumber-drowsy");
      counter.apdu("00a4040c0ad3921000310001010401");
      counter.select(juki.aid, juki.file);
      expectEntry(counter, "1234E", "9000", "ok");
    },
  },
];

const UNKNOWN: readonly Scenario[] = [
  {
    name: "an unknown application, 4 to 16 digits",
    story:
      "Applications that the terminal cannot name are asked for as such, with every length from 4 to 16.",
    seed: 49,
    run(counter) {
      counter.start();
      for (let length = 4; length <= 16; length += 3) {
        const digits = "9182736450918273".slice(0, length);
        const card = isoWith(digits);
        counter.insert(card);
        counter.apdu(`00a4040c08${ISO.aid}`);
        askUnknown(counter, digits);
        expectSame(`comparisons of ${length} digits`, pinOf(card).verifyCount, 1);
        counter.simulator.remove();
        counter.simulator.runFor(300);
      }
    },
  },
  {
    name: "an unknown application remembers its last try",
    story:
      "Of an unknown application the terminal knows what the card said last: before the last try it warns.",
    seed: 50,
    run(counter) {
      const card = isoWith("24681357", {}, 2);
      counter.start().insert(card);
      counter.apdu(`00a4040c08${ISO.aid}`);
      beginEntry(counter, VERIFY_ISO);
      type(counter, "11111111E");
      expectEnd(counter, "63c1", "wrong");
      beginEntry(counter, VERIFY_ISO);
      expectPage(counter, "last");
      type(counter, "E24681357E");
      expectEnd(counter, "9000", "ok");
      expectSame("tries left", pinOf(card).left, 3);
    },
  },
];

function pinOf(card: ReturnType<typeof isoWith>): ReturnType<typeof pinAt> {
  return pinAt(card, { aid: ISO.aid, file: ISO.file });
}

export const CARDS: readonly Scenario[] = [...WIRES, ...UNKNOWN];
