/**
 * The keys that the terminal shares with counters, one for each pair (docs/protocol.md, TLS), wrapped in the FRAM (wrapped-key.ts).
 *
 *   state and kind u8 | role u8 | length and 16 of TERMINAL | length and 16 of COUNTER | nonce 12 | wrapped key 32 | tag 16
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { PSK_UNKNOWN, type PskTable } from "../protocol/tls-handshake.ts";
import { NonceKind } from "./backup-map.ts";
import { MemoryMap } from "./memory-map.ts";
import { isName, NAME_MAX_BYTES, Pair } from "./pair.ts";
import { StoreError, type Store } from "./store.ts";
import { WrappedKey, type WrapParts } from "./wrapped-key.ts";

export const PSK_BYTES = 32;

/** What the terminal is with this key. A key with which it would call is never used. */
const ROLE_SERVER = 0;

const ROLE_AT = 1;
const TERMINAL_AT = 2;
const COUNTER_AT = TERMINAL_AT + 1 + NAME_MAX_BYTES;
const HEAD_BYTES = COUNTER_AT + 1 + NAME_MAX_BYTES;

export interface PairKeysParts extends WrapParts {
  readonly store: Store;
}

export class PairKeys implements PskTable {
  private readonly record: Bytes;
  private readonly wrapped: WrappedKey;
  private readonly pair: Pair;

  constructor(
    private readonly natives: ByteNatives,
    private readonly parts: PairKeysParts,
  ) {
    this.record = natives.allocate(MemoryMap.KeyBytes);
    this.wrapped = new WrappedKey(natives, parts, HEAD_BYTES);
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
    return this.load(index) && this.wrapped.open(this.record, into);
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
    this.wrapped.seal(record, NonceKind.PairKey, psk, nonce);
    const error = this.parts.store.put(addressOf(index), record, 0, MemoryMap.KeyBytes);
    this.natives.wipe(record);
    return error;
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
