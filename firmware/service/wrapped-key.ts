/**
 * A key of 32 bytes in a record of the store, wrapped by AES-CCM under the key-encryption key, which is in backup memory alone: when
 * the case opens nothing can be unwrapped any more.
 *
 *   head, whose first byte is state and kind | nonce 12 | wrapped key 32 | tag 16
 */
import type { BackupMemory } from "../../hal/backup-memory.ts";
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { CryptoLimit } from "../../hal/crypto.ts";
import { type AesCcm, CCM_NONCE_BYTES } from "../protocol/aes-ccm.ts";
import { BackupMap, type NonceKind } from "./backup-map.ts";

export const KEY_BYTES = 32;

/** First byte of a record. */
const PRESENT = 0x01;
/** The key was made for development: town images do not use it. */
const DEVELOPMENT = 0x10;

export interface WrapParts {
  readonly backup: BackupMemory;
  /** Shared; every use begins with its key. */
  readonly ccm: AesCcm;
  /** Town images say false. */
  readonly takesDevelopment: boolean;
}

export class WrappedKey {
  private readonly nonceAt: number;
  private readonly keyAt: number;
  private readonly kek: Bytes;

  /** `headBytes`: of each record, the state included. The tag covers them, too. */
  constructor(
    private readonly natives: ByteNatives,
    private readonly parts: WrapParts,
    headBytes: number,
  ) {
    this.nonceAt = headBytes;
    this.keyAt = headBytes + CCM_NONCE_BYTES;
    this.kek = natives.allocate(CryptoLimit.AesBytes);
  }

  /** Whether `record` has a key that this image may use. */
  isUsable(record: ReadonlyBytes): boolean {
    const isDevelopment = (record[0] & DEVELOPMENT) !== 0;
    return (record[0] & PRESENT) !== 0 && (!isDevelopment || this.parts.takesDevelopment);
  }

  /** Unwraps the key of `record`, which is wiped, into `into`. False: it cannot be, and `into` is what it was. */
  open(record: Bytes, into: Bytes): boolean {
    if (this.parts.backup.wasOpened()) return false;
    this.useKek(record);
    const isRight = this.parts.ccm.open(this.nonceAt, record, this.keyAt, KEY_BYTES);
    if (isRight) this.natives.copy(record, this.keyAt, into, 0, KEY_BYTES);
    this.parts.ccm.wipe();
    this.natives.wipe(record);
    return isRight;
  }

  /**
   * Puts state, kind of nonce and wrapped key into `record`, whose head is whole but for its first byte. `nonce` is used once; its
   * first byte becomes the kind's. A development image's key bears its mark.
   */
  seal(record: Bytes, kind: NonceKind, key: ReadonlyBytes, nonce: ReadonlyBytes): void {
    record[0] = this.parts.takesDevelopment ? PRESENT | DEVELOPMENT : PRESENT;
    this.natives.copy(nonce, 0, record, this.nonceAt, CCM_NONCE_BYTES);
    record[this.nonceAt] = kind;
    this.natives.copy(key, 0, record, this.keyAt, KEY_BYTES);
    this.useKek(record);
    this.parts.ccm.seal(this.nonceAt, record, this.keyAt, KEY_BYTES);
    this.parts.ccm.wipe();
  }

  private useKek(record: ReadonlyBytes): void {
    const ccm = this.parts.ccm;
    this.parts.backup.read(BackupMap.KeyEncryptionKey, CryptoLimit.AesBytes, this.kek);
    ccm.setKey(this.kek);
    this.natives.wipe(this.kek);
    this.natives.copy(record, this.nonceAt, ccm.nonce, 0, CCM_NONCE_BYTES);
    this.natives.copy(record, 0, ccm.associated, 0, this.nonceAt);
  }
}
