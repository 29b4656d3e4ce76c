/** A check, a change, or an operator's sign-in over the sealed line with any PIN: how its steps are taken, what is fetched afterwards, and all that is seen. */
import { otherPin, PLACES, residentWith } from "../../host-sim/scenario/entry-cards.ts";
import { fromHex, VERIFY_4 } from "../../host-sim/scenario/counter.ts";
import type { SimCard } from "../../host-sim/card/sim-card.ts";
import { Simulator, type SimulatorOptions } from "../../host-sim/world/simulator.ts";
import { CheckHost } from "../host-sim/world/check-host.ts";
import { hostAt, PAIR } from "../host-sim/world/sealed-simulator.ts";
import type { Run } from "./runs.ts";

const SEED = 20;
const PAGE_MS = 70_000;
/** From key to key. */
const KEY_MS = 150;
const SETTLE_MS = 1500;
/** What the digits may be seen in: nothing else is masked, the memory's bytes and the line's least of all. */
const MASKED: ReadonlySet<string> = new Set(["keys", "card-out", "scan"]);

export interface CheckStory {
  readonly name: string;
  /** At the end, before the card is taken out. */
  readonly page: string;
  /** The card whose holder types `pin`: four digits in a check, in a change the old PIN and behind it the new one. */
  readonly card: (pin: string, counter: CheckCounter) => SimCard;
  readonly keys: (pin: string) => string;
  readonly useLastTry?: boolean;
  /** It is a ChangePin. */
  readonly change?: { readonly birth?: string; readonly finish?: boolean };
  /** No check: an operator signs in. */
  readonly isSignIn?: boolean;
  /** What ends it where no key does. Returns whether the answer still comes in this session. */
  readonly end?: CheckEnd;
}

export type CheckEnd = (counter: CheckCounter) => boolean;

/** A terminal in its world, its counter, and how a check's steps are taken there. */
export class CheckCounter {
  readonly simulator: Simulator;
  readonly check: CheckHost;

  constructor(options: SimulatorOptions = {}) {
    this.simulator = new Simulator({ mode: "sealed", pair: PAIR, seed: SEED, ...options });
    this.check = new CheckHost(hostAt(this.simulator));
    this.simulator.runFor(200);
    this.check.host.open();
  }

  until(page: string): void {
    const { simulator } = this;
    if (!simulator.runUntil(() => simulator.page() === page, PAGE_MS))
      throw new Error(`${simulator.page()} instead of ${page}`);
  }

  /** Up to the first page of the story's entry. */
  begin(story: CheckStory, pin: string): void {
    const card = story.card(pin, this);
    if (story.isSignIn === true) this.toOperatorEntry(card);
    else this.toEntry(card, story);
  }

  /** The same of a check or a change. */
  toEntry(
    card: SimCard,
    { useLastTry = false, change }: Pick<CheckStory, "useLastTry" | "change"> = {},
  ): void {
    if (change === undefined) this.check.begin({ id: 1, useLastTry });
    else this.check.change({ id: 1, ...change });
    this.until("insert");
    this.simulator.insert(card);
    const question = this.check.answer();
    if (question.step !== "question") throw new Error("no question");
    this.check.go(1, question);
    this.until(useLastTry ? "last" : "pin");
  }

  /** The same of a sign-in. */
  toOperatorEntry(card: SimCard): void {
    this.check.signIn();
    this.until("insert-operator");
    this.simulator.insert(card);
    this.until("pin");
  }

  /** What a counter does after a check: asks for its result once more, and reads the whole journal. */
  fetch(): void {
    this.check.getResult(1);
    this.check.journal();
  }
}

export const pullCard: CheckEnd = ({ simulator }) => {
  simulator.remove();
  return true;
};

export const abortIt: CheckEnd = ({ check }) => {
  check.abort();
  return true;
};

export const loseLine: CheckEnd = ({ simulator }) => {
  simulator.world.line.unplug();
  simulator.runFor(6000);
  simulator.world.line.plug();
  return false;
};

export const callAnew: CheckEnd = () => false;

/** The card stays in the slot. */
export const losePower: CheckEnd = ({ simulator }) => {
  simulator.powerOff();
  simulator.runFor(500);
  simulator.powerOn();
  return false;
};

/** Cuts the supply `ms` after the last 確認 was taken. */
export function cutAfterConfirm(ms: number): CheckEnd {
  return (counter) => {
    counter.until("reading");
    counter.simulator.runFor(ms);
    return losePower(counter);
  };
}

export function tellCheck(story: CheckStory, pin: string): Run {
  const counter = new CheckCounter();
  const { simulator, check } = counter;
  const page = playCheck(counter, story, pin);
  pcscEntry(counter, story, pin.slice(0, 4));
  check.host.close();
  simulator.close();
  return runOf(simulator, page);
}

/** The check alone, and what is fetched; the card is taken out. Returns the page at its end. */
export function playCheck(counter: CheckCounter, story: CheckStory, pin: string): string {
  const { simulator, check } = counter;
  counter.begin(story, pin);
  const keys = story.keys(pin);
  simulator.keys(keys);
  // A key that ends the entry is answered; what ends it otherwise waits until all have counted.
  if (story.end !== undefined && !keys.endsWith("E")) simulator.runFor(KEY_MS * keys.length + 550);
  const isAnswered = story.end?.(counter) ?? true;
  if (isAnswered) void (story.isSignIn === true ? check.signedIn() : check.answer());
  else {
    simulator.runFor(SETTLE_MS);
    check.host.open();
  }
  const page = simulator.page();
  counter.fetch();
  if (simulator.world.slot.inserted() !== undefined) simulator.remove();
  simulator.runFor(SETTLE_MS);
  return page;
}

/** The first four digits once more, by Secure of a PC/SC program in the same session. */
function pcscEntry({ simulator, check: { host } }: CheckCounter, story: CheckStory, pin: string): void {
  simulator.insert(residentWith(PLACES.juki, story.name === "wrong" ? otherPin(pin) : pin));
  simulator.runFor(100);
  host.slotStatus();
  host.powerOn();
  host.connect();
  for (const apdu of ["00a4040c0ad3921000310001010401", "00a4020c02001c"]) host.transmit(fromHex(apdu));
  host.beginSecure(fromHex(VERIFY_4));
  if (!simulator.runUntil(() => simulator.page() === "pin", PAGE_MS)) throw new Error(simulator.page());
  simulator.keys(`${pin}E`);
  host.finishSecure();
  host.powerOff();
  simulator.remove();
  simulator.runFor(SETTLE_MS);
}

function runOf(simulator: Simulator, page: string): Run {
  const { recorder, complaints } = simulator.world;
  const events = recorder.all();
  const lines = events.map(({ timeNs, channel, value }) => {
    const text = value instanceof Uint8Array ? Buffer.from(value).toString("hex") : String(value);
    return `${timeNs} ${channel} ${MASKED.has(channel) ? "•" : text}`;
  });
  const contacts = events.filter(({ channel }) => channel === "keys").map(({ value }) => value);
  return { page, lines, complaints, contacts: contacts.join() };
}
