/** A request whose result is stored, cut at one instant: what GetResult says must be what the journal and the card say. */
import type { SimCard } from "../../host-sim/card/sim-card.ts";
import type { CheckHost, Question, Result } from "../host-sim/world/check-host.ts";
import { CutWorld } from "./cut-world.ts";

export const ID = 1;
/** Outcomes. */
export const OK = 0;
export const WRONG = 1;
export const LIMITED = 12;
export const UNKNOWN = 13;
export const CHANGE_PARTIAL = 14;
/** GetResult of a request that nobody knows. */
const NOT_KNOWN = 5;
/** Journal events. */
const ATTEMPT = 2;
const OUTCOME = 3;

export abstract class RequestWorld extends CutWorld {
  /** What the counter was told before the cut. */
  protected told: Result | undefined;

  protected override judgeMemory(check: CheckHost, given: number): string[] {
    const stored = check.getResult(ID);
    const findings: string[] = [];
    const isStored = stored.step === "result";
    if (!isStored && !(stored.step === "refused" && stored.result === NOT_KNOWN))
      findings.push(`GetResult: ${JSON.stringify(stored)}`);
    if (given > 0 && !isStored) findings.push("the card has judged and no result stands");
    if (this.told !== undefined && JSON.stringify(this.told) !== JSON.stringify(stored))
      findings.push("the result that was told is lost");
    const events = check.journal().map(([event]) => event);
    const count = (event: number): number => events.filter((each) => each === event).length;
    findings.push(
      ...this.judgeResult(isStored ? stored : undefined, {
        attempts: count(ATTEMPT),
        outcomes: count(OUTCOME),
      }),
    );
    if (isStored) {
      this.ask(check, ID);
      if (JSON.stringify(check.answer()) !== JSON.stringify(stored))
        findings.push("the same request has two results");
    }
    return findings;
  }

  /** Sends the request. */
  protected abstract ask(check: CheckHost, id: number): void;
  /** What is wrong with what stands, and with the records that tell of it. */
  protected abstract judgeResult(
    stored: Result | undefined,
    records: { readonly attempts: number; readonly outcomes: number },
  ): string[];

  /** Up to the counter's go; the request is sent. */
  protected question(check: CheckHost, card: SimCard): Question {
    if (!this.reaches("insert")) throw new Error(`${this.simulator.page()} instead of a prompt for a card`);
    this.simulator.insert(card);
    const question = check.answer();
    if (question.step !== "question") throw new Error(`no question: ${JSON.stringify(question)}`);
    return question;
  }
}
