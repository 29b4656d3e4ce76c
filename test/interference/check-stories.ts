/** Resident checks, and an operator's sign-in, told with any PIN: every way out of the entry. */
import type { SimCard } from "../../host-sim/card/sim-card.ts";
import { operator, resident } from "../../host-sim/card/deck.ts";
import { otherPin, PLACES, residentWith } from "../../host-sim/scenario/entry-cards.ts";
import {
  abortIt,
  callAnew,
  cutAfterConfirm,
  loseLine,
  losePower,
  pullCard,
  type CheckStory,
} from "./check-counter.ts";

/** What the card has said when it has answered the empty VERIFY (resident-check.test.ts). */
const BEFORE_VERIFY = 5 + 6 + 36 + 6 + 6 + 6;

const right = (pin: string): SimCard => residentWith(PLACES.juki, pin);
const wrong = (pin: string): SimCard => residentWith(PLACES.juki, otherPin(pin));
const three = (pin: string): string => pin.slice(0, 3);

/** Carries VERIFY out and says nothing more, until it is reset. */
function silent(jukiPin: string): SimCard {
  return resident("falls silent", { jukiPin }, { faults: { muteAfter: BEFORE_VERIFY } });
}

export const CHECK_STORIES: readonly CheckStory[] = [
  { name: "right", page: "ok", card: right, keys: (pin) => `${pin}E` },
  { name: "wrong", page: "wrong", card: wrong, keys: (pin) => `${pin}E` },
  {
    name: "wrong at the last try",
    page: "blocked",
    card: (pin) => residentWith(PLACES.juki, otherPin(pin), 1),
    keys: (pin) => `E${pin}E`,
    useLastTry: true,
  },
  { name: "訂正, typed again", page: "ok", card: right, keys: (pin) => `${otherPin(pin)}C${pin}E` },
  {
    name: "大きく and ゆっくり amid the typing",
    page: "ok",
    card: right,
    keys: (pin) => `${pin.slice(0, 2)}<>${pin.slice(2)}E`,
  },
  { name: "取消 after three digits", page: "cancelled", card: right, keys: (pin) => `${three(pin)}X` },
  { name: "nobody goes on after three digits", page: "timeout", card: right, keys: three },
  {
    name: "the card is pulled after three digits",
    page: "removed",
    card: right,
    keys: three,
    end: pullCard,
  },
  {
    name: "the counter aborts after three digits",
    page: "cancelled",
    card: right,
    keys: three,
    end: abortIt,
  },
  {
    name: "the cable is pulled after three digits",
    page: "cancelled",
    card: right,
    keys: three,
    end: loseLine,
  },
  {
    name: "a new session begins after three digits",
    page: "cancelled",
    card: right,
    keys: three,
    end: callAnew,
  },
  {
    name: "the card judges and falls silent: its counter decides",
    page: "wrong",
    card: (pin) => silent(otherPin(pin)),
    keys: (pin) => `${pin}E`,
  },
  {
    name: "the power goes before 確認",
    page: "reading",
    card: right,
    keys: (pin) => pin,
    end: losePower,
  },
  {
    name: "the power goes while the PIN is on its way",
    page: "reading",
    card: right,
    keys: (pin) => `${pin}E`,
    end: cutAfterConfirm(12),
  },
  {
    name: "an operator signs in",
    page: "signed-in",
    isSignIn: true,
    card: (pin) => operator("operator", { pin }),
    keys: (pin) => `${pin}E`,
  },
  {
    name: "an operator's wrong PIN",
    page: "wrong",
    isSignIn: true,
    card: (pin) => operator("operator", { pin: otherPin(pin) }),
    keys: (pin) => `${pin}E`,
  },
  {
    name: "an operator presses 取消 after three digits",
    page: "cancelled",
    isSignIn: true,
    card: (pin) => operator("operator", { pin }),
    keys: (pin) => `${three(pin)}X`,
  },
];
