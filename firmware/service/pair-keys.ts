/**
 * The keys that the terminal shares with counters, one for each pair (docs/protocol.md, TLS), wrapped in the FRAM (wrapped-key.ts).
 *
 * A key is replaced by a one-way step that both ends can take by themselves (docs/protocol.md, Rekey). Once its mark is set, what the
 * step makes of it is good as well; as soon as a client has used that, it takes the key's place and the mark is gone.
 *
 *   state and kind u8 | role u8 | length and 16 of TERMINAL | length and 16 of COUNTER | nonce 12 | wrapped key 32 | tag 16
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import type { HkdfSha256 } from "../protocol/hkdf-sha256.ts";
import { PSK_UNKNOWN, type PskTable } from "../protocol/tls-handshake.ts";
import { NonceKind } from "./backup-map.ts";
import { MemoryMap } from "./memory-map.ts";
import { isName, type Name, NAME_MAX_BYTES, Pair } from "./pair.ts";
import { StoreError, type Store } from "./store.ts";
import { WrappedKey, type WrapParts } from "./wrapped-key.ts";

export const PSK_BYTES = 32;

/** The next key is good as well: in the first byte of a record, beside its state. */
const NEXT = 0x02;
/** What the terminal is with this key. A key with which it would call is never used. */
const ROLE_SERVER = 0;

const ROLE_AT = 1;
const TERMINAL_AT = 2;
const COUNTER_AT = TERMINAL_AT + 1 + NAME_MAX_BYTES;
const HEAD_BYTES = COUNTER_AT + 1 + NAME_MAX_BYTES;

/** "madoguchi 1 rekey|srv=" and "|cli=", with the names behind them: what the step is made for. */
const STEP_TERMINAL: readonly number[] = [
  0x6d, 0x61, 0x64, 0x6f, 0x67, 0x75, 0x63, 0x68, 0x69, 0x20, 0x31, 0x20, 0x72, 0x65, 0x6b, 0x65, 0x79, 0x7c,
  0x73, 0x72, 0x76, 0x3d,
];
const STEP_COUNTER: readonly number[] = [0x7c, 0x63, 0x6c, 0x69, 0x3d];
const STEP_MAX_BYTES = STEP_TERMINAL.length + STEP_COUNTER.length + 2 * NAME_MAX_BYTES;

export interface PairKeysParts extends WrapParts {
  readonly store: Store;
  /** Shared. */
  readonly hkdf: HkdfSha256;
}

export class PairKeys implements PskTable {
  private readonly record: Bytes;
  private readonly wrapped: WrappedKey;
  private readonly pair: Pair;
  private readonly psk: Bytes;
  private readonly info: Bytes;
  private infoLength = 0;

  constructor(
    private readonly natives: ByteNatives,
    private readonly parts: PairKeysParts,
  ) {
    this.record = natives.allocate(MemoryMap.KeyBytes);
    this.wrapped = new WrappedKey(natives, parts, HEAD_BYTES);
    this.pair = new Pair(natives);
    this.psk = natives.allocate(PSK_BYTES);
    this.info = natives.allocate(STEP_MAX_BYTES);
  }

  /** Whether there is a key that this image may use. */
  hasAny(): boolean {
    for (let i = 0; i < MemoryMap.Identities; i++) if (this.load(i)) return true;
    return false;
  }

  find(bytes: ReadonlyBytes, at: number, length: number): number {
    for (let i = 0; i < MemoryMap.Identities; i++) {
      if (this.load(i) && this.pair.isIdentity(bytes, at, length)) return i;
    }
    return PSK_UNKNOWN;
  }

  /** The names of key `index`, until the next call; undefined when there is none. */
  namesOf(index: number): Pair | undefined {
    return this.load(index) ? this.pair : undefined;
  }

  read(index: number, into: Bytes): boolean {
    return this.load(index) && this.wrapped.open(this.record, into);
  }

  readNext(index: number, into: Bytes): boolean {
    if (!this.isNextGood(index) || !this.read(index, into)) return false;
    this.takeStep(into);
    return true;
  }

  /** Whether the key that follows key `index` is good as well. */
  isNextGood(index: number): boolean {
    return this.load(index) && (this.record[0] & NEXT) !== 0;
  }

  /** Makes the key that follows key `index` good as well, in the store's commit; false when that cannot be. `nonce` as for `put`. */
  putMark(index: number, nonce: ReadonlyBytes): boolean {
    if (!this.read(index, this.psk)) return false;
    this.record[0] = this.record[0] | NEXT;
    return this.seal(index, this.psk, nonce) === StoreError.None;
  }

  /** Puts the key that follows key `index` in its place, in the store's commit; false when it is not good. `nonce` as for `put`. */
  putNext(index: number, nonce: ReadonlyBytes): boolean {
    if (!this.readNext(index, this.psk)) return false;
    this.record[0] = this.record[0] & ~NEXT;
    return this.seal(index, this.psk, nonce) === StoreError.None;
  }

  /**
   * Puts the key `psk` of `pair` as number `index` into the store's commit, wrapped under `nonce`, which is used once; its first
   * byte becomes the kind's. What provisioning does; a development key bears its mark.
   */
  put(index: number, pair: Pair, psk: ReadonlyBytes, nonce: ReadonlyBytes): StoreError {
    const record = this.record;
    this.natives.wipe(record);
    record[ROLE_AT] = ROLE_SERVER;
    record[TERMINAL_AT] = pair.terminal.length;
    this.natives.copy(pair.terminal.bytes, 0, record, TERMINAL_AT + 1, NAME_MAX_BYTES);
    record[COUNTER_AT] = pair.counter.length;
    this.natives.copy(pair.counter.bytes, 0, record, COUNTER_AT + 1, NAME_MAX_BYTES);
    return this.seal(index, psk, nonce);
  }

  /** Puts the record, whose head is whole, as number `index` into the store's commit, and wipes what it was made of. */
  private seal(index: number, psk: ReadonlyBytes, nonce: ReadonlyBytes): StoreError {
    const record = this.record;
    this.wrapped.seal(record, NonceKind.PairKey, psk, nonce);
    this.natives.wipe(this.psk);
    const error = this.parts.store.put(addressOf(index), record, 0, MemoryMap.KeyBytes);
    this.natives.wipe(record);
    return error;
  }

  /** PSK' = HKDF-Expand(PSK, info, 32), of the pair that was loaded last. */
  private takeStep(psk: Bytes): void {
    this.infoLength = 0;
    this.addToInfo(STEP_TERMINAL, this.pair.terminal);
    this.addToInfo(STEP_COUNTER, this.pair.counter);
    this.parts.hkdf.expand(psk, this.info, this.infoLength, psk);
  }

  private addToInfo(label: readonly number[], name: Name): void {
    for (let i = 0; i < label.length; i++) this.info[this.infoLength + i] = label[i];
    this.infoLength += label.length;
    this.natives.copy(name.bytes, 0, this.info, this.infoLength, name.length);
    this.infoLength += name.length;
  }

  /** Reads record `index`; returns whether it is a key that this image may use. */
  private load(index: number): boolean {
    const record = this.record;
    if (this.parts.store.read(addressOf(index), record, 0, MemoryMap.KeyBytes) !== StoreError.None)
      return false;
    if (!this.wrapped.isUsable(record) || record[ROLE_AT] !== ROLE_SERVER) return false;
    if (!isName(record, TERMINAL_AT + 1, record[TERMINAL_AT])) return false;
    if (!isName(record, COUNTER_AT + 1, record[COUNTER_AT])) return false;
    this.pair.terminal.set(record, TERMINAL_AT + 1, record[TERMINAL_AT]);
    this.pair.counter.set(record, COUNTER_AT + 1, record[COUNTER_AT]);
    return true;
  }
}

function addressOf(index: number): number {
  const keys: number = MemoryMap.Keys;
  return keys + index * MemoryMap.KeyBytes;
}
