/**
 * What a resident check leaves behind, in two commits that each stand whole or not at all: the attempt (ledger, journal, and the result
 * UNKNOWN for whoever asks after a power cut), and the outcome (ledger, journal, result). A change has one between: that the first of
 * two PINs is about to be changed (CHANGE_PARTIAL for whoever asks). Design §8.
 */
import type { ByteNatives, ReadonlyBytes } from "../../hal/bytes.ts";
import { SERIAL_BYTES } from "./card-identity.ts";
import type { AttemptMemory } from "./check-proof.ts";
import { REQUEST_ID_BYTES } from "./check-request.ts";
import { JournalEntry, JournalEvent } from "./journal-entry.ts";
import { JournalError, type Journal } from "./journal.ts";
import { Judgement, Settlement, type Ledger } from "./ledger.ts";
import { Outcome } from "./outcome.ts";
import type { ResidentCheck } from "./resident-check.ts";
import { StoreError, type Store } from "./store.ts";
import { CheckResult, type StoredResult } from "./stored-result.ts";
import { PinName, TRIES_UNKNOWN } from "./view.ts";

export interface MemoryParts {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly journal: Journal;
  readonly results: StoredResult;
}

export class CheckMemory implements AttemptMemory {
  /** Of the check that ended last, or that was looked for by `find`. */
  readonly result: CheckResult;
  private check: ResidentCheck | undefined = undefined;
  private isLooked = false;
  private readonly entry: JournalEntry;

  constructor(
    private readonly natives: ByteNatives,
    private readonly parts: MemoryParts,
  ) {
    this.result = new CheckResult(natives);
    this.entry = new JournalEntry(natives);
  }

  /** Whose attempts these are; made after this. */
  serve(check: ResidentCheck): void {
    this.check = check;
  }

  /** Whether another check can be remembered. */
  hasRoom(): boolean {
    return !this.parts.journal.isFull();
  }

  /** Whether the last result is that of `requestId[at…]`; then it is in `result`. */
  find(requestId: ReadonlyBytes, at: number): boolean {
    return this.parts.results.find(requestId, at, this.result);
  }

  look(): void {
    const check = this.check;
    this.isLooked =
      check !== undefined && this.parts.ledger.look(check.identity.serial, SERIAL_BYTES, PinName.Juki);
  }

  admit(triesLeft: number, _nowUs: number): Judgement {
    const check = this.check;
    const ledger = this.parts.ledger;
    if (check === undefined || !this.isLooked) return Judgement.NoMemory;
    this.parts.store.begin();
    ledger.resolve(triesLeft);
    if (this.parts.store.commit() !== StoreError.None) return Judgement.NoMemory;
    return ledger.judge(dayOf(check.request.date));
  }

  attempt(triesLeft: number, nowUs: number): boolean {
    const check = this.check;
    if (check === undefined) return false;
    this.parts.store.begin();
    const isPended = this.parts.ledger.pend(triesLeft, nowUs) === StoreError.None;
    const isPut = this.put(check, JournalEvent.Attempt, PinName.Juki, nowUs);
    this.fill(check, Outcome.Unknown, TRIES_UNKNOWN);
    return this.commit(isPended && isPut);
  }

  changing(nowUs: number): boolean {
    const check = this.check;
    if (check === undefined) return false;
    this.parts.store.begin();
    this.parts.ledger.settle(Settlement.Ok);
    const isPut = this.put(check, JournalEvent.Attempt, PinName.Common, nowUs);
    this.fill(check, Outcome.ChangePartial, TRIES_UNKNOWN);
    return this.commit(isPut);
  }

  /** The check has ended. False: the memory does not keep it, and nobody may be told. */
  conclude(nowUs: number): boolean {
    const check = this.check;
    if (check === undefined) return false;
    this.parts.store.begin();
    if (check.isAttempted) this.parts.ledger.settle(check.settlement);
    const isPut = this.put(check, JournalEvent.Outcome, check.outcome, nowUs);
    this.fill(check, check.outcome, check.triesLeft);
    return this.commit(isPut);
  }

  private put(check: ResidentCheck, event: JournalEvent, detail: number, nowUs: number): boolean {
    const entry = this.entry;
    const operator = check.request.operator;
    const caseNumber = check.request.caseNumber;
    entry.restart(event);
    entry.detail = detail;
    entry.insertion = check.insertion;
    entry.operator.set(operator.bytes, 0, operator.length);
    entry.caseNumber.set(caseNumber.bytes, 0, caseNumber.length);
    return this.parts.journal.put(entry, nowUs) === JournalError.None;
  }

  private fill(check: ResidentCheck, outcome: Outcome, triesLeft: number): void {
    const result = this.result;
    this.natives.copy(check.request.requestId, 0, result.requestId, 0, REQUEST_ID_BYTES);
    result.outcome = outcome;
    result.triesLeft = triesLeft;
    result.insertion = check.insertion;
    result.object = check.object;
    result.sequence = this.parts.journal.sequence();
    result.serialLength = check.isIdentified ? SERIAL_BYTES : 0;
    this.natives.copy(check.identity.serial, 0, result.serial, 0, SERIAL_BYTES);
  }

  private commit(isPut: boolean): boolean {
    this.parts.results.put(this.result);
    if (isPut) return this.parts.store.commit() === StoreError.None;
    this.parts.store.begin();
    return false;
  }
}

/** A number that differs from day to day. */
function dayOf(date: ReadonlyBytes): number {
  return date[0] * 0x1000000 + date[1] * 0x10000 + date[2] * 0x100 + date[3];
}
