/**
 * The town's operator key, of which every operator's card has one of its own by its name (docs/protocol.md, The operator's card):
 *
 *   K(NAME) = HKDF-Expand(operator key, "madoguchi operator|" NAME)      answer = HMAC(K(NAME), "madoguchi operator 1" challenge)
 *   In the store: state and kind u8 | 3 zeros | nonce 12 | wrapped key 32 | tag 16
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { CryptoLimit } from "../../hal/crypto.ts";
import type { HkdfSha256 } from "../protocol/hkdf-sha256.ts";
import type { HmacSha256 } from "../protocol/hmac-sha256.ts";
import { NonceKind } from "./backup-map.ts";
import { MemoryMap } from "./memory-map.ts";
import { type Name, NAME_MAX_BYTES } from "./pair.ts";
import { StoreError, type Store } from "./store.ts";
import { KEY_BYTES, WrappedKey, type WrapParts } from "./wrapped-key.ts";

export const CHALLENGE_BYTES = 16;
export const ANSWER_BYTES = 32;

const HEAD_BYTES = 4;
/** "madoguchi operator", then "|" for the card's key and " 1" for its answers. */
const LABEL: readonly number[] = [
  0x6d, 0x61, 0x64, 0x6f, 0x67, 0x75, 0x63, 0x68, 0x69, 0x20, 0x6f, 0x70, 0x65, 0x72, 0x61, 0x74, 0x6f, 0x72,
];
const BAR = 0x7c;
const SPACE = 0x20;
const ONE = 0x31;

export interface OperatorKeyParts extends WrapParts {
  readonly store: Store;
  readonly hkdf: HkdfSha256;
  /** Shared; every use begins with its key. */
  readonly hmac: HmacSha256;
}

export class OperatorKey {
  private readonly record: Bytes;
  private readonly wrapped: WrappedKey;
  private readonly key: Bytes;
  private readonly message: Bytes;
  private readonly expected: Bytes;

  constructor(
    private readonly natives: ByteNatives,
    private readonly parts: OperatorKeyParts,
  ) {
    this.record = natives.allocate(MemoryMap.OperatorKeyBytes);
    this.wrapped = new WrappedKey(natives, parts, HEAD_BYTES);
    this.key = natives.allocate(KEY_BYTES);
    this.message = natives.allocate(LABEL.length + 2 + NAME_MAX_BYTES);
    this.expected = natives.allocate(CryptoLimit.DigestBytes);
  }

  /** Whether there is a key that this image may use. */
  isThere(): boolean {
    const error = this.parts.store.read(MemoryMap.OperatorKey, this.record, 0, MemoryMap.OperatorKeyBytes);
    return error === StoreError.None && this.wrapped.isUsable(this.record);
  }

  /** Whether `answer[0…31]` is what the card of `operator` says to `challenge`. Nothing of a key stays in RAM. */
  isRight(operator: Name, challenge: ReadonlyBytes, answer: ReadonlyBytes): boolean {
    if (!this.isThere() || !this.wrapped.open(this.record, this.key)) return false;
    const hmac = this.parts.hmac;
    const message = this.message;
    const nameAt = this.putLabel() + 1;
    message[nameAt - 1] = BAR;
    this.natives.copy(operator.bytes, 0, message, nameAt, operator.length);
    this.parts.hkdf.expand(this.key, message, nameAt + operator.length, this.key);
    const challengeAt = this.putLabel() + 2;
    message[challengeAt - 2] = SPACE;
    message[challengeAt - 1] = ONE;
    this.natives.copy(challenge, 0, message, challengeAt, CHALLENGE_BYTES);
    hmac.setKey(this.key, KEY_BYTES);
    hmac.compute(message, 0, challengeAt + CHALLENGE_BYTES, this.expected);
    hmac.wipe();
    const isSame = this.natives.equalConstantTime(answer, 0, this.expected, 0, ANSWER_BYTES);
    this.natives.wipe(this.key);
    this.natives.wipe(this.expected);
    this.natives.wipe(message);
    return isSame;
  }

  /** Puts the key, and the nonce that is used once for it, into the store's commit: provisioning's business. */
  put(key: ReadonlyBytes, nonce: ReadonlyBytes): StoreError {
    const record = this.record;
    this.natives.wipe(record);
    this.wrapped.seal(record, NonceKind.OperatorKey, key, nonce);
    const error = this.parts.store.put(MemoryMap.OperatorKey, record, 0, MemoryMap.OperatorKeyBytes);
    this.natives.wipe(record);
    return error;
  }

  /** Returns its length. */
  private putLabel(): number {
    for (let i = 0; i < LABEL.length; i++) this.message[i] = LABEL[i];
    return LABEL.length;
  }
}
