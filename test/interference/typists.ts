/**
 * People who type other numbers of digits in other rhythms and whose entry ends at the same instant (design §7.1). Keys are set
 * on the matrix directly and without bounce: how a contact chatters must not decide in which scan the last key counts.
 */
import { Counter, fromHex } from "../../host-sim/scenario/counter.ts";
import { isoWith, PLACES, residentWith } from "../../host-sim/scenario/entry-cards.ts";
import { verifyData } from "../../host-sim/scenario/secure-data.ts";
import { HostFailure } from "../../host-sim/host/ccid-host.ts";
import { KEY_ORDER } from "../../host-sim/chip/key-matrix.ts";
import type { TraceEvent } from "../../host-sim/world/recorder.ts";

/** Keys and when each is pressed, in milliseconds after the prompt. */
export interface Typist {
  readonly name: string;
  readonly keys: string;
  readonly atMs: readonly number[];
}

/** What ends the entry, `END_MS` after the prompt or, for time limits, by itself. */
export interface Ending {
  readonly name: string;
  /** bTimeOut of the host; 0 is the terminal's own. */
  readonly seconds: number;
  end(counter: Counter): void;
}

export const END_MS = 6000;
const HOLD_MS = 60;
const MS = 1e6;
/** A second after the ending, and the result page's hold, when something late would show. */
const AFTER_MS = 6500;
const TIMED_OUT_MS = 20_000;
/** What a person at the counter sees, hears and does; everything else is line, card and logs. */
const AT_THE_COUNTER: ReadonlySet<string> = new Set(["keys", "scan", "spi", "tone"]);

/** Digits at even distances, hasty ones, a slow start, a pause in the middle; the last key at `lastMs`. */
export function rhythms(keys: string, lastMs: number): Typist[] {
  const back = (stepMs: number): number[] => [...keys].map((_, i) => lastMs - (keys.length - 1 - i) * stepMs);
  const paused = back(120).map((atMs, i) => (i < Math.floor(keys.length / 2) ? atMs - 1500 : atMs));
  return [
    { name: `${keys}, even`, keys, atMs: back(290) },
    { name: `${keys}, hasty`, keys, atMs: back(80) },
    { name: `${keys}, paused`, keys, atMs: paused },
  ];
}

/** The first `count` digits; also with 訂正, 確認 too early and arrows; the last key always counts. */
export function typists(digits: string, lastMs: number): Typist[] {
  const counts = digits.length <= 4 ? [1, 2, 3, 4] : [1, 2, 3, 4, 5, 8, 12, 16];
  const plain = counts.flatMap((count) => rhythms(digits.slice(0, count), lastMs));
  const cleared = ["1C", "123C", "1C2C3C", "12C34"].flatMap((keys) => rhythms(keys, lastMs));
  // Without >: who chooses ゆっくり is told of by the instant of a timeout, and by that of a result's end.
  const others = ["1E2E3", "1<2<3", `C<${digits}`].flatMap((keys) => rhythms(keys, lastMs));
  return [...plain, ...cleared, ...others];
}

export const NOBODY: Typist = { name: "nothing", keys: "", atMs: [] };

/** The whole story up to the ending and behind it: events off the counter, complaints, and the host's answer. */
export function typedBy(typist: Typist, ending: Ending, application: "known" | "unknown"): string[] {
  const counter = atPrompt(application, ending.seconds);
  const promptNs = counter.simulator.nowNs;
  [...typist.keys].forEach((key, i) => tap(counter, key, promptNs + typist.atMs[i]! * MS));
  counter.simulator.runFor(END_MS);
  ending.end(counter);
  const answer = failureOf(() => counter.host.finishSecure());
  const { recorder, complaints } = counter.simulator.world;
  counter.simulator.runFor(Math.max(0, AFTER_MS - (counter.simulator.nowNs - promptNs) / MS + END_MS));
  const seen = recorder.all().filter((event) => !AT_THE_COUNTER.has(event.channel));
  return [...seen.map(whole), ...complaints, `${answer}, ${counter.page}`];
}

/** Presses and releases a key, without bounce, `atNs`. */
export function tap(counter: Pick<Counter, "simulator">, key: string, atNs: number): void {
  const { scheduler, matrix } = counter.simulator.world;
  const index = KEY_ORDER.indexOf(key);
  scheduler.patientlyAt(atNs, () => matrix.setContact(scheduler.nowNs, index, true, 0));
  scheduler.patientlyAt(atNs + HOLD_MS * MS, () => matrix.setContact(scheduler.nowNs, index, false, 0));
}

/** Runs past a time limit that runs out by itself. */
export function waitForTimeout(counter: Counter): void {
  counter.simulator.runUntil(() => counter.page === "timeout", TIMED_OUT_MS);
}

function atPrompt(application: "known" | "unknown", seconds: number): Counter {
  const counter = new Counter({ seed: 7 }).start();
  const isKnown = application === "known";
  counter.insert(isKnown ? residentWith(PLACES.userAuthentication, "0000") : isoWith("00000000"));
  if (isKnown) counter.select(PLACES.userAuthentication.aid, PLACES.userAuthentication.file);
  const apdu = isKnown ? "00200080" : "00200081";
  counter.host.beginSecure(fromHex(verifyData({ apdu, minimum: 4, maximum: isKnown ? 4 : 16, seconds })));
  counter.waitForPrompt();
  return counter;
}

/** Everything, card characters included: none may be on the wire. */
export function whole({ timeNs, channel, value }: TraceEvent): string {
  return `${timeNs} ${channel} ${value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value}`;
}

function failureOf(ask: () => unknown): string {
  try {
    ask();
  } catch (error) {
    if (error instanceof HostFailure) return error.message;
    throw error;
  }
  return "answered";
}
