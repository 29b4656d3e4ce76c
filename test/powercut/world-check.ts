/**
 * A whole resident check in its world, with a wrong PIN, or a change with a wrong old one, that is cut at one instant; then the terminal boots, the counter asks what
 * came of it, and the same card is checked until this terminal asks no more.
 */
import { resident } from "../../host-sim/card/deck.ts";
import type { CheckHost, Result } from "../host-sim/world/check-host.ts";
import {
  findingsOf,
  memoryPointsOf,
  momentsOf,
  type MemoryPoint,
  type Moments,
  type WorldPoint,
} from "./cut-world.ts";
import { ID, LIMITED, UNKNOWN, WRONG, RequestWorld } from "./request-world.ts";

const WRONG_KEYS = "9999E";
/** Behind the wrong old PIN of a change. */
const NEW_KEYS = "7391E7391E";
/** At most so many wrong entries in a row for a card on a day. */
const ALLOWED = 2;

class WorldCheck extends RequestWorld {
  private readonly card = resident("mynumber", {});

  constructor(private readonly isChange: boolean) {
    super();
  }

  protected override script(): void {
    const { check, simulator } = this;
    this.ask(check, ID);
    this.until("insert");
    simulator.insert(this.card);
    const question = check.answer();
    if (question.step !== "question") throw new Error("no question");
    check.go(ID, question);
    this.until("pin");
    simulator.keys(this.isChange ? WRONG_KEYS + NEW_KEYS : WRONG_KEYS);
    const result = check.answer();
    if (result.step !== "result") throw new Error("no result");
    this.told = result;
    this.until("take");
    this.wait(() => false, 500);
  }

  protected override pinCommands(): number {
    return this.card.application.pins.reduce((sum, pin) => sum + pin.verifyCount, 0);
  }

  protected override ask(check: CheckHost, id: number): void {
    if (this.isChange) check.change({ id });
    else check.begin({ id });
  }

  protected override judgeResult(
    stored: Result | undefined,
    { attempts, outcomes }: { readonly attempts: number; readonly outcomes: number },
  ): string[] {
    const isSent = this.pinCommands() > 0;
    const findings: string[] = [];
    if (this.pinCommands() > 1) findings.push("two VERIFY for one entry");
    const isWrong = stored?.outcome === WRONG && isSent && stored.triesLeft === 2;
    if (stored !== undefined && stored.outcome !== UNKNOWN && !isWrong)
      findings.push(`outcome ${stored.outcome}, tries left ${stored.triesLeft}`);
    if (attempts !== (stored === undefined ? 0 : 1)) findings.push("attempts and results are not one");
    if (isSent && attempts === 0) findings.push("an attempt that no record tells of");
    if (outcomes !== (stored?.outcome === WRONG ? 1 : 0)) findings.push("outcomes and results are not one");
    return findings;
  }

  /** Wrong entries until the terminal asks no more: those before the cut count. */
  protected override goesOn(check: CheckHost): string[] {
    const { simulator } = this;
    for (let entry = this.pinCommands(); entry <= ALLOWED; entry++) {
      const id = 10 + entry;
      // Also when the counter allows the last try.
      check.begin({ id, useLastTry: entry === ALLOWED });
      check.go(id, this.question(check, this.card));
      if (entry < ALLOWED) {
        if (!this.reaches("pin")) return [`${simulator.page()} instead of entry ${entry}: a try is taken`];
        simulator.keys(WRONG_KEYS);
      }
      const { step, outcome, triesLeft } = { outcome: -1, triesLeft: -1, ...check.answer() };
      const isRight = entry < ALLOWED ? outcome === WRONG && triesLeft === 2 - entry : outcome === LIMITED;
      if (step !== "result" || !isRight) return [`entry ${entry}: outcome ${outcome}, ${triesLeft} left`];
      this.leave();
    }
    return [];
  }
}

export function momentsOfCheck(): Moments {
  return momentsOf(() => new WorldCheck(false));
}

export function memoryPointsOfCheck(): ReturnType<typeof memoryPointsOf> {
  return memoryPointsOf(() => new WorldCheck(false));
}

export function findingsOfCut(point: WorldPoint | MemoryPoint): string[] {
  return findingsOf(() => new WorldCheck(false), point);
}

export function momentsOfWrongChange(): Moments {
  return momentsOf(() => new WorldCheck(true));
}

export function findingsOfWrongChange(point: WorldPoint): string[] {
  return findingsOf(() => new WorldCheck(true), point);
}
