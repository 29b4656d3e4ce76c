/**
 * A whole resident check in its world, with a wrong PIN, that is cut at one instant; then the terminal boots, the counter asks what
 * came of it, and the same card is checked until this terminal asks no more.
 */
import { ResetPart, ResetReason } from "../../hal/watchdog.ts";
import { resident } from "../../host-sim/card/deck.ts";
import { SealedHost } from "../../host-sim/host/sealed-host.ts";
import { Simulator } from "../../host-sim/world/simulator.ts";
import { CheckHost, type Result } from "../host-sim/world/check-host.ts";
import { hostAt, PAIR } from "../host-sim/world/sealed-simulator.ts";

export type CutName = "power for a second" | "power for an instant" | "brown-out" | "watchdog";

const PAGE_MS = 70_000;
const ID = 1;
const WRONG_KEYS = "9999E";
const WRONG = 1;
const LIMITED = 12;
const UNKNOWN = 13;
const NOT_KNOWN = 5;
/** Journal events. */
const ATTEMPT = 2;
const OUTCOME = 3;
const OFF_MS = 1000;
/** At most so many wrong entries in a row for a card on a day. */
const ALLOWED = 2;

/** 115200 baud, ten bits. */
const LINE_CHARACTER_NS = 86_806;
/** Ten times 372 clocks at 3.5712 MHz, before anything faster was agreed on. */
const CARD_CHARACTER_NS = 1_041_667;

/**
 * What ends the script. A brown-out resets the processor alone: the card is powered until the reset's pull-ups switch it off; with
 * the supply everything goes at once.
 */
class Cut extends Error {}

export const CUTS: readonly CutName[] = [
  "power for a second",
  "power for an instant",
  "brown-out",
  "watchdog",
];

export interface WorldPoint {
  readonly cut: CutName;
  readonly timeNs: number;
}

/** Instants of the uncut run: in the middle of each byte, and each at which the firmware was resumed by an event. */
export interface Moments {
  /** Of bytes, as wire and cable count them. */
  readonly cardBytes: number;
  readonly lineBytes: number;
  readonly card: readonly number[];
  readonly line: readonly number[];
  readonly others: readonly number[];
}

class WorldCheck {
  readonly simulator = new Simulator({ mode: "sealed", pair: PAIR, seed: 5 });
  readonly card = resident("mynumber", {});
  /** What the counter was told before the cut. */
  told: Result | undefined;
  beganNs = 0;
  private isCut = false;
  private host: SealedHost;

  constructor() {
    const { line, scheduler } = this.simulator.world;
    this.simulator.runFor(200);
    this.host = new SealedHost(
      { send: (bytes) => line.send(bytes), onBytes: (listener) => line.onBytes((bytes) => listener(bytes)) },
      (until, limitNs) => this.wait(until, limitNs / 1e6),
      {
        pair: PAIR,
        clock: { nowNs: () => scheduler.nowNs, at: (timeNs, action) => scheduler.at(timeNs, action) },
      },
    );
    this.host.open();
    this.simulator.runFor(100);
    this.beganNs = this.simulator.nowNs;
  }

  /** The check, up to the card's removal. Returns whether it was cut. */
  run(point?: WorldPoint): boolean {
    const { scheduler } = this.simulator.world;
    if (point !== undefined) scheduler.at(point.timeNs, () => this.cut(point.cut));
    try {
      this.script();
      return false;
    } catch (error) {
      if (!(error instanceof Cut)) throw error;
      return true;
    } finally {
      this.host.isThere = false;
    }
  }

  /** After a cut: what is not as it must be. */
  judge(): string[] {
    const { simulator } = this;
    if (!simulator.isPowered()) simulator.powerOn();
    const before = this.verifies();
    simulator.runFor(2000);
    const findings = before === this.verifies() ? [] : ["the card was given the PIN again at boot"];
    const check = new CheckHost(hostAt(simulator));
    check.host.open();
    const isSent = this.verifies() > 0;
    if (this.verifies() > 1) findings.push("two VERIFY for one entry");
    const stored = check.getResult(ID);
    const isStored = stored.step === "result";
    if (!isStored && !(stored.step === "refused" && stored.result === NOT_KNOWN))
      findings.push(`GetResult: ${JSON.stringify(stored)}`);
    if (isSent && !isStored) findings.push("the card has judged and no result stands");
    if (this.told !== undefined && JSON.stringify(this.told) !== JSON.stringify(stored))
      findings.push("the result that was told is lost");
    if (
      isStored &&
      stored.outcome !== UNKNOWN &&
      !(stored.outcome === WRONG && isSent && stored.triesLeft === 2)
    )
      findings.push(`outcome ${stored.outcome}, tries left ${stored.triesLeft}`);
    findings.push(...this.journalFindings(check, isStored ? stored : undefined, isSent));
    if (isStored) {
      check.begin({ id: ID });
      if (JSON.stringify(check.answer()) !== JSON.stringify(stored))
        findings.push("the same request has two results");
    }
    return [...findings, ...this.goesOn(check, isSent ? 1 : 0), ...this.strangeComplaints()];
  }

  close(): void {
    this.simulator.close();
  }

  private verifies(): number {
    return this.card.application.pins.reduce((sum, pin) => sum + pin.verifyCount, 0);
  }

  private journalFindings(check: CheckHost, stored: Result | undefined, isSent: boolean): string[] {
    const events = check.journal().map(([event]) => event);
    const count = (event: number): number => events.filter((each) => each === event).length;
    const findings: string[] = [];
    if (count(ATTEMPT) !== (stored === undefined ? 0 : 1)) findings.push("attempts and results are not one");
    if (isSent && count(ATTEMPT) === 0) findings.push("an attempt that no record tells of");
    if (count(OUTCOME) !== (stored?.outcome === WRONG ? 1 : 0))
      findings.push("outcomes and results are not one");
    return findings;
  }

  /** Wrong entries until the terminal asks no more: those before the cut count. */
  private goesOn(check: CheckHost, used: number): string[] {
    const { simulator } = this;
    simulator.remove();
    simulator.runFor(500);
    for (let entry = used; entry <= ALLOWED; entry++) {
      const id = 10 + entry;
      // Also when the counter allows the last try.
      check.begin({ id, useLastTry: entry === ALLOWED });
      if (!this.reaches("insert")) return [`${simulator.page()} instead of a prompt for a card`];
      simulator.insert(this.card);
      const question = check.answer();
      if (question.step !== "question") return [`no question: ${JSON.stringify(question)}`];
      check.go(id, question);
      if (entry < ALLOWED) {
        if (!this.reaches("pin")) return [`${simulator.page()} instead of entry ${entry}: a try is taken`];
        simulator.keys(WRONG_KEYS);
      }
      const { step, outcome, triesLeft } = { outcome: -1, triesLeft: -1, ...check.answer() };
      const isRight = entry < ALLOWED ? outcome === WRONG && triesLeft === 2 - entry : outcome === LIMITED;
      if (step !== "result" || !isRight) return [`entry ${entry}: outcome ${outcome}, ${triesLeft} left`];
      this.reaches("take");
      simulator.remove();
      simulator.runFor(500);
    }
    return [];
  }

  /** That its watchdog has bitten is what the simulator says of such a cut. */
  private strangeComplaints(): string[] {
    return this.simulator.world.complaints.filter((each) => !each.includes("started again"));
  }

  private script(): void {
    const { simulator } = this;
    const check = new CheckHost(this.host);
    check.begin({ id: ID });
    this.until("insert");
    simulator.insert(this.card);
    const question = check.answer();
    if (question.step !== "question") throw new Error("no question");
    check.go(ID, question);
    this.until("pin");
    simulator.keys(WRONG_KEYS);
    const result = check.answer();
    if (result.step !== "result") throw new Error("no result");
    this.told = result;
    this.until("take");
    this.wait(() => false, 500);
  }

  private cut(name: CutName): void {
    const { simulator } = this;
    this.isCut = true;
    this.host.isThere = false;
    if (name === "watchdog" || name === "brown-out") {
      const reason = name === "watchdog" ? ResetReason.Watchdog : ResetReason.PowerOn;
      simulator.world.resetProcessor({ reason, part: ResetPart.None });
      return;
    }
    simulator.powerOff();
    if (name === "power for an instant") simulator.powerOn();
    else simulator.world.scheduler.after(OFF_MS * 1e6, () => simulator.powerOn());
  }

  private reaches(page: string): boolean {
    const { simulator } = this;
    return simulator.runUntil(() => simulator.page() === page, PAGE_MS);
  }

  private until(page: string): void {
    if (!this.wait(() => this.simulator.page() === page, PAGE_MS)) throw new Error(`no page ${page}`);
  }

  private wait(done: () => boolean, limitMs: number): boolean {
    const { simulator } = this;
    simulator.runUntil(() => this.isCut || done(), limitMs);
    if (this.isCut) throw new Cut("cut");
    return done();
  }
}

/** When each byte passes in a check that is not cut. */
export function momentsOfCheck(): Moments {
  const check = new WorldCheck();
  const { line: cable, wire } = check.simulator.world;
  const passed = { card: 0, line: 0 };
  wire.onCharacter(() => passed.card++);
  cable.medium = (bytes) => {
    passed.line += bytes.length;
    return bytes;
  };
  if (check.run()) throw new Error("it was cut");
  const events = check.simulator.world.recorder.all().filter(({ timeNs }) => timeNs >= check.beganNs);
  check.close();
  const of = (...channels: readonly string[]) => events.filter(({ channel }) => channels.includes(channel));
  const card = of("card-in", "card-out").map(({ timeNs }) => timeNs + CARD_CHARACTER_NS / 2);
  const out = of("line-out").flatMap(({ timeNs, value }) =>
    [...(value as Uint8Array)].map((_, at) => timeNs + (at + 0.5) * LINE_CHARACTER_NS),
  );
  // What comes is recorded when its last character has come and the line has been idle for two.
  const into = of("line-in").flatMap(({ timeNs, value }) => {
    const bytes = value as Uint8Array;
    return [...bytes].map((_, at) => timeNs - (bytes.length + 2 - at - 0.5) * LINE_CHARACTER_NS);
  });
  const others = of("pins", "memory", "spi", "tone", "card-supply").map(({ timeNs }) => timeNs + 1000);
  const whole = (times: readonly number[]): number[] => times.map(Math.floor);
  return {
    cardBytes: passed.card,
    lineBytes: passed.line,
    card: whole(card),
    line: whole([...into, ...out]),
    others: [...new Set(others)],
  };
}

/** One check with one cut; what is wrong afterwards. */
export function findingsOfCut(point: WorldPoint): string[] {
  const check = new WorldCheck();
  try {
    if (!check.run(point)) return ["the cut was never made"];
    return check.judge();
  } catch (error) {
    return [
      error instanceof Error ? (error.stack ?? error.message).split("\n", 4).join(" | ") : String(error),
    ];
  } finally {
    check.close();
  }
}
