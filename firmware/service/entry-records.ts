/**
 * What entries for PC/SC programs leave in the journal: the attempt before its command, and what the card made of it. Each is a commit
 * of its own; behind an attempt without an outcome the power has gone. No operator and no case stand in them: a program has none.
 */
import type { ByteNatives } from "../../hal/bytes.ts";
import type { CardSession } from "./card-session.ts";
import { JournalEntry, JournalEvent } from "./journal-entry.ts";
import type { Journal } from "./journal.ts";
import type { Outcome } from "./outcome.ts";
import type { PinGuard } from "./secure-service.ts";
import { Page, type PinName } from "./view.ts";

export class EntryRecords implements PinGuard {
  readonly page = Page.OutOfService;
  private readonly entry: JournalEntry;

  constructor(
    natives: ByteNatives,
    private readonly journal: Journal,
    private readonly session: CardSession,
  ) {
    this.entry = new JournalEntry(natives);
  }

  /** Where no record has a place nobody is asked. */
  mayAsk(_triesLeft: number, _nowUs: number): boolean {
    return !this.journal.isFull();
  }

  maySend(object: PinName, nowUs: number): boolean {
    return this.write(JournalEvent.Attempt, object, nowUs);
  }

  ended(outcome: Outcome, nowUs: number): void {
    this.write(JournalEvent.Outcome, outcome, nowUs);
  }

  private write(event: JournalEvent, detail: number, nowUs: number): boolean {
    this.entry.restart(event);
    this.entry.detail = detail;
    this.entry.insertion = this.session.insertion();
    return this.journal.commitAlone(this.entry, nowUs);
  }
}
