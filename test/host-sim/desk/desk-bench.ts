/** The counter window at a sealed terminal in virtual time: the desk, its line and key are the real ones, the tab is a list of messages. */
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import type { CounterClock } from "../../../host-sim/counter/counter-clock.ts";
import { KEY_FILE, makeDevelopmentPair } from "../../../host-sim/counter/development-pair.ts";
import { SharedLine } from "../../../host-sim/cli/shared-line.ts";
import { Desk } from "../../../host-sim/desk/desk.ts";
import { DeskChannel } from "../../../host-sim/desk/desk-channel.ts";
import { Register, type Operator } from "../../../host-sim/desk/register.ts";
import { stationLine } from "../../../host-sim/desk/station-line.ts";
import type { PageConversation } from "../../../host-sim/page/page-channel.ts";
import { SessionRecording } from "../../../host-sim/scenario-file/recording.ts";
import { makeCard } from "../../../host-sim/card/deck.ts";
import { Simulator } from "../../../host-sim/world/simulator.ts";
import { SECRET_BYTES } from "../../../host-sim/world/provision.ts";
import { temporaryFolder } from "../cli/temporary.ts";

const FOLDER = temporaryFolder();

/** Those of `passwordOf`. */
const CHEAP_PASSWORDS: Readonly<Record<string, string>> = {
  madoka: "scrypt$2$AAAAAAAAAAAAAAAAAAAAAA==$jvnSbOgSDP64PLM8aseMni6h4+uZOFjKmmHS6XuHoBc=",
  midori: "scrypt$2$AAAAAAAAAAAAAAAAAAAAAA==$Uj7GAdasfSSGw4v+3Gh4kM69YPmfxByfuazJsh3lWA8=",
};

const KEYS_EVERY_MS = 100;

type Message = Record<string, unknown>;

/** Turns of Node's loop after which nothing more happens by itself: TLS over a stream takes a handful. */
const QUIET_TURNS = 12;
/** 2026-11-26T09:00:00+09:00, in the afternoon of no time zone's other day. */
export const BEGAN_MS = Date.UTC(2026, 10, 26, 3);

export interface CaseState {
  readonly number: string;
  readonly stage: string;
  readonly answer?: {
    readonly outcome: string;
    readonly verdict: string;
    readonly serial: string;
    readonly name?: string;
    readonly triesLeft?: number;
    readonly pinObject: number;
  };
  readonly isUnheard: boolean;
  readonly found?: readonly { readonly id: number; readonly name: string }[];
  readonly members: readonly {
    readonly id: number;
    readonly name: string;
    readonly proof: string;
    readonly way: string;
    readonly unfit?: string;
    readonly takesPart: boolean;
    readonly waits: boolean;
  }[];
  readonly papers: readonly Record<string, string>[];
}

/** A tab: what it was told, and what it says. */
export class Tab {
  readonly messages: Message[] = [];
  readonly conversation: PageConversation;

  constructor(
    private readonly bench: DeskBench,
    channel: DeskChannel,
  ) {
    this.conversation = channel.open({
      send: (message) => this.messages.push(JSON.parse(JSON.stringify(message)) as Message),
      sendBytes: () => undefined,
    });
  }

  /** Says it, and lets time go by until it is done. */
  async do(message: Message): Promise<void> {
    await this.bench.until(this.begin(message));
  }

  /** Says it; what comes of it comes later. */
  begin(message: Message): Promise<void> {
    return Promise.resolve(this.conversation.message(message));
  }

  state(): Message {
    return this.messages.findLast(({ type }) => type === "state") ?? {};
  }

  case(): CaseState {
    const { case: found } = this.state();
    if (found === undefined) throw new Error("no case is open");
    return found as CaseState;
  }

  /** The latest complaint, taken away. */
  notice(): Message | undefined {
    const at = this.messages.findLastIndex(({ type }) => type === "notice");
    return at < 0 ? undefined : this.messages.splice(at, 1)[0];
  }
}

export class DeskBench {
  readonly simulator: Simulator;
  readonly register: Register;
  readonly desk: Desk;
  readonly line: SharedLine;
  readonly channel: DeskChannel;
  /** What people and the window have done to the terminal. */
  readonly recording: SessionRecording;
  readonly folder = mkdtempSync(join(FOLDER, "desk-"));
  readonly clock: CounterClock;
  private activity = 0;
  private requests = 0;
  /** Prompts that were answered so far. */
  private entries = 0;

  constructor({
    registerPath,
    operatorsRequired = true,
  }: { registerPath?: string; operatorsRequired?: boolean } = {}) {
    const { terminal, counter, psk } = makeDevelopmentPair(this.folder);
    const secrets = new Uint8Array(SECRET_BYTES).fill(0x21);
    this.simulator = new Simulator({
      mode: "sealed",
      pair: { terminal, counter, psk, secrets, operatorsRequired },
    });
    const { line, scheduler } = this.simulator.world;
    this.clock = {
      nowUs: () => Math.floor(scheduler.nowNs / 1000),
      after: (delayUs, action) => {
        const timer = scheduler.at(scheduler.nowNs + delayUs * 1000, () => {
          this.activity++;
          action();
        });
        return () => timer.cancel();
      },
    };
    this.line = new SharedLine({ send: (bytes) => line.send(bytes), nowMs: () => scheduler.nowNs / 1e6 });
    line.onBytes((bytes) => {
      this.activity++;
      this.line.hearTerminal(bytes);
    });
    const { simulator } = this;
    this.recording = new SessionRecording({
      get nowNs() {
        return simulator.nowNs;
      },
      page: () => simulator.page(),
    });
    this.register = Register.open(registerPath);
    const { register } = this;
    const operator = register.operator.bind(register);
    register.operator = (login) => cheaply(operator(login));
    this.desk = new Desk({
      register: this.register,
      isKept: registerPath !== undefined,
      open: stationLine(this.line, join(this.folder, KEY_FILE), this.clock),
      clock: this.clock,
      wallMs: () => BEGAN_MS + this.clock.nowUs() / 1000,
      requestId: () => (++this.requests).toString(16).padStart(32, "0"),
      says: (name, value) => this.recording.did({ do: "step", name, value }),
    });
    this.channel = new DeskChannel(this.desk);
    this.simulator.runFor(100);
  }

  tab(): Tab {
    return new Tab(this, this.channel);
  }

  /** A tab whose operator has given the password and the card. */
  async signedIn(login = "madoka", card = "operator", pin = "4649"): Promise<Tab> {
    const tab = this.tab();
    await tab.conversation.message({ do: "password", login, password: passwordOf(login) });
    const signing = tab.begin({ do: "card", language: "ja" });
    await this.putIn(card, pin);
    await this.until(signing);
    await this.takeOut();
    return tab;
  }

  /** Opens a case for the first who is found by that name. */
  async caseFor(tab: Tab, service: string, name: string): Promise<void> {
    await tab.do({ do: "open", service });
    await tab.do({ do: "find", text: name });
    const [first] = tab.case().found ?? [];
    if (first === undefined) throw new Error(`nobody is called ${name}`);
    await tab.do({ do: "choose", resident: first.id });
  }

  /** A check with this card, and these digits at each of its prompts; the card is out again at the end. */
  async check(tab: Tab, card: string, pins: readonly string[], more: Message = {}): Promise<void> {
    const checking = tab.begin({ do: "check", language: "ja", lastTry: false, finish: false, ...more });
    await this.putIn(card, ...pins);
    await this.until(checking);
    await this.takeOut();
  }

  /** Puts a card in when one is asked for (none when the card is in), and types when a PIN is, until nobody asks any more. */
  async putIn(card: string, ...pins: readonly string[]): Promise<void> {
    if (card !== "") {
      await this.shows(/^insert/);
      this.entries = this.simulator.engineView().entryCount;
      this.recording.did({ do: "insert", card, fresh: false });
      this.simulator.insert(this.cardOf(card));
    }
    const { work } = this.desk;
    for (const pin of pins) {
      const asked = this.entries;
      const asks = (): boolean => this.simulator.engineView().entryCount > asked;
      await this.until(() => asks() || work.busyWith() === undefined);
      if (!asks()) return;
      this.entries = this.simulator.engineView().entryCount;
      this.recording.did({ do: "keys", keys: `${pin}E`, everyMs: KEYS_EVERY_MS });
      this.simulator.keys(`${pin}E`, KEYS_EVERY_MS);
    }
  }

  async takeOut(): Promise<void> {
    this.recording.did({ do: "remove" });
    this.simulator.remove();
    await this.shows(/^(insert|ready|idle|suspended|out-of-service).*/);
  }

  async shows(page: RegExp): Promise<void> {
    await this.until(() => page.test(this.simulator.page()));
  }

  /** Lets the world and the loop go on, in jumps, until it is so, or the promise has settled. */
  async until(what: Promise<unknown> | (() => boolean), limitS = 400): Promise<void> {
    let isSettled = false;
    if (typeof what !== "function")
      void what.then(
        () => (isSettled = true),
        () => (isSettled = true),
      );
    const isSo = typeof what === "function" ? what : (): boolean => isSettled;
    const { simulator } = this;
    const endNs = simulator.nowNs + limitS * 1e9;
    for (;;) {
      await this.quiet();
      if (isSo()) break;
      if (simulator.nowNs > endNs) throw new Error(`not within ${limitS} s; page ${simulator.page()}`);
      const before = this.activity;
      while (this.activity === before && simulator.nowNs <= endNs) {
        simulator.advance(simulator.nextNs());
        if (typeof what === "function" && what()) break;
      }
    }
    if (typeof what !== "function") await what;
  }

  close(): void {
    this.channel.close();
    this.simulator.close();
  }

  private readonly cards = new Map<string, ReturnType<typeof makeCard>>();

  /** The same object each time: it keeps its counters. */
  private cardOf(name: string): ReturnType<typeof makeCard> {
    const card = this.cards.get(name) ?? makeCard(name);
    this.cards.set(name, card);
    return card;
  }

  private async quiet(): Promise<void> {
    for (let turns = 0; turns < QUIET_TURNS; turns++) {
      const before = this.activity;
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (this.activity !== before) turns = 0;
    }
  }
}

/** The same password under a scrypt that costs nothing: what a try really costs, register.test.ts sees. */
function cheaply(operator: Operator | undefined): Operator | undefined {
  const password = CHEAP_PASSWORDS[operator?.login ?? ""];
  return operator === undefined || password === undefined ? operator : { ...operator, password };
}

export function passwordOf(login: string): string {
  return login === "madoka" ? "madoguchi-1" : "madoguchi-2";
}
