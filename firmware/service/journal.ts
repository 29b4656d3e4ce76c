/**
 * The journal (docs/protocol.md): a ring of records chained by codes under a key that evolves with each of them. Nothing of its
 * state is kept in RAM: a record and the new head are puts of a commit, and whatever becomes of that commit, the next call reads
 * what stands.
 *
 * When the case opens the key is gone and no record can be made any more. So the code of the TAMPER record that would follow is
 * made together with every record, for a record without time or names: `putTamper` writes it, and then the journal has ended.
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { CryptoLimit } from "../../hal/crypto.ts";
import { putU32, readU32 } from "../protocol/little-endian.ts";
import { type JournalEntry, JournalEvent, RecordPart } from "./journal-entry.ts";
import { HeadPart, JournalKey, type JournalKeyParts } from "./journal-key.ts";
import { MemoryMap } from "./memory-map.ts";
import { StoreError, type Store } from "./store.ts";

export const enum JournalError {
  None = 0,
  /** The store does not read, or has no room in this commit. */
  Memory = 1,
  /** Every place holds a record that is not acknowledged. */
  Full = 2,
  /** Not provisioned, ended by an opening of the case, or the key cannot be unwrapped. */
  NoKey = 3,
  /** There is no such record yet. */
  NotThere = 4,
}

/** In the head: zeros are what a new store has. */
const enum JournalState {
  None = 0,
  Running = 1,
  Ended = 2,
}

/**
 * Places that no new work may take: for the outcome of an attempt that stands already, and for what happens to a terminal that
 * waits for its records to be fetched: some starts, a tamper, a clock.
 */
export const RESERVED_PLACES = 16;

const US_PER_SECOND = 1000000;
/** The last that a record can say: the clock stands there then, for a time that began anew would be believed. */
const LAST_SECOND = 0xffffffff;

export interface JournalParts extends JournalKeyParts {
  readonly store: Store;
}

export class Journal {
  private readonly key: JournalKey;
  private readonly head: Bytes;
  private readonly record: Bytes;
  private readonly work: Bytes;
  /** Seconds since 1970 at `clockUs`; 0 = not set. */
  private clockSeconds = 0;
  private clockUs = 0;

  constructor(
    private readonly natives: ByteNatives,
    private readonly parts: JournalParts,
  ) {
    this.key = new JournalKey(natives, parts);
    this.head = natives.allocate(MemoryMap.JournalHeadBytes);
    this.record = natives.allocate(RecordPart.Bytes);
    this.work = natives.allocate(CryptoLimit.DigestBytes);
  }

  /** After the store's `recover`: whether the last record is the head's, and the key can be unwrapped. */
  start(): boolean {
    if (!this.loadHead() || this.head[HeadPart.State] !== JournalState.Running) return false;
    const next = readU32(this.head, HeadPart.Next);
    if (next < 1 || readU32(this.head, HeadPart.Acknowledged) >= next) return false;
    const isWhole = this.key.unwrap(this.head, next);
    this.key.wipe();
    return isWhole && this.endsWith(next - 1);
  }

  /** Puts the head of an empty journal with K(1) = `key` into the store's commit: provisioning's business. */
  putFirst(key: ReadonlyBytes): JournalError {
    this.natives.wipe(this.head);
    this.head[HeadPart.State] = JournalState.Running;
    this.key.set(key);
    return this.putHead(1);
  }

  /** Adds the record of `entry` to the store's commit. A commit takes at most two. */
  put(entry: JournalEntry, nowUs: number): JournalError {
    if (!this.loadHead()) return JournalError.Memory;
    const sequence = readU32(this.head, HeadPart.Next);
    if (this.freeInHead() === 0) return JournalError.Full;
    if (this.head[HeadPart.State] !== JournalState.Running || !this.key.unwrap(this.head, sequence))
      return JournalError.NoKey;
    this.begin(sequence);
    putU32(this.timeAt(nowUs), this.record, RecordPart.Time);
    entry.encode(this.record);
    this.key.sign(this.record, this.work);
    this.key.evolve();
    this.natives.copy(this.record, RecordPart.Code, this.head, HeadPart.Code, RecordPart.CodeBytes);
    const error = this.putRecord(sequence);
    // The head in any case: that wipes the key.
    const headError = this.putHead(sequence + 1);
    return error === JournalError.None ? headError : error;
  }

  /** Adds the TAMPER record to the store's commit, the last one of this journal. Once; then it is `NoKey`. */
  putTamper(): JournalError {
    if (!this.loadHead()) return JournalError.Memory;
    if (this.head[HeadPart.State] !== JournalState.Running) return JournalError.NoKey;
    if (this.freeInHead() === 0) return JournalError.Full;
    const sequence = readU32(this.head, HeadPart.Next);
    this.begin(sequence);
    this.record[RecordPart.Event] = JournalEvent.Tamper;
    this.natives.copy(this.head, HeadPart.TamperCode, this.record, RecordPart.Code, RecordPart.CodeBytes);
    const acknowledged = readU32(this.head, HeadPart.Acknowledged);
    this.natives.wipe(this.head);
    putU32(sequence + 1, this.head, HeadPart.Next);
    putU32(acknowledged, this.head, HeadPart.Acknowledged);
    this.natives.copy(this.record, RecordPart.Code, this.head, HeadPart.Code, RecordPart.CodeBytes);
    this.head[HeadPart.State] = JournalState.Ended;
    const error = this.putRecord(sequence);
    return error === JournalError.None ? this.storeHead() : error;
  }

  /** Puts a record and makes it a commit of its own; returns whether it stands. */
  commitAlone(entry: JournalEntry, nowUs: number): boolean {
    const store = this.parts.store;
    store.begin();
    if (this.put(entry, nowUs) === JournalError.None) return store.commit() === StoreError.None;
    store.begin();
    return false;
  }

  /** The last record's; with those put into the commit that is being made. 0 = none, or the memory fails. */
  sequence(): number {
    return this.loadHead() ? this.lastInHead() : 0;
  }

  /** Of the first record that is still there; 1 when there is none yet. */
  first(): number {
    const last = this.sequence();
    return last > MemoryMap.JournalRecords ? last - MemoryMap.JournalRecords + 1 : 1;
  }

  /** The last record that was acknowledged; 0 = none. */
  acknowledged(): number {
    return this.loadHead() ? readU32(this.head, HeadPart.Acknowledged) : 0;
  }

  /** How many records have a place. */
  freePlaces(): number {
    return this.loadHead() ? this.freeInHead() : 0;
  }

  /** Out of service: nothing that would need records may be begun. What is under way still has its places. */
  isFull(): boolean {
    return this.freePlaces() <= RESERVED_PLACES;
  }

  /** Puts the 64 bytes of record `sequence` into `into[0…]`; false when it is not there, or no more. */
  read(sequence: number, into: Bytes): boolean {
    if (sequence < this.first() || sequence > this.sequence()) return false;
    const error = this.parts.store.read(addressOf(sequence), into, 0, RecordPart.Bytes);
    return error === StoreError.None && readU32(into, RecordPart.Sequence) === sequence;
  }

  /** All records up to `sequence` are kept elsewhere: a commit of its own. What was acknowledged already changes nothing. */
  acknowledge(sequence: number): JournalError {
    const store = this.parts.store;
    store.begin();
    if (!this.loadHead()) return JournalError.Memory;
    if (sequence > this.lastInHead()) return JournalError.NotThere;
    if (sequence <= readU32(this.head, HeadPart.Acknowledged)) return JournalError.None;
    putU32(sequence, this.head, HeadPart.Acknowledged);
    const head: number = MemoryMap.JournalHead;
    store.put(head + HeadPart.Acknowledged, this.head, HeadPart.Acknowledged, 4);
    return store.commit() === StoreError.None ? JournalError.None : JournalError.Memory;
  }

  /** It is `seconds` since 1970-01-01 UTC now. Time goes on as long as the power stays; its record is the owner's to put. */
  setClock(seconds: number, nowUs: number): void {
    this.clockSeconds = seconds;
    this.clockUs = nowUs;
  }

  private timeAt(nowUs: number): number {
    if (this.clockSeconds === 0) return 0;
    const seconds = this.clockSeconds + Math.floor((nowUs - this.clockUs) / US_PER_SECOND);
    return seconds < LAST_SECOND ? seconds : LAST_SECOND;
  }

  private loadHead(): boolean {
    const error = this.parts.store.read(MemoryMap.JournalHead, this.head, 0, MemoryMap.JournalHeadBytes);
    return error === StoreError.None;
  }

  private lastInHead(): number {
    const next = readU32(this.head, HeadPart.Next);
    return next === 0 ? 0 : next - 1;
  }

  private freeInHead(): number {
    const waiting = this.lastInHead() - readU32(this.head, HeadPart.Acknowledged);
    return MemoryMap.JournalRecords - waiting;
  }

  /** Whether record `sequence` stands in the ring, and its code is the head's. */
  private endsWith(sequence: number): boolean {
    if (sequence === 0) return true;
    if (!this.read(sequence, this.record)) return false;
    const length = RecordPart.CodeBytes;
    return this.natives.equalConstantTime(this.record, RecordPart.Code, this.head, HeadPart.Code, length);
  }

  /** A record of `sequence` with nothing in it, and the code before where it enters the record's own. */
  private begin(sequence: number): void {
    this.natives.wipe(this.record);
    putU32(sequence, this.record, RecordPart.Sequence);
    this.natives.copy(this.head, HeadPart.Code, this.record, RecordPart.Code, RecordPart.CodeBytes);
  }

  private putRecord(sequence: number): JournalError {
    const error = this.parts.store.put(addressOf(sequence), this.record, 0, RecordPart.Bytes);
    return error === StoreError.None ? JournalError.None : JournalError.Memory;
  }

  /** Puts the head before record `next`, with the code of a TAMPER record in its place; the key is wiped. */
  private putHead(next: number): JournalError {
    this.begin(next);
    this.record[RecordPart.Event] = JournalEvent.Tamper;
    this.key.sign(this.record, this.work);
    this.natives.copy(this.record, RecordPart.Code, this.head, HeadPart.TamperCode, RecordPart.CodeBytes);
    putU32(next, this.head, HeadPart.Next);
    this.key.wrap(this.head, next);
    this.key.wipe();
    return this.storeHead();
  }

  private storeHead(): JournalError {
    const error = this.parts.store.put(MemoryMap.JournalHead, this.head, 0, MemoryMap.JournalHeadBytes);
    return error === StoreError.None ? JournalError.None : JournalError.Memory;
  }
}

function addressOf(sequence: number): number {
  const turns = Math.floor((sequence - 1) / MemoryMap.JournalRecords);
  const journal: number = MemoryMap.Journal;
  return journal + (sequence - 1 - turns * MemoryMap.JournalRecords) * MemoryMap.JournalRecordBytes;
}
