/**
 * The keys that the terminal shares with counters, one for each pair (docs/protocol.md, TLS). They stand in the FRAM wrapped by
 * AES-CCM under the key-encryption key, which is in backup memory alone: when the case opens nothing can be unwrapped any more.
 *
 * A key is replaced by a one-way step that both ends can take by themselves (docs/protocol.md, Rekey). Once its mark is set, what the
 * step makes of it is good as well; as soon as a client has used that, it takes the key's place and the mark is gone.
 *
 *   state and kind u8 | role u8 | length and 16 of TERMINAL | length and 16 of COUNTER | nonce 12 | wrapped key 32 | tag 16
 */
import type { BackupMemory } from "../../hal/backup-memory.ts";
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { CryptoLimit } from "../../hal/crypto.ts";
import { type AesCcm, CCM_NONCE_BYTES } from "../protocol/aes-ccm.ts";
import type { HkdfSha256 } from "../protocol/hkdf-sha256.ts";
import { PSK_UNKNOWN, type PskTable } from "../protocol/tls-handshake.ts";
import { BackupMap, NonceKind } from "./backup-map.ts";
import { MemoryMap } from "./memory-map.ts";
import { isName, type Name, NAME_MAX_BYTES, Pair } from "./pair.ts";
import { StoreError, type Store } from "./store.ts";

export const PSK_BYTES = 32;

/** First byte of a record. */
const PRESENT = 0x01;
/** The next key is good as well. Written by whoever has the key-encryption key alone, like the rest: the tag covers it. */
const NEXT = 0x02;
/** The key was made for development: town images do not use it. */
const DEVELOPMENT = 0x10;
/** What the terminal is with this key. A key with which it would call is never used. */
const ROLE_SERVER = 0;

const ROLE_AT = 1;
const TERMINAL_AT = 2;
const COUNTER_AT = TERMINAL_AT + 1 + NAME_MAX_BYTES;
const NONCE_AT = COUNTER_AT + 1 + NAME_MAX_BYTES;
const WRAPPED_AT = NONCE_AT + CCM_NONCE_BYTES;
/** What the tag covers beside the key. */
const HEAD_BYTES = NONCE_AT;

/** "madoguchi 1 rekey|srv=" and "|cli=", with the names behind them: what the step is made for. */
const STEP_TERMINAL: readonly number[] = [
  0x6d, 0x61, 0x64, 0x6f, 0x67, 0x75, 0x63, 0x68, 0x69, 0x20, 0x31, 0x20, 0x72, 0x65, 0x6b, 0x65, 0x79, 0x7c,
  0x73, 0x72, 0x76, 0x3d,
];
const STEP_COUNTER: readonly number[] = [0x7c, 0x63, 0x6c, 0x69, 0x3d];
const STEP_MAX_BYTES = STEP_TERMINAL.length + STEP_COUNTER.length + 2 * NAME_MAX_BYTES;

export interface PairKeysParts {
  readonly store: Store;
  readonly backup: BackupMemory;
  /** Shared; every use begins with its key. */
  readonly ccm: AesCcm;
  /** Shared, too. */
  readonly hkdf: HkdfSha256;
  /** Town images say false. */
  readonly takesDevelopment: boolean;
}

export class PairKeys implements PskTable {
  private readonly record: Bytes;
  private readonly kek: Bytes;
  private readonly pair: Pair;
  private readonly psk: Bytes;
  private readonly info: Bytes;
  private infoLength = 0;

  constructor(
    private readonly natives: ByteNatives,
    private readonly parts: PairKeysParts,
  ) {
    this.record = natives.allocate(MemoryMap.KeyBytes);
    this.kek = natives.allocate(CryptoLimit.AesBytes);
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
    const isRight = this.unwrap(index);
    if (isRight) this.natives.copy(this.record, WRAPPED_AT, into, 0, PSK_BYTES);
    this.natives.wipe(this.record);
    return isRight;
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
    if (!this.unwrap(index)) return false;
    this.record[0] = this.record[0] | NEXT;
    return this.wrap(index, nonce) === StoreError.None;
  }

  /** Puts the key that follows key `index` in its place, in the store's commit; false when it is not good. `nonce` as for `put`. */
  putNext(index: number, nonce: ReadonlyBytes): boolean {
    if (!this.isNextGood(index) || !this.unwrap(index)) return false;
    this.record[0] = this.record[0] & ~NEXT;
    this.natives.copy(this.record, WRAPPED_AT, this.psk, 0, PSK_BYTES);
    this.takeStep(this.psk);
    this.natives.copy(this.psk, 0, this.record, WRAPPED_AT, PSK_BYTES);
    this.natives.wipe(this.psk);
    return this.wrap(index, nonce) === StoreError.None;
  }

  /**
   * Puts the key `psk` of `pair` as number `index` into the store's commit, wrapped under `nonce`, which is used once; its first
   * byte becomes the kind's. What provisioning does; a development key bears its mark.
   */
  put(index: number, pair: Pair, psk: ReadonlyBytes, nonce: ReadonlyBytes): StoreError {
    const record = this.record;
    this.natives.wipe(record);
    record[0] = this.parts.takesDevelopment ? PRESENT | DEVELOPMENT : PRESENT;
    record[ROLE_AT] = ROLE_SERVER;
    record[TERMINAL_AT] = pair.terminal.length;
    this.natives.copy(pair.terminal.bytes, 0, record, TERMINAL_AT + 1, NAME_MAX_BYTES);
    record[COUNTER_AT] = pair.counter.length;
    this.natives.copy(pair.counter.bytes, 0, record, COUNTER_AT + 1, NAME_MAX_BYTES);
    this.natives.copy(psk, 0, record, WRAPPED_AT, PSK_BYTES);
    return this.wrap(index, nonce);
  }

  /** Loads record `index` with its key in the clear; false, and nothing of it, when that cannot be had. */
  private unwrap(index: number): boolean {
    if (this.parts.backup.wasOpened() || !this.load(index)) return false;
    this.useKek(this.record);
    const isRight = this.parts.ccm.open(HEAD_BYTES, this.record, WRAPPED_AT, PSK_BYTES);
    this.parts.ccm.wipe();
    if (!isRight) this.natives.wipe(this.record);
    return isRight;
  }

  /** Puts the record, whose key is in the clear, as number `index` into the store's commit, and wipes it. */
  private wrap(index: number, nonce: ReadonlyBytes): StoreError {
    const record = this.record;
    this.natives.copy(nonce, 0, record, NONCE_AT, CCM_NONCE_BYTES);
    record[NONCE_AT] = NonceKind.PairKey;
    this.useKek(record);
    this.parts.ccm.seal(HEAD_BYTES, record, WRAPPED_AT, PSK_BYTES);
    this.parts.ccm.wipe();
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
    const isDevelopment = (record[0] & DEVELOPMENT) !== 0;
    if ((record[0] & PRESENT) === 0 || record[ROLE_AT] !== ROLE_SERVER) return false;
    if (isDevelopment && !this.parts.takesDevelopment) return false;
    if (!isName(record, TERMINAL_AT + 1, record[TERMINAL_AT])) return false;
    if (!isName(record, COUNTER_AT + 1, record[COUNTER_AT])) return false;
    this.pair.terminal.set(record, TERMINAL_AT + 1, record[TERMINAL_AT]);
    this.pair.counter.set(record, COUNTER_AT + 1, record[COUNTER_AT]);
    return true;
  }

  private useKek(record: ReadonlyBytes): void {
    const ccm = this.parts.ccm;
    this.parts.backup.read(BackupMap.KeyEncryptionKey, CryptoLimit.AesBytes, this.kek);
    ccm.setKey(this.kek);
    this.natives.wipe(this.kek);
    this.natives.copy(record, NONCE_AT, ccm.nonce, 0, CCM_NONCE_BYTES);
    this.natives.copy(record, 0, ccm.associated, 0, HEAD_BYTES);
  }
}

function addressOf(index: number): number {
  const keys: number = MemoryMap.Keys;
  return keys + index * MemoryMap.KeyBytes;
}
