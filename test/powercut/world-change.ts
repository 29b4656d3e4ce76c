/**
 * A whole change of a PIN in its world that is cut at one instant; then the terminal boots, the counter asks what came of it, and does
 * what docs/protocol.md says: the card has the new PIN in both places at the end, with every try.
 */
import { ALL, ChangeCard, NEW, OLD } from "../host-sim/world/change-bench.ts";
import type { CheckHost, Result } from "../host-sim/world/check-host.ts";
import {
  findingsOf,
  type MemoryPoint,
  memoryPointsOf,
  type Moments,
  momentsOf,
  type WorldPoint,
} from "./cut-world.ts";
import { CHANGE_PARTIAL, ID, OK, UNKNOWN, WRONG, RequestWorld } from "./request-world.ts";

const FULL = 3;
const JUKI = 0;
const COMMON = 1;
/** Of `ALL`: commands after which one of the card's PINs has changed, and after which both have. */
const BOTH_PROVED = 2;
const CHANGED = 5;

class WorldChange extends RequestWorld {
  private readonly card = new ChangeCard();
  private requests = 10;
  private outcome: number | undefined;

  protected override script(): void {
    const { check, simulator } = this;
    this.ask(check, ID);
    this.until("insert");
    simulator.insert(this.card.slotted);
    const question = check.answer();
    if (question.step !== "question") throw new Error("no question");
    check.go(ID, question);
    this.until("pin");
    simulator.keys(keysOf(OLD, NEW));
    const result = check.answer();
    if (result.step !== "result") throw new Error("no result");
    this.told = result;
    this.until("take");
    this.wait(() => false, 500);
  }

  protected override pinCommands(): number {
    return this.card.commands.length;
  }

  protected override ask(check: CheckHost, id: number): void {
    check.change({ id });
  }

  protected override judgeResult(
    stored: Result | undefined,
    { attempts, outcomes }: { readonly attempts: number; readonly outcomes: number },
  ): string[] {
    const { commands } = this.card;
    const findings: string[] = [];
    const outcome = stored?.outcome;
    this.outcome = outcome;
    if (commands.join() !== ALL.slice(0, commands.length).join())
      findings.push(`commands ${commands.join()}`);
    if (!this.mayBe(outcome)) findings.push(`outcome ${outcome} after ${commands.length} commands`);
    const records = outcome === undefined ? 0 : outcome === UNKNOWN ? 1 : 2;
    if (attempts !== records) findings.push("attempts and results are not one");
    if (outcomes !== (outcome === OK ? 1 : 0)) findings.push("outcomes and results are not one");
    if (this.card.juki.left !== FULL || this.card.common.left !== FULL) findings.push("a try is gone");
    return findings;
  }

  /** Never OK with two PINs, never less than what may have happened. */
  private mayBe(outcome: number | undefined): boolean {
    const { commands } = this.card;
    const values = this.card.values();
    if (outcome === OK) return commands.length === CHANGED && values.every((value) => value === NEW);
    if (values.includes(NEW)) return outcome === CHANGE_PARTIAL;
    if (commands.length > BOTH_PROVED) return outcome === CHANGE_PARTIAL;
    if (outcome === CHANGE_PARTIAL) return commands.length === BOTH_PROVED;
    return outcome === UNKNOWN || (outcome === undefined && commands.length === 0);
  }

  /** What docs/protocol.md says of each outcome, up to a card that has the new PIN in both places. */
  protected override goesOn(check: CheckHost): string[] {
    if (this.outcome === CHANGE_PARTIAL) this.finish(check);
    else if (this.outcome !== OK) this.expect(this.change(check, OLD, NEW, false), OK);
    this.expect(this.proved(check), OK);
    const { juki, common } = this.card;
    const isWhole = this.card.values().every((value) => value === NEW);
    if (isWhole && juki.left === FULL && common.left === FULL) return [];
    return [`at the end ${this.card.values().join()}, tries ${juki.left}, ${common.left}`];
  }

  /** The four steps of "Finishing CHANGE_PARTIAL". */
  private finish(check: CheckHost): void {
    const done = this.change(check, OLD, NEW, true);
    if (done.outcome === OK) return;
    if (done.object === JUKI) this.expect(this.proved(check), OK);
    else {
      if (done.object !== COMMON) throw new Error(`object ${done.object}`);
      this.expect(done, WRONG);
      this.expect(this.change(check, OLD, OLD, true), OK);
      this.expect(this.change(check, OLD, NEW, false), OK);
    }
  }

  private change(check: CheckHost, old: string, chosen: string, isFinish: boolean): Result {
    const id = this.requests++;
    check.change({ id, finish: isFinish });
    check.go(id, this.question(check, this.card.slotted));
    return this.typed(check, keysOf(old, chosen));
  }

  /** CheckPin with the new PIN. */
  private proved(check: CheckHost): Result {
    const id = this.requests++;
    check.begin({ id });
    check.go(id, this.question(check, this.card.slotted));
    return this.typed(check, `${NEW}E`);
  }

  private typed(check: CheckHost, keys: string): Result {
    if (!this.reaches("pin")) throw new Error(`${this.simulator.page()} instead of an entry`);
    this.simulator.keys(keys);
    const result = check.answer();
    if (result.step !== "result") throw new Error(`no result: ${JSON.stringify(result)}`);
    this.leave();
    return result;
  }

  private expect(result: Result, outcome: number): void {
    if (result.outcome === outcome) return;
    throw new Error(`outcome ${result.outcome} of object ${result.object} instead of ${outcome}`);
  }
}

function keysOf(old: string, chosen: string): string {
  return `${old}E${chosen}E${chosen}E`;
}

export function momentsOfChange(): Moments {
  return momentsOf(() => new WorldChange());
}

export function memoryPointsOfChange(): ReturnType<typeof memoryPointsOf> {
  return memoryPointsOf(() => new WorldChange());
}

export function findingsOfCut(point: WorldPoint | MemoryPoint): string[] {
  return findingsOf(() => new WorldChange(), point);
}
