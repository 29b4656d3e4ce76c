/** A counter in the middle of resident checks, step by step, and what the card has been made to compare. */
import { ok } from "uvu/assert";
import { JUKI_AID } from "../../host-sim/card/apps/my-number-card.ts";
import type { PinObject } from "../../host-sim/card/apps/pin-object.ts";
import type { CardApplication } from "../../host-sim/card/card-application.ts";
import { resident } from "../../host-sim/card/deck.ts";
import type { SimCard } from "../../host-sim/card/sim-card.ts";
import type { T1Endpoint } from "../../host-sim/card/t1-endpoint.ts";
import { HostFailure } from "../../host-sim/host/ccid-host.ts";
import type { SealedHost } from "../../host-sim/host/sealed-host.ts";
import type { Simulator, SimulatorOptions } from "../../host-sim/world/simulator.ts";
import { CheckHost, type Question, type Result } from "../host-sim/world/check-host.ts";
import { sealedTerminal } from "../host-sim/world/sealed-simulator.ts";

export const RIGHT = "1234E";
export const WRONG_PIN = "9999E";
/** Outcomes by their numbers (docs/protocol.md). */
export const Outcome = {
  Ok: 0,
  Wrong: 1,
  Cancelled: 3,
  Removed: 5,
  CardError: 10,
  Limited: 12,
  Unknown: 13,
} as const;
const JUKI_FILE = 0x001c;
const PAGE_MS = 70_000;

/** The card's 住基 PIN. */
export function pinOf({ application }: { application: CardApplication }): PinObject {
  const pin = application.pins.find((one) => one.application === JUKI_AID && one.file === JUKI_FILE);
  if (pin === undefined) throw new Error("the card has no such PIN");
  return pin;
}

export function residentCard(name = "mynumber"): T1Endpoint {
  return resident(name, {});
}

export class CheckDesk {
  readonly simulator: Simulator;
  readonly host: SealedHost;
  readonly check: CheckHost;

  /** Its session is open. */
  constructor(options: SimulatorOptions = {}) {
    const { simulator, host } = sealedTerminal("sealed", options);
    this.simulator = simulator;
    this.host = host;
    this.check = new CheckHost(host);
    host.open();
  }

  reach(page: string): void {
    const came = this.simulator.runUntil(() => this.simulator.page() === page, PAGE_MS);
    if (!came) throw new HostFailure(`${this.simulator.page()} instead of ${page}`);
  }

  /** Up to the question; the card is in. */
  askedAbout(id: number, card: SimCard, more: { useLastTry?: boolean; date?: string } = {}): Question {
    this.check.begin({ id, ...more });
    this.reach("insert");
    this.simulator.insert(card);
    const answer = this.check.answer();
    if (answer.step !== "question") throw new HostFailure(`no question: ${JSON.stringify(answer)}`);
    return answer;
  }

  /** The PIN is asked for. */
  atThePin(id: number, card: SimCard): void {
    this.check.go(id, this.askedAbout(id, card));
    this.reach("pin");
  }

  result(): Result {
    const answer = this.check.answer();
    if (answer.step !== "result") throw new HostFailure(`no result: ${JSON.stringify(answer)}`);
    return answer;
  }

  /** What a new session finds. */
  storedAfterReconnect(id: number): Result {
    this.host.open();
    const stored = this.check.getResult(id);
    if (stored.step !== "result") throw new Error(`check ${id} is lost: ${JSON.stringify(stored)}`);
    return stored;
  }

  /** The card is taken out when the page says so. */
  leave(): void {
    this.reach("take");
    this.simulator.remove();
    this.simulator.runFor(500);
  }

  close(): void {
    ok(this.simulator.world.complaints.length === 0, this.simulator.world.complaints.join("\n"));
    this.simulator.close();
  }
}
