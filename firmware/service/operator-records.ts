/** What sign-ins leave in the journal: the attempt before its VERIFY, and what became of the operator. Each is a commit of its own. */
import type { ByteNatives } from "../../hal/bytes.ts";
import type { AttemptMemory } from "./check-proof.ts";
import { JournalEntry, JournalEvent } from "./journal-entry.ts";
import type { Journal } from "./journal.ts";
import { Judgement } from "./ledger.ts";
import type { Outcome } from "./outcome.ts";
import { Name } from "./pair.ts";
import { PinName } from "./view.ts";

/** Detail of an OPERATOR record. The numbers never change. */
export const enum OperatorEvent {
  SignedIn = 1,
  SignedOut = 2,
  /** By time, or by the emergency stop. */
  Ended = 3,
  /** The card's answer to the challenge was wrong: nobody was signed in. */
  NotGenuine = 4,
}

export class OperatorRecords implements AttemptMemory {
  private readonly operator: Name;
  private insertion = 0;
  private readonly entry: JournalEntry;

  constructor(
    natives: ByteNatives,
    private readonly journal: Journal,
  ) {
    this.operator = new Name(natives);
    this.entry = new JournalEntry(natives);
  }

  /** Whether another sign-in can be remembered. */
  hasRoom(): boolean {
    return !this.journal.isFull();
  }

  /** Whom the records that follow are about; `insertion` of the card, 0 = none. */
  about(operator: Name, insertion: number): void {
    this.operator.set(operator.bytes, 0, operator.length);
    this.insertion = insertion;
  }

  look(): void {
    // An operator's card has its own counter alone: who finds one is not a resident whom haste locks out.
  }

  admit(_triesLeft: number, _nowUs: number): Judgement {
    return Judgement.Allowed;
  }

  attempt(_triesLeft: number, nowUs: number): boolean {
    return this.write(JournalEvent.Attempt, PinName.Operator, nowUs);
  }

  changing(_nowUs: number): boolean {
    return false;
  }

  outcome(outcome: Outcome, nowUs: number): boolean {
    return this.write(JournalEvent.Outcome, outcome, nowUs);
  }

  /** Returns whether the record stands. */
  note(event: OperatorEvent, nowUs: number): boolean {
    return this.write(JournalEvent.Operator, event, nowUs);
  }

  private write(event: JournalEvent, detail: number, nowUs: number): boolean {
    const entry = this.entry;
    entry.restart(event);
    entry.detail = detail;
    entry.insertion = this.insertion;
    entry.operator.set(this.operator.bytes, 0, this.operator.length);
    return this.journal.commitAlone(entry, nowUs);
  }
}
