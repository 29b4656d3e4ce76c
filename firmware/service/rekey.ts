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

export class Rekey {
  /** The key of the pair in session. */
  private index = PSK_UNKNOWN;
  /** The session has the key that follows it, and that has yet to take its place. */
  private isOwed = false;
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
    this.index = index;
    this.isOwed = false;
  }

  /**
   * The session was begun with the key that follows: that takes the other's place, which is good no more. Returns whether the
   * session may go on. When the journal has no place for the record, it may and the next one does this work: the counter is needed
   * to fetch the records.
   */
  replace(nowUs: number): boolean {
    const error = this.change(KeyEvent.Replaced, nowUs);
    this.isOwed = error === JournalError.Full;
    return error === JournalError.None || this.isOwed;
  }

  /** The counter in session may use the next key from now on. Asked again before it has, nothing changes. */
  allow(nowUs: number): CommandResult {
    // It would count its steps from the key that it has used: first that must be the one in force here.
    if (this.isOwed && (!this.replace(nowUs) || this.isOwed)) return CommandResult.OutOfService;
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
