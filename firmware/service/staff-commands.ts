/**
 * What staff do to the terminal itself (docs/protocol.md, Commands of the counter): the emergency stop, which lasts over power cuts until
 * somebody with a credential takes it back, and the release of what the ledger holds. Each is one commit together with its record.
 *
 *   In service --suspend, by any counter--> Suspended --resume, with the case key--> In service
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import type { CaseKey } from "../driver/case-key.ts";
import type { CardPages } from "./card-pages.ts";
import { CommandResult } from "./command-result.ts";
import { JournalEntry, JournalEvent } from "./journal-entry.ts";
import { JournalError, type Journal } from "./journal.ts";
import type { Ledger } from "./ledger.ts";
import { MemoryMap } from "./memory-map.ts";
import { areTwoNames, takeTwoNames } from "./pair.ts";
import { StoreError, type Store } from "./store.ts";
import { Page } from "./view.ts";

export const enum StaffCommand {
  Suspend = 0x30,
  Resume = 0x31,
  Release = 0x32,
}

/** First byte of the configuration: zeros are what a new store has. */
const SUSPENDED = 1;

export interface StaffParts {
  readonly store: Store;
  readonly journal: Journal;
  readonly ledger: Ledger;
  readonly pages: CardPages;
  readonly caseKey: CaseKey;
}

export class StaffCommands {
  private isStopped = false;
  private readonly state: Bytes;
  private readonly entry: JournalEntry;

  constructor(
    natives: ByteNatives,
    private readonly parts: StaffParts,
  ) {
    this.state = natives.allocate(1);
    this.entry = new JournalEntry(natives);
  }

  /** Once a boot, after the store's `recover`. A state that cannot be read is a stop. */
  start(): void {
    const error = this.parts.store.read(MemoryMap.Configuration, this.state, 0, 1);
    this.isStopped = error !== StoreError.None || this.state[0] === SUSPENDED;
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
    if (!this.parts.caseKey.isTurned()) return CommandResult.NoOperator;
    return number === StaffCommand.Resume ? this.resume(nowUs) : this.release(nowUs);
  }

  /** Whatever the memory says: the terminal stops. */
  private suspend(nowUs: number): CommandResult {
    this.isStopped = true;
    this.parts.pages.takeOutOfService(Page.OutOfService);
    return this.commitState(SUSPENDED, JournalEvent.Suspend, nowUs);
  }

  private resume(nowUs: number): CommandResult {
    const result = this.commitState(0, JournalEvent.Resume, nowUs);
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
  private commitState(state: number, event: JournalEvent, nowUs: number): CommandResult {
    const store = this.parts.store;
    const isRead = store.read(MemoryMap.Configuration, this.state, 0, 1) === StoreError.None;
    if (isRead && this.state[0] === state) return CommandResult.Done;
    this.state[0] = state;
    store.begin();
    if (store.put(MemoryMap.Configuration, this.state, 0, 1) !== StoreError.None) return this.giveUp();
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
