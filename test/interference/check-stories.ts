/** A resident check, or an operator's sign-in, over the sealed line, told with any PIN: every way out of its entry, and what follows. */
import { PLACES, otherPin, residentWith } from "../../host-sim/scenario/entry-cards.ts";
import { fromHex, VERIFY_4 } from "../../host-sim/scenario/counter.ts";
import type { SimCard } from "../../host-sim/card/sim-card.ts";
import { operator, resident } from "../../host-sim/card/deck.ts";
import { Simulator, type SimulatorOptions } from "../../host-sim/world/simulator.ts";
import { CheckHost } from "../host-sim/world/check-host.ts";
import { hostAt, PAIR } from "../host-sim/world/sealed-simulator.ts";
import type { Run } from "./runs.ts";

const SEED = 20;
const ABORT = 0x72;
const PAGE_MS = 70_000;
const SETTLE_MS = 1500;
/** What the card has said when it has answered the empty VERIFY (resident-check.test.ts). */
const BEFORE_VERIFY = 5 + 6 + 36 + 6 + 6 + 6;
/** What the digits may be seen in: nothing else is masked, the memory's bytes and the line's least of all. */
const MASKED: ReadonlySet<string> = new Set(["keys", "card-out", "scan"]);

export interface CheckStory {
  readonly name: string;
  /** At the end, before the card is taken out. */
  readonly page: string;
  /** The card whose holder types `pin`. */
  readonly card: (pin: string) => SimCard;
  readonly keys: (pin: string) => string;
  readonly useLastTry?: boolean;
  /** No check: an operator signs in. */
  readonly isSignIn?: boolean;
  /** What ends it where no key does. Returns whether the answer still comes in this session. */
  readonly end?: (counter: CheckCounter) => boolean;
}

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

  /** Up to the first page of the entry. */
  toEntry(card: SimCard, useLastTry = false): void {
    this.check.begin({ id: 1, useLastTry });
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

const right = (pin: string): SimCard => residentWith(PLACES.juki, pin);
const wrong = (pin: string): SimCard => residentWith(PLACES.juki, otherPin(pin));
const three = (pin: string): string => pin.slice(0, 3);

/** Cuts the supply `ms` after 確認 was taken; the card stays in the slot. */
function cutAfterConfirm(ms: number): (counter: CheckCounter) => boolean {
  return ({ simulator }) => {
    simulator.runUntil(() => simulator.page() === "reading", PAGE_MS);
    simulator.runFor(ms);
    simulator.powerOff();
    simulator.runFor(500);
    simulator.powerOn();
    return false;
  };
}

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
  { name: "取消 after three digits", page: "cancelled", card: right, keys: (pin) => `${three(pin)}X` },
  { name: "nobody goes on after three digits", page: "timeout", card: right, keys: three },
  {
    name: "the card is pulled after three digits",
    page: "removed",
    card: right,
    keys: three,
    end({ simulator }) {
      simulator.remove();
      return true;
    },
  },
  {
    name: "the counter aborts after three digits",
    page: "cancelled",
    card: right,
    keys: three,
    end({ check }) {
      check.host.rawMessage(Uint8Array.of(ABORT, 0, 0, 0, 0, 0, 0, 0, 0, 0));
      check.host.readReply();
      return true;
    },
  },
  {
    name: "the cable is pulled after three digits",
    page: "cancelled",
    card: right,
    keys: three,
    end({ simulator }) {
      simulator.world.line.unplug();
      simulator.runFor(6000);
      simulator.world.line.plug();
      return false;
    },
  },
  {
    name: "a new session begins after three digits",
    page: "cancelled",
    card: right,
    keys: three,
    end: () => false,
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
    end({ simulator }) {
      simulator.powerOff();
      simulator.runFor(500);
      simulator.powerOn();
      return false;
    },
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

export function checkStoryNamed(name: string): CheckStory {
  const found = CHECK_STORIES.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no story ${name}`);
  return found;
}

export function tellCheck(story: CheckStory, pin: string): Run {
  const counter = new CheckCounter();
  const { simulator, check } = counter;
  const page = playCheck(counter, story, pin);
  pcscEntry(counter, story, pin);
  check.host.close();
  simulator.close();
  return runOf(simulator, page);
}

/** The check alone, and what is fetched; the card is taken out. Returns the page at its end. */
export function playCheck(counter: CheckCounter, story: CheckStory, pin: string): string {
  const { simulator, check } = counter;
  if (story.isSignIn === true) counter.toOperatorEntry(story.card(pin));
  else counter.toEntry(story.card(pin), story.useLastTry);
  simulator.keys(story.keys(pin));
  // A key that ends the entry is answered; what ends it otherwise waits until all have counted.
  if (story.end !== undefined && !story.keys(pin).endsWith("E")) simulator.runFor(1000);
  const isAnswered = story.end?.(counter) ?? true;
  if (isAnswered) void (story.isSignIn === true ? check.signedIn() : check.answer());
  else {
    simulator.runFor(SETTLE_MS);
    check.host.open();
  }
  const page = simulator.page();
  counter.fetch();
  if (page !== "removed") simulator.remove();
  simulator.runFor(SETTLE_MS);
  return page;
}

/** The same digits once more, by Secure of a PC/SC program in the same session. */
function pcscEntry({ simulator, check: { host } }: CheckCounter, story: CheckStory, pin: string): void {
  simulator.insert(story.name === "wrong" ? wrong(pin) : right(pin));
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
