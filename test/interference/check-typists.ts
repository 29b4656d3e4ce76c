/** People who type other numbers of digits in other rhythms in a resident check whose entry ends at the same instant. */
import { PLACES, residentWith } from "../../host-sim/scenario/entry-cards.ts";
import { CheckCounter } from "./check-stories.ts";
import { END_MS, tap, whole, type Typist } from "./typists.ts";

export interface CheckEnding {
  readonly name: string;
  readonly page: string;
  /** Returns whether the result comes in this session. */
  end(counter: CheckCounter): boolean;
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
  {
    name: "removal",
    page: "removed",
    end(counter) {
      counter.simulator.remove();
      return true;
    },
  },
  {
    name: "the counter's Abort",
    page: "cancelled",
    end({ check }) {
      check.host.rawMessage(Uint8Array.of(0x72, 0, 0, 0, 0, 0, 0, 0, 0, 0));
      check.host.readReply();
      return true;
    },
  },
  {
    name: "the end of the link",
    page: "cancelled",
    end({ simulator }) {
      simulator.world.line.unplug();
      simulator.runFor(6000);
      simulator.world.line.plug();
      return false;
    },
  },
  { name: "a new session", page: "cancelled", end: () => false },
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
  const { simulator, check } = counter;
  counter.toEntry(residentWith(PLACES.juki, "0000"));
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
  return [...seen.map(whole), ...complaints, `${JSON.stringify(told)}, ${page}`];
}
