/** A story in which somebody types a PIN, and the steps that such stories are told in. */
import type { ImageOptions } from "../engine/engine.ts";
import { HostFailure } from "../host/ccid-host.ts";
import { fromHex, toHex, type Counter } from "./counter.ts";
import { residentWith, type isoWith, type PinPlace } from "./entry-cards.ts";

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

export const VERIFY_KNOWN = { apdu: "00200080", minimum: 4, maximum: 4 };
export const SETTLE_MS = 300;

/** A resident's card on which `place` is selected. */
export function atResident(counter: Counter, place: PinPlace, pin: string, left = 3): void {
  counter
    .start()
    .insert(residentWith(place, pin, left))
    .select(place.aid, place.file);
}

/** The ISO card, of whose applications the terminal knows none. */
export function atIso(counter: Counter, card: ReturnType<typeof isoWith>): void {
  counter.start().insert(card);
  counter.apdu("00a4040c08a0000009994d4701");
}

/** Begins a Secure and waits for its prompt. */
export function begin(counter: Counter, data: string): void {
  counter.host.beginSecure(fromHex(data));
  counter.waitForPrompt();
}

export function press(counter: Counter, keys: string, everyMs = 150): void {
  counter.simulator.keys(keys, everyMs);
  counter.simulator.runFor(keys.length * everyMs);
}

/** The answer as the host's software sees it, or why there was none; then time for the page. */
export function finish(counter: Counter): string {
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
