/**
 * Every story in which somebody types a PIN, told with the PIN as a parameter: what the terminal does must not depend on it
 * (design §7.1). Right or wrong never depends on the PIN either: the card's is made from the typed one.
 */
import type { ImageOptions } from "../engine/node-engine.ts";
import { HostFailure } from "../host/gempc-host.ts";
import { AID, fromHex, toHex, type Counter } from "./counter.ts";
import { isoWith, otherPin, PLACES, residentWith, type PinPlace } from "./entry-cards.ts";
import { changeData, verifyData } from "./secure-data.ts";

export interface EntryScenario {
  readonly name: string;
  /** How many digits `pin` has. */
  readonly digits: number;
  readonly image?: Partial<ImageOptions>;
  /** What the resident sees at the end, by the page's name. */
  readonly page: string;
  /** Tells the story at a counter that is switched off; afterwards everything has settled. */
  run(counter: Counter, pin: string): void;
}

const VERIFY_KNOWN = { apdu: "00200080", minimum: 4, maximum: 4 };
const VERIFY_ISO = { apdu: "00200081", minimum: 4, maximum: 16 };
const CHANGE_ISO = { apdu: "00240081", minimum: 4, maximum: 16 };
const CHANGE_KNOWN = { minimum: 4, maximum: 4, confirm: 1 };
const ABORT = 0x72;
const SETTLE_MS = 300;

/** A resident's card on which `place` is selected. */
function atResident(counter: Counter, place: PinPlace, pin: string, left = 3): void {
  counter
    .start()
    .insert(residentWith(place, pin, left))
    .select(place.aid, place.file);
}

/** The ISO card, of whose applications the terminal knows none. */
function atIso(counter: Counter, card: ReturnType<typeof isoWith>): void {
  counter.start().insert(card);
  counter.apdu(`00a4040c08${"a0000009994d4701"}`);
}

/** Begins a Secure and waits for its prompt. */
function begin(counter: Counter, data: string): void {
  counter.host.beginSecure(fromHex(data));
  counter.waitForPrompt();
}

function press(counter: Counter, keys: string, everyMs = 150): void {
  counter.simulator.keys(keys, everyMs);
  counter.simulator.runFor(keys.length * everyMs);
}

/** The answer as the host's software sees it, or why there was none; then time for the page. */
function finish(counter: Counter): string {
  const answer = answered(() => toHex(counter.host.finishSecure()));
  counter.simulator.runFor(SETTLE_MS);
  return answer;
}

function answered(ask: () => string): string {
  try {
    return ask();
  } catch (error) {
    if (error instanceof HostFailure) return error.message;
    throw error;
  }
}

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

/** An entry at the JPKI object, with `keys` made from the PIN, that ends by itself or by `end`. */
function entry(
  name: string,
  page: string,
  keys: (pin: string) => string,
  end: (counter: Counter) => void = () => {},
): EntryScenario {
  return {
    name,
    digits: 4,
    page,
    run(counter, pin) {
      atResident(counter, PLACES.userAuthentication, pin);
      begin(counter, verifyData(VERIFY_KNOWN));
      press(counter, keys(pin));
      end(counter);
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

const ENDINGS: readonly EntryScenario[] = [
  entry("取消 after three digits", "cancelled", (pin) => `${pin.slice(0, 3)}X`),
  entry("取消 after all digits", "cancelled", (pin) => `${pin}X`),
  entry("訂正 and typed again", "ok", (pin) => `${otherPin(pin).slice(0, 3)}C${pin}E`),
  entry("more digits than fit", "ok", (pin) => `${pin}${pin}E`),
  entry("確認 too early", "ok", (pin) => `${pin.slice(0, 3)}E${pin.slice(3)}E`),
  entry("the language is changed in the middle", "ok", (pin) => `${pin.slice(0, 2)}L${pin.slice(2)}LE`),
  entry("arrows between the digits", "ok", (pin) => `${pin.slice(0, 2)}<>${pin.slice(2)}E`),
  entry("nobody goes on after three digits", "timeout", (pin) => pin.slice(0, 3)),
  entry(
    "the host gives up after three digits",
    "cancelled",
    (pin) => pin.slice(0, 3),
    (counter) => {
      counter.host.command(ABORT, [0, 0, 0], new Uint8Array(), 3e9);
    },
  ),
  entry(
    "the host asks for the slot's state in the middle",
    "timeout",
    (pin) => pin,
    (counter) => {
      // Echo and answer of both messages come in the order in which they were asked for.
      counter.host.command(0x65, [0, 0, 0], new Uint8Array(), 3e9);
    },
  ),
  entry(
    "the card is pulled after three digits",
    "removed",
    (pin) => pin.slice(0, 3),
    (counter) => {
      counter.simulator.remove();
    },
  ),
  entry(
    "the card's contact is lost for an instant",
    "removed",
    (pin) => pin,
    (counter) => {
      counter.simulator.world.slot.glitch(100_000);
    },
  ),
  {
    name: "the card is pulled while the PIN is on its way",
    digits: 4,
    page: "unknown",
    run(counter, pin) {
      atResident(counter, PLACES.juki, pin);
      begin(counter, verifyData(VERIFY_KNOWN));
      press(counter, pin);
      let left = 4;
      counter.simulator.world.wire.onCharacter(() => {
        if (--left === 0) counter.simulator.remove();
      });
      press(counter, "E");
      finish(counter);
    },
  },
  {
    name: "a host's own time limit runs out",
    digits: 4,
    page: "timeout",
    run(counter, pin) {
      atResident(counter, PLACES.surfaceInput, pin);
      begin(counter, verifyData({ ...VERIFY_KNOWN, seconds: 3 }));
      press(counter, pin.slice(0, 2));
      finish(counter);
    },
  },
  {
    name: "a quick typist whose session ends and whose card leaves",
    digits: 4,
    page: "insert",
    run(counter, pin) {
      atResident(counter, PLACES.common, pin);
      begin(counter, verifyData(VERIFY_KNOWN));
      press(counter, `${pin}E`, 60);
      finish(counter);
      counter.host.powerOff();
      counter.simulator.runFor(6000);
      counter.simulator.remove();
      counter.simulator.runFor(1000);
    },
  },
  {
    name: "the PIN unlocks a signature",
    digits: 4,
    page: "ok",
    run(counter, pin) {
      atResident(counter, PLACES.userAuthentication, pin);
      begin(counter, verifyData(VERIFY_KNOWN));
      press(counter, `${pin}E`);
      finish(counter);
      counter.select(AID.jpki, "0017");
      counter.apdu(`802a008033${"3031300d060960864801650304020105000420"}${"5a".repeat(32)}00`);
    },
  },
];

/** Another PIN, different in one digit; which one depends on the PIN. */
function differing(pin: string): string {
  const at = Number(pin[0]) % pin.length;
  const digit = (Number(pin[at]) + 1) % 10;
  return `${pin.slice(0, at)}${digit}${pin.slice(at + 1)}`;
}

export const ENTRIES: readonly EntryScenario[] = [...VERIFICATIONS, ...CHANGES, ...ENDINGS];
