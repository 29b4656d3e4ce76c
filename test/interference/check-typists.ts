/** People who type other numbers of digits in other rhythms in a resident check, or a change, that ends at the same instant. */
import { BOARD } from "../../board/mps2-an386/pins.ts";
import { PLACES, residentWith } from "../../host-sim/scenario/entry-cards.ts";
import type { TraceEvent } from "../../host-sim/world/recorder.ts";
import { ChangeCard } from "../host-sim/world/change-bench.ts";
import { abortIt, callAnew, CheckCounter, loseLine, pullCard, type CheckEnd } from "./check-counter.ts";
import { END_MS, rhythms, tap, whole, type Typist } from "./typists.ts";

export interface CheckEnding {
  readonly name: string;
  readonly page: string;
  readonly end: CheckEnd;
}

/** When the page of the result has gone. */
const AFTER_MS = 6500;
const LIMIT_MS = 20_000;
const MS = 1e6;
/** What a person at the counter sees, hears and does; everything else is line, card, memory and logs. */
const AT_THE_COUNTER: ReadonlySet<string> = new Set(["keys", "scan", "spi", "tone"]);

export const CHECK_ENDINGS: readonly CheckEnding[] = [
  {
    name: "取消",
    page: "cancelled",
    end(counter) {
      tap(counter, "X", counter.simulator.nowNs);
      return true;
    },
  },
  { name: "removal", page: "removed", end: pullCard },
  { name: "the counter's Abort", page: "cancelled", end: abortIt },
  { name: "the end of the link", page: "cancelled", end: loseLine },
  { name: "a new session", page: "cancelled", end: callAnew },
];

/** The limit runs from the last key that counted: of typists whose last key is the same instant. */
export const CHECK_LIMIT: CheckEnding = {
  name: "the terminal's limit",
  page: "timeout",
  end({ simulator }) {
    simulator.runUntil(() => simulator.page() === "timeout", LIMIT_MS);
    return true;
  },
};

/** Every event off the counter, complaints, and what the counter is told. */
export function typedInCheck(typist: Typist, ending: CheckEnding): string[] {
  const counter = new CheckCounter();
  counter.toEntry(residentWith(PLACES.juki, "0000"));
  return typedIn(counter, typist, ending, 0);
}

/** The same of a change, from its first entry on. The lamp blinks at each 確認, for those who stand there. */
export function typedInChange(typist: Typist, ending: CheckEnding): string[] {
  const counter = new CheckCounter();
  counter.toEntry(new ChangeCard().slotted, { change: {} });
  return typedIn(counter, typist, ending, BOARD.lamps.secureEntry);
}

/** `unseen` are the pins that only somebody at the counter sees. */
function typedIn(counter: CheckCounter, typist: Typist, ending: CheckEnding, unseen: number): string[] {
  const { simulator, check } = counter;
  const promptNs = simulator.nowNs;
  [...typist.keys].forEach((key, i) => tap(counter, key, promptNs + typist.atMs[i]! * MS));
  simulator.runFor(END_MS);
  const isAnswered = ending.end(counter);
  if (!isAnswered) check.host.open();
  const told = isAnswered ? check.answer() : check.getResult(1);
  const page = simulator.page();
  counter.fetch();
  simulator.runFor(AFTER_MS);
  simulator.close();
  const { recorder, complaints } = simulator.world;
  const seen = recorder.all().filter(({ channel }) => !AT_THE_COUNTER.has(channel));
  return [...withoutPins(seen, unseen).map(whole), ...complaints, `${JSON.stringify(told)}, ${page}`];
}

function withoutPins(events: readonly TraceEvent[], unseen: number): TraceEvent[] {
  let before = 0;
  return events.flatMap((event) => {
    if (event.channel !== "pins" || unseen === 0) return [event];
    const value = Number(event.value) & ~unseen;
    const isSame = value === before;
    before = value;
    return isSame ? [] : [{ ...event, value }];
  });
}

/** Who has come to the second entry of a change, to the third, or to the page of a refusal, and stops there. */
export function changers(lastMs: number): Typist[] {
  const ways = ["5678E", "5678E7", "5678E7391E", "5678E7391E73", "5678E0000EE739", "5678E739C7391E7391"];
  return ways.flatMap((keys) => rhythms(keys, lastMs));
}

/** Somebody on the page that says why a new PIN is not taken, which has no 取消. */
export function refusedOnes(lastMs: number): Typist[] {
  return ["5678E0000E", "5678E7391E7390E"].flatMap((keys) => rhythms(keys, lastMs));
}

export interface TypistsCompared {
  readonly compared: number;
  /** Of the first typist. */
  readonly events: number;
  readonly told: string;
  /** The first that each other typist's run has and the first one's has not. */
  readonly differences: readonly string[];
}

export function compareTypists(
  told: (typist: Typist) => readonly string[],
  people: readonly Typist[],
): TypistsCompared {
  const reference = told(people[0]!);
  const differences: string[] = [];
  for (const typist of people.slice(1)) {
    const seen = told(typist);
    const at = seen.findIndex((line, i) => line !== reference[i]);
    if (at >= 0) differences.push(`${typist.name}: ${seen[at]} instead of ${reference[at]}`);
    else if (seen.length !== reference.length) differences.push(`${typist.name}: ${seen.length} events`);
  }
  return {
    compared: people.length - 1,
    events: reference.length,
    told: reference.at(-1)!,
    differences,
  };
}
