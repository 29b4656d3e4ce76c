/** What stories look at: the page, the card's own counters, and what a program on the PC is told. */
import type { PinObject } from "../card/apps/pin-object.ts";
import type { SimCard } from "../card/sim-card.ts";
import { T1Endpoint } from "../card/t1-endpoint.ts";
import { SecureRefused } from "../host/ccid-host.ts";
import { fromHex, toHex, type Counter } from "./counter.ts";
import type { PinPlace } from "./entry-cards.ts";
import { expectSame, ScenarioFailure } from "./scenario.ts";
import { verifyData } from "./secure-data.ts";

/** A Secure that verifies the four digits of the object that is selected. */
export const VERIFY = verifyData({ apdu: "00200080", minimum: 4, maximum: 4 });

/** The PIN in `card` at `place`; its value is never shown. */
export function pinAt(card: SimCard, place: PinPlace): PinObject {
  const file = parseInt(place.file, 16);
  const found =
    card instanceof T1Endpoint
      ? card.application.pins.find((pin) => pin.application.toLowerCase() === place.aid && pin.file === file)
      : undefined;
  if (found === undefined) throw new ScenarioFailure(`no PIN ${place.file} in ${place.aid}`);
  return found;
}

/** What a card knows of one PIN, beside its value. */
export interface PinState {
  readonly left: number;
  readonly verified: boolean;
  /** Comparisons so far. */
  readonly compared: number;
  /** Times the value was replaced. */
  readonly changed?: number;
}

export function expectPin(card: SimCard, place: PinPlace, state: PinState): void {
  const pin = pinAt(card, place);
  const actual = {
    left: pin.left,
    verified: pin.verified,
    compared: pin.verifyCount,
    changed: pin.changeCount,
  };
  expectSame(`PIN ${place.file} in the card`, actual, { ...state, changed: state.changed ?? 0 });
}

/** Every PIN of the card is as the issuer left it: full counter, nothing compared, nothing verified. */
export function expectUntouched(card: SimCard): void {
  if (!(card instanceof T1Endpoint)) throw new ScenarioFailure(`${card.name} has no PINs`);
  const touched = card.application.pins.filter(
    (pin) => pin.verified || pin.verifyCount + pin.changeCount > 0,
  );
  expectSame(
    "PINs that were touched",
    touched.map((pin) => pin.file),
    [],
  );
}

export function expectPage(counter: Counter, page: string): void {
  expectSame("page", counter.page, page);
}

/** A Secure with these keys ends with this status word, and the resident sees this page. */
export function expectEntry(counter: Counter, keys: string, statusWord: string, page: string): void {
  expectSame("status word of the PIN command", counter.secure(VERIFY, keys), statusWord);
  counter.simulator.runFor(50);
  expectPage(counter, page);
}

/** Begins a Secure and waits until the terminal asks. */
export function beginEntry(counter: Counter, data = VERIFY): void {
  counter.host.beginSecure(fromHex(data));
  counter.waitForPrompt();
  expectSame("a prompt is shown", counter.page === "pin" || counter.page === "last", true);
}

/** Presses keys and lets them be taken, the command still open. */
export function type(counter: Counter, keys: string): void {
  counter.simulator.keys(keys);
  counter.simulator.runFor(150 * keys.length);
}

/** The command's answer and the page that stands after it. */
export function expectEnd(counter: Counter, statusWord: string, page: string): void {
  expectSame("status word of the PIN command", toHex(counter.host.finishSecure()), statusWord);
  counter.simulator.runFor(50);
  expectPage(counter, page);
}

/** The Secure under way ends without a status word; `error` is bError. */
export function expectFailure(counter: Counter, error: number): void {
  try {
    counter.host.finishSecure();
  } catch (failure) {
    if (!(failure instanceof SecureRefused)) throw failure;
    expectSame("bError of the PIN command", failure.reply.error, error);
    return;
  }
  throw new ScenarioFailure("the PIN command succeeded");
}
