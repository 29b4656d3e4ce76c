/**
 * The change of the key of the pair that is in session (docs/protocol.md, Rekey). No key crosses the line: each end takes the same
 * one-way step. Each arrow is one commit together with its record, so that a counter which has heard nothing still gets in.
 *
 *   Key --command Rekey--> Key, and the next one is good as well --a client has finished a handshake with that--> Next key
 */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import { CCM_NONCE_BYTES } from "../protocol/aes-ccm.ts";
import { PSK_UNKNOWN, type RandomSource } from "../protocol/tls-handshake.ts";
import { CommandResult } from "./command-result.ts";
import { JournalEntry, JournalEvent, KeyEvent } from "./journal-entry.ts";
import { type Journal, JournalError } from "./journal.ts";
import type { PairKeys } from "./pair-keys.ts";
import { StoreError, type Store } from "./store.ts";

export interface RekeyParts {
  readonly store: Store;
  readonly journal: Journal;
  readonly keys: PairKeys;
  readonly random: RandomSource;
}

/** What the next `work` is: a step's worth. */
const enum Owed {
  Nothing = 0,
  Allowance = 1,
  Replacement = 2,
}

export class Rekey {
  /** What came of `ask`; undefined while nothing has. Whoever has told it sets that. */
  result: CommandResult | undefined = undefined;
  /** The key of the pair in session. */
  private index = PSK_UNKNOWN;
  private owed = Owed.Nothing;
  /** The session has the key that follows, and the journal had no place for its taking over. */
  private isPutOff = false;
  private readonly nonce: Bytes;
  private readonly entry: JournalEntry;

  constructor(
    natives: ByteNatives,
    private readonly parts: RekeyParts,
  ) {
    this.nonce = natives.allocate(CCM_NONCE_BYTES);
    this.entry = new JournalEntry(natives);
  }

  /** A session has begun with key `index`. */
  begin(index: number): void {
    this.end();
    this.index = index;
  }

  /** It is over. What has not happened yet does not. */
  end(): void {
    this.index = PSK_UNKNOWN;
    this.owed = Owed.Nothing;
    this.isPutOff = false;
    this.result = undefined;
  }

  /** It was begun with the key that follows: that has to take the other's place, which is good no more then. */
  owe(): void {
    this.owed = Owed.Replacement;
  }

  /** The counter in session wants to use the next key; see `result`. */
  ask(): void {
    this.owed = Owed.Allowance;
  }

  /** Nothing of the session may be read before `work`, and before `result` has been told. */
  hasWork(): boolean {
    return this.owed !== Owed.Nothing || this.result !== undefined;
  }

  /** Returns whether the session may go on. Where it may not, the next one finds what it needs: both keys are good still. */
  work(nowUs: number): boolean {
    const owed = this.owed;
    this.owed = Owed.Nothing;
    switch (owed) {
      case Owed.Nothing:
        return true;
      case Owed.Replacement:
        return this.replace(nowUs);
      case Owed.Allowance:
        // The counter takes its step from the key that it has used: first that must be the one in force here.
        if (this.isPutOff) return this.catchUp(nowUs);
        this.result = this.allow(nowUs);
        return true;
    }
  }

  /** When the journal has no place for the record the session goes on: its counter is needed to fetch the others. */
  private replace(nowUs: number): boolean {
    const error = this.change(KeyEvent.Replaced, nowUs);
    this.isPutOff = error === JournalError.Full;
    return error === JournalError.None || this.isPutOff;
  }

  private catchUp(nowUs: number): boolean {
    if (!this.replace(nowUs)) return false;
    if (this.isPutOff) this.result = CommandResult.OutOfService;
    else this.owed = Owed.Allowance;
    return true;
  }

  /** Asked again before the counter has used the next key, nothing changes. */
  private allow(nowUs: number): CommandResult {
    if (this.parts.keys.isNextGood(this.index)) return CommandResult.Done;
    // The record of the other commit needs a place, too.
    if (this.parts.journal.isFull()) return CommandResult.OutOfService;
    const error = this.change(KeyEvent.NextAllowed, nowUs);
    return error === JournalError.None ? CommandResult.Done : CommandResult.OutOfService;
  }

  /** One commit: the record of the key, and the journal's. */
  private change(event: KeyEvent, nowUs: number): JournalError {
    const store = this.parts.store;
    if (!this.parts.random.fill(this.nonce)) return JournalError.NoKey;
    store.begin();
    const error = this.putKey(event) ? this.putRecord(event, nowUs) : JournalError.NoKey;
    if (error === JournalError.None)
      return store.commit() === StoreError.None ? JournalError.None : JournalError.Memory;
    store.begin();
    return error;
  }

  private putKey(event: KeyEvent): boolean {
    const keys = this.parts.keys;
    switch (event) {
      case KeyEvent.NextAllowed:
        return keys.putMark(this.index, this.nonce);
      case KeyEvent.Replaced:
        return keys.putNext(this.index, this.nonce);
    }
  }

  private putRecord(event: KeyEvent, nowUs: number): JournalError {
    const pair = this.parts.keys.namesOf(this.index);
    if (pair === undefined) return JournalError.NoKey;
    this.entry.restart(JournalEvent.Key);
    this.entry.detail = event;
    this.entry.operator.set(pair.counter.bytes, 0, pair.counter.length);
    return this.parts.journal.put(this.entry, nowUs);
  }
}
