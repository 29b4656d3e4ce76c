/** Changes of a PIN, told with any two PINs: every way out of the three entries, and of the five commands to the card. */
import { otherPin } from "../../host-sim/scenario/entry-cards.ts";
import { MY_NUMBER_ATR } from "../../host-sim/card/apps/my-number-card.ts";
import { ALL, ChangeCard, charactersBefore, type Trouble } from "../host-sim/world/change-bench.ts";
import {
  abortIt,
  callAnew,
  cutAfterConfirm,
  loseLine,
  losePower,
  pullCard,
  type CheckCounter,
  type CheckEnd,
  type CheckStory,
} from "./check-counter.ts";

/** So many digits stand in the story's PIN: the old one, and the new one. */
export const CHANGE_DIGITS = 8;
export const BIRTH = "19451208";
/** Every new PIN that is refused with this date of birth. */
const WEAK = ["0000", "1234", "1945", "4512", "1208", "0812"];
const ORDINALS = ["first", "second", "third", "fourth", "fifth"];
const VERIFY_COMMON = 2;
const CHANGE_COMMON = 3;
const CHANGE_JUKI = 5;
/** From the last 確認 to the middle of the command (measured with an uncut change). */
const FIRST_CHANGE_MS = 130;

const oldOf = (pin: string): string => pin.slice(0, 4);

/** One that is not refused. */
export function newOf(pin: string): string {
  const typed = pin.slice(4);
  return WEAK.includes(typed) ? otherPin(typed) : typed;
}

/** The `turn`-th refused one: of any two turns another. */
function weakOf(pin: string, turn: number): string {
  return WEAK[([...pin].reduce((sum, digit) => sum + Number(digit), 0) + turn) % WEAK.length]!;
}

/** As the new PIN but for one digit, whose place depends on the PIN. */
function nearlyNewOf(pin: string): string {
  const chosen = [...newOf(pin)];
  const at = Number(pin[0]) % chosen.length;
  chosen[at] = String((Number(chosen[at]) + 1) % 10);
  return chosen.join("");
}

/** Both of its PINs are the old one. */
function right(pin: string): ChangeCard["slotted"] {
  return cardWith(oldOf(pin), oldOf(pin));
}

function cardWith(juki: string, common: string, trouble?: Trouble): ChangeCard["slotted"] {
  return new ChangeCard({ juki, common }, trouble).slotted;
}

/** Up to the `question`-th entry, from 0 on, and `digits` of that. */
function typedUpTo(pin: string, question: number, digits: number): string {
  const entries = [oldOf(pin), newOf(pin), newOf(pin)];
  const before = entries.slice(0, question).map((entry) => `${entry}E`);
  return `${before.join("")}${entries[question]!.slice(0, digits)}`;
}

const all = (pin: string): string => `${typedUpTo(pin, 2, 4)}E`;
/** Up to the page that says why the new PIN is not taken. */
const refused = (pin: string): string => `${oldOf(pin)}E${weakOf(pin, 0)}E`;
const differing = (pin: string): string => `${oldOf(pin)}E${newOf(pin)}E${nearlyNewOf(pin)}E`;

/** In the middle of each entry. */
function inEachEntry(what: string, page: string, end: CheckEnd | undefined, key = ""): CheckStory[] {
  return [0, 1, 2].map((question) => ({
    name: `${what} in the ${ORDINALS[question]} entry`,
    page,
    change: {},
    card: right,
    keys: (pin) => `${typedUpTo(pin, question, 2)}${key}`,
    ...(end === undefined ? {} : { end }),
  }));
}

/** The card has carried the n-th command out, and is gone. */
function pulledAt(at: number): CheckStory {
  return {
    name: `the card is pulled at the ${ORDINALS[at - 1]} command`,
    page: at <= VERIFY_COMMON ? "unknown" : "change-partial",
    change: {},
    card: (pin: string, { simulator }: CheckCounter) =>
      cardWith(oldOf(pin), oldOf(pin), { at, then: () => simulator.remove() }),
    keys: all,
  };
}

/** Says nothing more from the answer to its first change on. */
function silentCard(pin: string): ChangeCard["slotted"] {
  const wire = { atr: MY_NUMBER_ATR, faults: { muteAfter: charactersBefore(CHANGE_COMMON) } };
  return new ChangeCard({ juki: oldOf(pin), common: oldOf(pin) }, undefined, wire).slotted;
}

export const CHANGE_STORIES: readonly CheckStory[] = [
  { name: "changed", page: "changed", change: {}, card: right, keys: all },
  {
    name: "the old PIN is wrong",
    page: "wrong",
    change: {},
    card: (pin) => cardWith(otherPin(oldOf(pin)), otherPin(oldOf(pin))),
    keys: all,
  },
  {
    name: "the card's other PIN is another",
    page: "wrong",
    change: {},
    card: (pin) => cardWith(oldOf(pin), otherPin(oldOf(pin))),
    keys: all,
  },
  {
    name: "too easy three times",
    page: "change-weak",
    change: { birth: BIRTH },
    card: right,
    keys: (pin) => `${refused(pin)}E${weakOf(pin, 1)}EE${weakOf(pin, 2)}E`,
  },
  {
    name: "three times not the same again",
    page: "change-differ",
    change: {},
    card: right,
    keys: (pin) => `${differing(pin)}E${differing(pin).slice(5)}E${differing(pin).slice(5)}`,
  },
  {
    name: "too easy, then not the same again, then good",
    page: "changed",
    change: { birth: BIRTH },
    card: right,
    keys: (pin) => `${refused(pin)}E${differing(pin).slice(5)}E${all(pin).slice(5)}`,
  },
  ...inEachEntry("取消", "cancelled", undefined, "X"),
  ...inEachEntry("nobody goes on", "timeout", undefined),
  ...inEachEntry("the card is pulled", "removed", pullCard),
  {
    name: "nobody goes on when it was too easy",
    page: "timeout",
    change: { birth: BIRTH },
    card: right,
    keys: refused,
  },
  {
    name: "nobody goes on when it was not the same again",
    page: "timeout",
    change: {},
    card: right,
    keys: differing,
  },
  inEachEntry("the counter aborts", "cancelled", abortIt)[2]!,
  inEachEntry("the cable is pulled", "cancelled", loseLine)[1]!,
  inEachEntry("a new session begins", "cancelled", callAnew)[2]!,
  ...ALL.map((_, at) => pulledAt(at + 1)),
  {
    name: "the card refuses the second change",
    page: "change-partial",
    change: {},
    card: (pin) => cardWith(oldOf(pin), oldOf(pin), { at: CHANGE_JUKI, statusWord: 0x6982 }),
    keys: all,
  },
  {
    name: "the card refuses the first change",
    page: "card-unreadable",
    change: {},
    card: (pin) => cardWith(oldOf(pin), oldOf(pin), { at: CHANGE_COMMON, statusWord: 0x6982 }),
    keys: all,
  },
  {
    name: "the card falls silent at the first change",
    page: "change-partial",
    change: {},
    card: silentCard,
    keys: all,
  },
  {
    name: "a partial change is finished",
    page: "changed",
    change: { finish: true },
    card: (pin) => cardWith(oldOf(pin), newOf(pin)),
    keys: all,
  },
  {
    name: "the power goes between two entries",
    page: "reading",
    change: {},
    card: right,
    keys: (pin) => typedUpTo(pin, 2, 0),
    end: losePower,
  },
  {
    name: "the power goes while the old PIN is on its way",
    page: "reading",
    change: {},
    card: right,
    keys: all,
    end: cutAfterConfirm(12),
  },
  {
    name: "the power goes while the first of two PINs is changed",
    page: "reading",
    change: {},
    card: right,
    keys: all,
    end: cutAfterConfirm(FIRST_CHANGE_MS),
  },
];
