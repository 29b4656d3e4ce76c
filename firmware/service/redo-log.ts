/**
 * A redo log in the FRAM: several changes that happen all or not at all, wherever the power goes.
 *
 *   check 4 | length u16 | layout u8 | entries: address u16, length u8, bytes          (little endian)
 *
 *   entries --read back--> head --read back--> entries to their addresses --read back--> head zero --> entries zero
 *                                   └ from here on the commit has happened: whoever finds the log whole does the rest again
 *
 * The check is the begin of SHA-256 over everything behind it, so a head that was cut short is none. An unused log is all zeros:
 * old states of keys must not stay behind in it.
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { CryptoLimit, type Crypto } from "../../hal/crypto.ts";
import { FramError, type Fram } from "../driver/fram.ts";
import { MemoryMap } from "./memory-map.ts";

/** What is in the log area. */
export const enum LogState {
  /** Zeros. */
  Clear = 0,
  /** The rest of something that has not happened, or that is done. */
  Torn = 1,
  /** A commit that has happened; its entries may not be at their addresses yet. */
  Whole = 2,
  /** The check is right and the entries are not: no program of ours has written it. */
  Malformed = 3,
}

/** Offsets in the log area, and sizes. */
const enum LogPart {
  Check = 0,
  CheckBytes = 4,
  Length = 4,
  Layout = 6,
  Entries = 7,
  /** Of an entry before its bytes. */
  EntryHeadBytes = 3,
}

const MOST_ENTRY_BYTES = 255;

export class RedoLog {
  /** The log area as it will stand in the FRAM, or as it was found. */
  private readonly area: Bytes;
  private readonly digest: Bytes;
  private used = LogPart.Entries;

  constructor(
    private readonly natives: ByteNatives,
    private readonly fram: Fram,
    private readonly crypto: Crypto,
  ) {
    this.area = natives.allocate(MemoryMap.LogBytes);
    this.digest = natives.allocate(CryptoLimit.DigestBytes);
  }

  /** Forgets what was put. */
  begin(): void {
    this.natives.wipe(this.area);
    this.used = LogPart.Entries;
  }

  isEmpty(): boolean {
    return this.used === LogPart.Entries;
  }

  /** Adds the change of `length` bytes from `address` on to `bytes[from…]`; false when there is no room for it. */
  put(address: number, bytes: ReadonlyBytes, from: number, length: number): boolean {
    for (let done = 0; done < length; done += MOST_ENTRY_BYTES) {
      const rest = length - done;
      const count = rest < MOST_ENTRY_BYTES ? rest : MOST_ENTRY_BYTES;
      if (this.used + LogPart.EntryHeadBytes + count > MemoryMap.LogBytes) return false;
      this.putEntry(address + done, count);
      this.natives.copy(bytes, from + done, this.area, this.used - count, count);
    }
    return true;
  }

  /** Lays what was put over `into[at…at+length-1]`, which was read from `address` on. */
  overlay(address: number, into: Bytes, at: number, length: number): void {
    let entry: number = LogPart.Entries;
    while (entry < this.used) {
      const start = this.addressOf(entry);
      const first = start > address ? start : address;
      const behind = start + this.lengthOf(entry);
      const end = behind < address + length ? behind : address + length;
      const source = entry + LogPart.EntryHeadBytes + first - start;
      if (first < end) this.natives.copy(this.area, source, into, at + first - address, end - first);
      entry = this.next(entry);
    }
  }

  /** Makes what was put happen, as a firmware of layout `layout`. After an error, what the next `load` finds decides. */
  commit(layout: number): FramError {
    const length = this.used - LogPart.Entries;
    this.area[LogPart.Length] = length & 255;
    this.area[LogPart.Length + 1] = length >>> 8;
    this.area[LogPart.Layout] = layout;
    this.makeDigest();
    this.natives.copy(this.digest, 0, this.area, LogPart.Check, LogPart.CheckBytes);
    const log: number = MemoryMap.Log;
    let error = this.fram.write(log + LogPart.Entries, this.area, LogPart.Entries, length);
    if (error === FramError.None) error = this.fram.write(log, this.area, 0, LogPart.Entries);
    if (error === FramError.None) error = this.redo();
    this.begin();
    return error;
  }

  /** Reads the log area and says what it is. */
  load(): LogState {
    this.begin();
    const area = this.area;
    this.fram.read(MemoryMap.Log, area, 0, MemoryMap.LogBytes);
    const length = area[LogPart.Length] | (area[LogPart.Length + 1] << 8);
    if (length > MemoryMap.LogBytes - LogPart.Entries) return LogState.Torn;
    if (length === 0) return this.isBlank() ? LogState.Clear : LogState.Torn;
    this.used = LogPart.Entries + length;
    this.makeDigest();
    if (!this.natives.equalConstantTime(this.digest, 0, area, LogPart.Check, LogPart.CheckBytes))
      return LogState.Torn;
    return this.isWellFormed() ? LogState.Whole : LogState.Malformed;
  }

  /** The layout of the firmware that has written the log; after `load` has found it whole. */
  layout(): number {
    return this.area[LogPart.Layout];
  }

  /** Brings the entries to their addresses, how often ever that was begun, and clears the log. Only where it is whole. */
  redo(): FramError {
    let error = FramError.None;
    for (let at: number = LogPart.Entries; at < this.used && error === FramError.None; at = this.next(at))
      error = this.fram.write(this.addressOf(at), this.area, at + LogPart.EntryHeadBytes, this.lengthOf(at));
    return error === FramError.None ? this.clear(this.used) : error;
  }

  /** Makes the log area zeros, its head first. */
  clearAll(): FramError {
    return this.clear(MemoryMap.LogBytes);
  }

  private clear(used: number): FramError {
    const log: number = MemoryMap.Log;
    const error = this.fram.erase(log, LogPart.Entries);
    if (error !== FramError.None) return error;
    return this.fram.erase(log + LogPart.Entries, used - LogPart.Entries);
  }

  /** Its bytes are still to be copied; `used` is behind them. */
  private putEntry(address: number, length: number): void {
    const at = this.used;
    this.area[at] = address & 255;
    this.area[at + 1] = address >>> 8;
    this.area[at + 2] = length;
    this.used = at + LogPart.EntryHeadBytes + length;
  }

  private addressOf(entry: number): number {
    return this.area[entry] | (this.area[entry + 1] << 8);
  }

  private lengthOf(entry: number): number {
    return this.area[entry + 2];
  }

  private next(entry: number): number {
    return entry + LogPart.EntryHeadBytes + this.lengthOf(entry);
  }

  private makeDigest(): void {
    this.crypto.sha256(this.area, LogPart.Length, this.used - LogPart.Length, this.digest);
  }

  private isBlank(): boolean {
    let found = 0;
    for (let at = 0; at < MemoryMap.LogBytes; at++) found = found | this.area[at];
    return found === 0;
  }

  /** Whether the entries end where they must, and none of them lies outside of what a commit may change. */
  private isWellFormed(): boolean {
    let at: number = LogPart.Entries;
    while (at + LogPart.EntryHeadBytes < this.used) {
      const isInside =
        this.addressOf(at) >= MemoryMap.Superblock &&
        this.addressOf(at) + this.lengthOf(at) <= MemoryMap.End &&
        this.lengthOf(at) > 0;
      if (!isInside) return false;
      at = this.next(at);
    }
    return at === this.used;
  }
}
