/** Cards of the deck whose PINs are what a scenario types. */
import { iso, resident } from "../card/deck.ts";
import type { T1Endpoint, T1Options } from "../card/t1-endpoint.ts";
import { AID } from "./counter.ts";

/** A PIN object as scenarios name it: application, file, and the command that verifies it. */
export interface PinPlace {
  readonly aid: string;
  readonly file: string;
}

export const PLACES = {
  juki: { aid: AID.juki, file: "001c" },
  common: { aid: AID.common, file: "001c" },
  userAuthentication: { aid: AID.jpki, file: "0018" },
  surfaceInput: { aid: AID.surfaceInput, file: "0011" },
} as const satisfies Record<string, PinPlace>;

/** A 個人番号カード with `pin` at `place`, `left` tries left. */
export function residentWith(place: PinPlace, pin: string, left = 3): T1Endpoint {
  const card = resident("mynumber", {});
  const file = parseInt(place.file, 16);
  const found = card.application.pins.find(
    (each) => each.application.toLowerCase() === place.aid && each.file === file,
  );
  if (found === undefined) throw new Error(`no PIN in ${place.aid} ${place.file}`);
  found.value = pin;
  found.left = left;
  return card;
}

/** The plain ISO card with `pin` as its PIN 81, of 4 to 16 digits. */
export function isoWith(pin: string, wire: Partial<T1Options> = {}, left = 3): T1Endpoint {
  const card = iso("iso", wire);
  const found = card.application.pins.find((each) => each.file === 0x81);
  if (found === undefined) throw new Error("the ISO card has no PIN 81");
  found.value = pin;
  found.left = left;
  return card;
}

/** Another PIN of the same length, different in every digit and again a permutation of all PINs. */
export function otherPin(pin: string): string {
  return [...pin].map((digit, at) => (Number(digit) + 1 + ((3 * at) % 9)) % 10).join("");
}
