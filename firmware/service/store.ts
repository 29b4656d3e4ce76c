/**
 * The terminal's non-volatile store: areas of the FRAM (memory-map.ts) that are always whole. Every change goes through one
 * mechanism, a commit of several puts over the redo log (redo-log.ts), which happens all or not at all.
 *
 *   Closed --recover(): log redone or cleared, layout brought up to date--> Open --begin, put …, commit--> Open
 *      ^                                                                      |
 *      +------------ the memory fails: the next recover() decides ------------+
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import type { Crypto } from "../../hal/crypto.ts";
import { FramError, type Fram } from "../driver/fram.ts";
import { MemoryMap } from "./memory-map.ts";
import { LogState, RedoLog } from "./redo-log.ts";
import { Superblock, SuperblockSize, SuperblockState } from "./superblock.ts";

export const enum StoreError {
  None = 0,
  /** The memory is blank or not ours. Only `format` goes on from here. */
  Unformatted = 1,
  /** A newer firmware has written it. Nothing was changed. */
  NewerLayout = 2,
  /** It is ours, but superblock or log was changed by something else. Nothing was changed. */
  Damaged = 3,
  /** The FRAM does not answer, or does not keep what is written. After a commit: the next `recover` decides what stands. */
  Memory = 4,
  /** A range outside of what a commit may change. */
  OutOfRange = 5,
  /** More than the log takes. */
  Full = 6,
  /** Not recovered yet, or not since the memory has failed. */
  Closed = 7,
}

/** The layout that this firmware knows. */
export interface StoreLayout {
  /** 1…255 */
  readonly version: number;
  /** Puts what makes a store of layout `from` one of `from + 1`; reads see what earlier steps have put. All steps are one commit. */
  migrate(from: number, store: Store): StoreError;
}

export interface StoreParts {
  readonly fram: Fram;
  readonly crypto: Crypto;
  readonly layout: StoreLayout;
}

export class Store {
  private readonly log: RedoLog;
  private readonly superblock: Superblock;
  private isOpen = false;
  /** The first error of the puts since `begin`. */
  private failed = StoreError.None;

  constructor(
    natives: ByteNatives,
    private readonly parts: StoreParts,
  ) {
    this.log = new RedoLog(natives, parts.fram, parts.crypto);
    this.superblock = new Superblock(natives, parts.fram, parts.crypto);
  }

  /** The first act of every boot: finishes what a power cut has interrupted, and migrates. Open on `None`. */
  recover(): StoreError {
    this.isOpen = false;
    this.failed = StoreError.None;
    if (this.parts.fram.identify() !== FramError.None) return StoreError.Memory;
    const state = this.log.load();
    let error = this.redo(state);
    this.log.begin();
    if (error === StoreError.None) error = this.judgeSuperblock();
    // Only now it is known that the memory is ours.
    if (error === StoreError.None && state === LogState.Torn) error = this.judge(this.log.clearAll());
    if (error !== StoreError.None) return error;
    this.isOpen = true;
    return this.migrate(this.superblock.layout());
  }

  /**
   * Makes an empty store of whatever was there: provisioning's business. Takes some 70 ms on the wire. A cut leaves the memory
   * as it was, or unformatted.
   */
  format(): StoreError {
    const fram = this.parts.fram;
    this.isOpen = false;
    if (fram.identify() !== FramError.None) return StoreError.Memory;
    let error = this.superblock.eraseMagic();
    if (error === FramError.None) error = fram.erase(0, MemoryMap.End);
    this.superblock.make(this.parts.layout.version);
    const bytes = this.superblock.bytes;
    if (error === FramError.None) error = fram.write(MemoryMap.Superblock, bytes, 0, bytes.length);
    return error === FramError.None ? this.recover() : StoreError.Memory;
  }

  /** Starts a commit; what was put and not committed is forgotten. */
  begin(): void {
    this.log.begin();
    this.failed = StoreError.None;
  }

  /** Adds to the commit: `length` bytes from `address` on become `bytes[from…]`. After an error the whole commit fails. */
  put(address: number, bytes: ReadonlyBytes, from: number, length: number): StoreError {
    let error = this.judgeRange(address, length);
    if (error === StoreError.None && !this.log.put(address, bytes, from, length)) error = StoreError.Full;
    if (this.failed === StoreError.None) this.failed = error;
    return error;
  }

  /** Makes everything happen that was put since `begin`, or nothing: then the first error of the puts comes back. */
  commit(): StoreError {
    const failed = this.isOpen ? this.failed : StoreError.Closed;
    const hasPuts = !this.log.isEmpty();
    if (failed === StoreError.None && hasPuts) return this.judge(this.log.commit(this.parts.layout.version));
    this.begin();
    return failed;
  }

  /** Puts the `length` bytes from `address` on into `into[at…]`, with what was put since `begin`. */
  read(address: number, into: Bytes, at: number, length: number): StoreError {
    const error = this.judgeRange(address, length);
    if (error !== StoreError.None) return error;
    this.parts.fram.read(address, into, at, length);
    this.log.overlay(address, into, at, length);
    return StoreError.None;
  }

  /** Does what a log says that was found at boot. */
  private redo(state: LogState): StoreError {
    switch (state) {
      case LogState.Clear:
      case LogState.Torn:
        return StoreError.None;
      case LogState.Malformed:
        return StoreError.Damaged;
      case LogState.Whole:
        if (this.log.layout() > this.parts.layout.version) return StoreError.NewerLayout;
        return this.judge(this.log.redo());
    }
  }

  private judgeSuperblock(): StoreError {
    switch (this.superblock.read()) {
      case SuperblockState.Missing:
        return StoreError.Unformatted;
      case SuperblockState.Damaged:
        return StoreError.Damaged;
      case SuperblockState.Present:
        return this.superblock.layout() > this.parts.layout.version
          ? StoreError.NewerLayout
          : StoreError.None;
    }
  }

  /** Closed when it fails: the store is still whole, in its old layout. */
  private migrate(from: number): StoreError {
    const layout = this.parts.layout;
    if (from === layout.version) return StoreError.None;
    this.begin();
    for (let step = from; step < layout.version && this.failed === StoreError.None; step++) {
      const error = layout.migrate(step, this);
      if (this.failed === StoreError.None) this.failed = error;
    }
    this.superblock.make(layout.version);
    const bytes = this.superblock.bytes;
    const fits = this.log.put(MemoryMap.Superblock, bytes, 0, SuperblockSize.Bytes);
    if (this.failed === StoreError.None && !fits) this.failed = StoreError.Full;
    const error = this.commit();
    this.isOpen = error === StoreError.None;
    return error;
  }

  private judgeRange(address: number, length: number): StoreError {
    if (!this.isOpen) return StoreError.Closed;
    const isInside = address >= MemoryMap.Data && length >= 0 && address + length <= MemoryMap.End;
    return isInside ? StoreError.None : StoreError.OutOfRange;
  }

  private judge(error: FramError): StoreError {
    if (error === FramError.None) return StoreError.None;
    this.isOpen = false;
    return StoreError.Memory;
  }
}
