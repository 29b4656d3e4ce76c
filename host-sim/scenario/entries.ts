/**
 * Every story in which somebody types a PIN, told with the PIN as a parameter: what the terminal does must not depend on it
 * (design §7.1). Right or wrong never depends on the PIN either: the card's is made from the typed one.
 */
import type { ImageOptions } from "../engine/engine.ts";
import { isoWith, otherPin, PLACES, type PinPlace } from "./entry-cards.ts";
import { ENDINGS } from "./entry-endings.ts";
import {
  atIso,
  atResident,
  begin,
  finish,
  press,
  SETTLE_MS,
  VERIFY_KNOWN,
  type EntryScenario,
} from "./entry-steps.ts";
import { changeData, verifyData } from "./secure-data.ts";

const VERIFY_ISO = { apdu: "00200081", minimum: 4, maximum: 16 };
const CHANGE_ISO = { apdu: "00240081", minimum: 4, maximum: 16 };
const CHANGE_KNOWN = { minimum: 4, maximum: 4, confirm: 1 };

function verify(name: string, place: PinPlace, image: Partial<ImageOptions> = {}): EntryScenario {
  return {
    name,
    digits: 4,
    image,
    page: "ok",
    run(counter, pin) {
      atResident(counter, place, pin);
      begin(counter, verifyData(VERIFY_KNOWN));
      press(counter, `${pin}E`);
      finish(counter);
    },
  };
}

function verifyUnknown(digits: number): EntryScenario {
  return {
    name: `${digits} digits for an unknown application are right`,
    digits,
    page: "ok",
    run(counter, pin) {
      atIso(counter, isoWith(pin));
      begin(counter, verifyData(VERIFY_ISO));
      press(counter, `${pin}E`);
      finish(counter);
    },
  };
}

function lastTry(name: string, page: string, valueOf: (pin: string) => string): EntryScenario {
  return {
    name,
    digits: 4,
    page,
    run(counter, pin) {
      atResident(counter, PLACES.juki, valueOf(pin), 1);
      begin(counter, verifyData(VERIFY_KNOWN));
      press(counter, "E");
      press(counter, `${pin}E`);
      finish(counter);
    },
  };
}

/** A change on the ISO card, whose PIN is the typed one; `keys` are those of all its pages. */
function changeIso(
  name: string,
  page: string,
  confirm: number,
  keys: (pin: string) => string,
): EntryScenario {
  return {
    name,
    digits: 6,
    page,
    run(counter, pin) {
      atIso(counter, isoWith(pin));
      begin(counter, changeData({ ...CHANGE_ISO, confirm }));
      press(counter, keys(pin));
      finish(counter);
    },
  };
}

/** The known cards' way: the old PIN by a VERIFY, then a command with the new one alone. */
function changeKnown(name: string, place: PinPlace, apdu: string): EntryScenario {
  return {
    name,
    digits: 4,
    page: "changed",
    run(counter, pin) {
      atResident(counter, place, pin);
      begin(counter, verifyData(VERIFY_KNOWN));
      press(counter, `${pin}E`);
      finish(counter);
      begin(counter, changeData({ ...CHANGE_KNOWN, apdu }));
      press(counter, `${otherPin(pin)}E${otherPin(pin)}E`);
      finish(counter);
    },
  };
}

/** A host that builds its own VERIFY while the image replaces it. */
function substituted(name: string, page: string, valueOf: (pin: string) => string): EntryScenario {
  return {
    name,
    digits: 4,
    image: { firewall: "substitute" },
    page,
    run(counter, pin) {
      atResident(counter, PLACES.userAuthentication, valueOf(pin));
      counter.simulator.keys(`<<<<<${pin}E`);
      counter.apdu("002000800430303030");
      counter.simulator.runFor(SETTLE_MS);
    },
  };
}

const VERIFICATIONS: readonly EntryScenario[] = [
  verify("the 利用者証明用 PIN is right", PLACES.userAuthentication),
  verify("the 利用者証明用 PIN is right, in English", PLACES.userAuthentication, { language: "en" }),
  verify("the 住民基本台帳用 PIN is right", PLACES.juki),
  verify("the 共通AP's PIN is right", PLACES.common),
  verify("the 券面事項入力補助用 PIN is right, in English", PLACES.surfaceInput, { language: "en" }),
  ...[4, 5, 8, 12, 16].map(verifyUnknown),
  {
    name: "a wrong PIN, then the right one",
    digits: 4,
    page: "ok",
    run(counter, pin) {
      atResident(counter, PLACES.juki, pin);
      for (const typed of [otherPin(pin), pin]) {
        begin(counter, verifyData(VERIFY_KNOWN));
        press(counter, `${typed}E`);
        finish(counter);
      }
    },
  },
  {
    name: "digits as BCD in a block that no card takes",
    digits: 8,
    page: "wrong",
    run(counter, pin) {
      atIso(counter, isoWith("2468135724681357"));
      begin(counter, verifyData({ apdu: "00200081", minimum: 8, maximum: 8, format: "8100" }));
      press(counter, `${pin}E`);
      finish(counter);
    },
  },
  {
    name: "a card that asks for time, and what the PIN protects is used afterwards",
    digits: 8,
    page: "ok",
    run(counter, pin) {
      atIso(counter, isoWith(pin, { faults: { wtx: { times: 2, multiplier: 3, instructions: [0x20] } } }));
      begin(counter, verifyData(VERIFY_ISO));
      press(counter, `${pin}E`);
      finish(counter);
      counter.apdu("0084000008");
    },
  },
  lastTry("the last try is right", "ok", (pin) => pin),
  lastTry("the last try is wrong", "blocked", otherPin),
  substituted("a host's own VERIFY is replaced", "ok", (pin) => pin),
  substituted("a host's own VERIFY is replaced by a wrong PIN", "wrong", otherPin),
];

const CHANGES: readonly EntryScenario[] = [
  changeIso(
    "old PIN, new PIN, new PIN again",
    "changed",
    3,
    (pin) => `${pin}E${otherPin(pin)}E${otherPin(pin)}E`,
  ),
  changeIso("old PIN and new PIN, typed once", "changed", 2, (pin) => `${pin}E${otherPin(pin)}E`),
  changeIso("the old PIN is wrong", "wrong", 3, (pin) => `${otherPin(pin)}E${pin}E${pin}E`),
  changeIso("the new PINs differ", "change-differ", 3, (pin) => `${pin}E${pin}E${differing(pin)}E`),
  changeIso("the new PINs differ in length", "change-differ", 3, (pin) => `${pin}E${pin}E${pin.slice(1)}E`),
  changeIso(
    "a change is given up at the third page",
    "cancelled",
    3,
    (pin) => `${pin}E${otherPin(pin)}E${pin}X`,
  ),
  changeKnown("the 利用者証明用 PIN is changed", PLACES.userAuthentication, "00240180"),
  changeKnown("the 住民基本台帳用 PIN is changed", PLACES.juki, "80320080"),
];

/** Another PIN, different in one digit; which one depends on the PIN. */
function differing(pin: string): string {
  const at = Number(pin[0]) % pin.length;
  const digit = (Number(pin[at]) + 1) % 10;
  return `${pin.slice(0, at)}${digit}${pin.slice(at + 1)}`;
}

export const ENTRIES: readonly EntryScenario[] = [...VERIFICATIONS, ...CHANGES, ...ENDINGS];
