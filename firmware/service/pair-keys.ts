/**
 * The keys that the terminal shares with counters, one for each pair (docs/protocol.md, TLS). They stand in the FRAM wrapped by
 * AES-CCM under the key-encryption key, which is in backup memory alone: when the case opens nothing can be unwrapped any more.
 *
 *   state and kind u8 | role u8 | length and 16 of TERMINAL | length and 16 of COUNTER | nonce 12 | wrapped key 32 | tag 16
 */
import type { BackupMemory } from "../../hal/backup-memory.ts";
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { CryptoLimit } from "../../hal/crypto.ts";
import { type AesCcm, CCM_NONCE_BYTES } from "../protocol/aes-ccm.ts";
import { PSK_UNKNOWN, type PskTable } from "../protocol/tls-handshake.ts";
import { BackupMap, NonceKind } from "./backup-map.ts";
import { MemoryMap } from "./memory-map.ts";
import { isName, NAME_MAX_BYTES, Pair } from "./pair.ts";
import { StoreError, type Store } from "./store.ts";

export const PSK_BYTES = 32;

/** First byte of a record. */
const PRESENT = 0x01;
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

export interface PairKeysParts {
  readonly store: Store;
  readonly backup: BackupMemory;
  /** Shared; every use begins with its key. */
  readonly ccm: AesCcm;
  /** Town images say false. */
  readonly takesDevelopment: boolean;
}

export class PairKeys implements PskTable {
  private readonly record: Bytes;
  private readonly kek: Bytes;
  private readonly pair: Pair;

  constructor(
    private readonly natives: ByteNatives,
    private readonly parts: PairKeysParts,
  ) {
    this.record = natives.allocate(MemoryMap.KeyBytes);
    this.kek = natives.allocate(CryptoLimit.AesBytes);
    this.pair = new Pair(natives);
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
    if (this.parts.backup.wasOpened() || !this.load(index)) return false;
    this.useKek(this.record);
    const isRight = this.parts.ccm.open(HEAD_BYTES, this.record, WRAPPED_AT, PSK_BYTES);
    if (isRight) this.natives.copy(this.record, WRAPPED_AT, into, 0, PSK_BYTES);
    this.parts.ccm.wipe();
    this.natives.wipe(this.record);
    return isRight;
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
    this.natives.copy(nonce, 0, record, NONCE_AT, CCM_NONCE_BYTES);
    record[NONCE_AT] = NonceKind.PairKey;
    this.natives.copy(psk, 0, record, WRAPPED_AT, PSK_BYTES);
    this.useKek(record);
    this.parts.ccm.seal(HEAD_BYTES, record, WRAPPED_AT, PSK_BYTES);
    this.parts.ccm.wipe();
    const error = this.parts.store.put(addressOf(index), record, 0, MemoryMap.KeyBytes);
    this.natives.wipe(record);
    return error;
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
