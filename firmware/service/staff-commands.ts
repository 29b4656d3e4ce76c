/**
 * What staff do to the terminal itself (docs/protocol.md, Commands of the counter): the emergency stop, which lasts over power cuts until
 * somebody with a credential takes it back, and the release of what the ledger holds. Each is one commit together with its record.
 *
 *   In service --suspend, by any counter--> Suspended --resume, with a credential--> In service
 *   A credential: the case's key switch in service, or the operator of the command's name signed in.
 */
import type { ByteNatives, ReadonlyBytes } from "../../hal/bytes.ts";
import type { CaseKey } from "../driver/case-key.ts";
import type { CardPages } from "./card-pages.ts";
import { CommandResult } from "./command-result.ts";
import { type Configuration, Setting, Switch } from "./configuration.ts";
import { JournalEntry, JournalEvent } from "./journal-entry.ts";
import { JournalError, type Journal } from "./journal.ts";
import type { Ledger } from "./ledger.ts";
import { OperatorEvent } from "./operator-records.ts";
import type { OperatorSession } from "./operator-session.ts";
import { areTwoNames, takeTwoNames } from "./pair.ts";
import { StoreError, type Store } from "./store.ts";
import { Page } from "./view.ts";

export const enum StaffCommand {
  Suspend = 0x30,
  Resume = 0x31,
  Release = 0x32,
}

export interface StaffParts {
  readonly store: Store;
  readonly configuration: Configuration;
  readonly journal: Journal;
  readonly ledger: Ledger;
  readonly pages: CardPages;
  readonly caseKey: CaseKey;
  readonly operators: OperatorSession;
}

export class StaffCommands {
  private isStopped = false;
  private readonly entry: JournalEntry;

  constructor(
    natives: ByteNatives,
    private readonly parts: StaffParts,
  ) {
    this.entry = new JournalEntry(natives);
  }

  /** Once a boot, after the store's `recover`. A state that cannot be read is a stop. */
  start(): void {
    this.isStopped = this.parts.configuration.isOn(Setting.Suspended);
    if (this.isStopped) this.parts.pages.takeOutOfService(Page.OutOfService);
  }

  isSuspended(): boolean {
    return this.isStopped;
  }

  /** Whether `bytes[at…at+length-1]` are the names of operator and case, each behind its length; then they are the next command's. */
  decode(bytes: ReadonlyBytes, at: number, length: number): boolean {
    if (!areTwoNames(bytes, at, length)) return false;
    this.entry.restart(JournalEvent.Suspend);
    takeTwoNames(bytes, at, this.entry.operator, this.entry.caseNumber);
    return true;
  }

  /** One of `StaffCommand`, in the names that were decoded. */
  perform(number: number, nowUs: number): CommandResult {
    if (number === StaffCommand.Suspend) return this.suspend(nowUs);
    const isOperator = this.parts.operators.isSignedIn(this.entry.operator, nowUs);
    if (!isOperator && !this.parts.caseKey.isTurned()) return CommandResult.NoOperator;
    return number === StaffCommand.Resume ? this.resume(nowUs) : this.release(nowUs);
  }

  /** Whatever the memory says: the terminal stops, and whoever ends that signs in anew. */
  private suspend(nowUs: number): CommandResult {
    this.isStopped = true;
    this.parts.pages.takeOutOfService(Page.OutOfService);
    const result = this.commitState(Switch.On, JournalEvent.Suspend, nowUs);
    this.parts.operators.end(OperatorEvent.Ended, nowUs);
    return result;
  }

  private resume(nowUs: number): CommandResult {
    const result = this.commitState(Switch.Off, JournalEvent.Resume, nowUs);
    if (result !== CommandResult.Done) return result;
    this.isStopped = false;
    this.parts.pages.putIntoService();
    return result;
  }

  private release(nowUs: number): CommandResult {
    this.parts.store.begin();
    if (this.parts.ledger.releaseTerminal() !== StoreError.None) return this.giveUp();
    return this.commit(JournalEvent.Release, nowUs);
  }

  /** A state that stands already needs no record: repeating it cannot fill the journal. */
  private commitState(state: Switch, event: JournalEvent, nowUs: number): CommandResult {
    const configuration = this.parts.configuration;
    if (configuration.stands(Setting.Suspended, state)) return CommandResult.Done;
    this.parts.store.begin();
    if (configuration.put(Setting.Suspended, state) !== StoreError.None) return this.giveUp();
    return this.commit(event, nowUs);
  }

  private commit(event: JournalEvent, nowUs: number): CommandResult {
    this.entry.event = event;
    if (this.parts.journal.put(this.entry, nowUs) !== JournalError.None) return this.giveUp();
    return this.parts.store.commit() === StoreError.None ? CommandResult.Done : CommandResult.OutOfService;
  }

  private giveUp(): CommandResult {
    this.parts.store.begin();
    return CommandResult.OutOfService;
  }
}
