/**
 * An operator's sign-in in its world that is cut at one instant, with the right PIN or a wrong one, at a terminal where checks need an
 * operator. Afterwards nobody is signed in, the journal tells of what the card was asked, and the operator can sign in again.
 */
import { OperatorEvent } from "../../firmware/service/operator-records.ts";
import { JournalEvent } from "../../firmware/service/journal-entry.ts";
import type { CheckHost, SignedIn } from "../host-sim/world/check-host.ts";
import { HeardCard } from "../host-sim/world/operator-bench.ts";
import { PAIR } from "../host-sim/world/sealed-simulator.ts";
import {
  CutWorld,
  findingsOf,
  memoryPointsOf,
  momentsOf,
  type MemoryPoint,
  type Moments,
  type WorldPoint,
} from "./cut-world.ts";

const NAME = "OPERATOR-1";
const OK = 0;
const WRONG = 1;
const NO_OPERATOR = 3;
const FULL = 3;
const CHECK_ID = 20;
const RIGHT_KEYS = "4649E";
const WRONG_KEYS = "1234E";

class WorldSignIn extends CutWorld {
  private readonly card = new HeardCard();
  private told: SignedIn | undefined;

  constructor(private readonly isRight: boolean) {
    super({ ...PAIR, operatorsRequired: true });
  }

  protected override script(): void {
    const { check, simulator } = this;
    check.signIn();
    this.until("insert-operator");
    simulator.insert(this.card.inserted());
    this.until("pin");
    simulator.keys(this.isRight ? RIGHT_KEYS : WRONG_KEYS);
    this.told = toldBy(check);
    this.until("take");
    this.wait(() => false, 500);
  }

  protected override pinCommands(): number {
    return this.card.verifies();
  }

  protected override judgeMemory(check: CheckHost, given: number): string[] {
    const findings: string[] = [];
    if (given > 1) findings.push("two VERIFY for one entry");
    if (this.card.pins[0]?.left !== (this.isRight ? FULL : FULL - given)) findings.push("a try is gone");
    const records = check.journal();
    const count = (event: JournalEvent, detail?: number): number =>
      records.filter(
        ([kind, what]) => kind === (event as number) && (detail === undefined || what === detail),
      ).length;
    const attempts = count(JournalEvent.Attempt);
    const signedIn = count(JournalEvent.Operator, OperatorEvent.SignedIn);
    if (attempts > 1) findings.push("two attempts on record");
    if (given > attempts) findings.push("an attempt that no record tells of");
    if (signedIn > (this.isRight ? given : 0)) findings.push("on record as signed in without the PIN");
    if (this.told?.outcome === OK && signedIn !== 1)
      findings.push("a sign-in that was told is not on record");
    if (this.told?.outcome === WRONG && count(JournalEvent.Outcome, WRONG) !== 1)
      findings.push("a wrong PIN that was told is not on record");
    check.begin({ id: CHECK_ID, operator: NAME });
    const answer = check.answer();
    if (answer.step !== "refused" || answer.result !== NO_OPERATOR)
      findings.push(`somebody is signed in: ${JSON.stringify(answer)}`);
    return findings;
  }

  protected override goesOn(check: CheckHost): string[] {
    const { simulator } = this;
    check.signIn();
    if (!this.reaches("insert-operator")) return [`${simulator.page()} instead of a prompt for the card`];
    simulator.insert(this.card.inserted());
    if (!this.reaches("pin")) return [`${simulator.page()} instead of an entry`];
    simulator.keys(RIGHT_KEYS);
    const again = toldBy(check);
    if (again.outcome !== OK || again.operator !== NAME)
      return [`signing in again: ${JSON.stringify(again)}`];
    this.leave();
    check.begin({ id: CHECK_ID + 1, operator: NAME });
    if (!this.reaches("insert")) return [`${simulator.page()} instead of a check`];
    simulator.keys("X");
    return check.answer().step === "result" ? [] : ["the operator who is signed in cannot check"];
  }
}

function toldBy(check: CheckHost): SignedIn {
  const answer = check.signedIn();
  if (answer.step !== "signed-in") throw new Error(`refused with ${answer.result}`);
  return answer;
}

export function momentsOfSignIn(isRight: boolean): Moments {
  return momentsOf(() => new WorldSignIn(isRight));
}

export function memoryPointsOfSignIn(isRight: boolean): ReturnType<typeof memoryPointsOf> {
  return memoryPointsOf(() => new WorldSignIn(isRight));
}

export function findingsOfCut(isRight: boolean, point: WorldPoint | MemoryPoint): string[] {
  return findingsOf(() => new WorldSignIn(isRight), point);
}
