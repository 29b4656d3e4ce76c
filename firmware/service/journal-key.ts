/**
 * The journal's key of the moment, K(n), and the head that keeps it: in RAM only while a record is made.
 *
 *   next u32 | acknowledged u32 | last code 16 | wrapped K(next) 32 | tag 16 | code of a TAMPER record 16 | state u8
 *
 * AES-CCM under the key-encryption key wraps it. The nonce is the kind and the sequence, and text and associated data are functions
 * of the sequence too: a record that is made twice because its commit has failed is wrapped to the same bytes, so a nonce never
 * stands before two texts. (K(1) has a key-encryption key of its own: provisioning makes both.)
 */
import type { BackupMemory } from "../../hal/backup-memory.ts";
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { CryptoLimit } from "../../hal/crypto.ts";
import type { AesCcm } from "../protocol/aes-ccm.ts";
import type { HmacSha256 } from "../protocol/hmac-sha256.ts";
import { putU32 } from "../protocol/little-endian.ts";
import { BackupMap, NonceKind } from "./backup-map.ts";
import { RecordPart } from "./journal-entry.ts";

export const JOURNAL_KEY_BYTES = 32;

/** Offsets in the head. */
export const enum HeadPart {
  Next = 0,
  Acknowledged = 4,
  Code = 8,
  Wrapped = 24,
  TamperCode = 72,
  State = 88,
}

/** "next" */
const NEXT_LABEL: readonly number[] = [0x6e, 0x65, 0x78, 0x74];
const SEQUENCE_AT = 1;
/** Kind and sequence are associated as they stand in the nonce. */
const ASSOCIATED_BYTES = SEQUENCE_AT + 4;

export interface JournalKeyParts {
  readonly backup: BackupMemory;
  /** Both shared: every use begins with its key. */
  readonly ccm: AesCcm;
  readonly hmac: HmacSha256;
}

export class JournalKey {
  private readonly key: Bytes;
  private readonly kek: Bytes;
  private readonly label: Bytes;

  constructor(
    private readonly natives: ByteNatives,
    private readonly parts: JournalKeyParts,
  ) {
    this.key = natives.allocate(JOURNAL_KEY_BYTES);
    this.kek = natives.allocate(CryptoLimit.AesBytes);
    this.label = natives.allocate(NEXT_LABEL.length);
    for (let i = 0; i < NEXT_LABEL.length; i++) this.label[i] = NEXT_LABEL[i];
  }

  /** Takes over K(1), 32 bytes. Whoever took over a key wipes it. */
  set(key: ReadonlyBytes): void {
    this.natives.copy(key, 0, this.key, 0, JOURNAL_KEY_BYTES);
  }

  /** Takes over K(sequence) out of `head`, where zeros take its place. False when the case was opened, or it is damaged. */
  unwrap(head: Bytes, sequence: number): boolean {
    if (this.parts.backup.wasOpened()) return false;
    this.useKek(sequence);
    const isRight = this.parts.ccm.open(ASSOCIATED_BYTES, head, HeadPart.Wrapped, JOURNAL_KEY_BYTES);
    this.parts.ccm.wipe();
    this.natives.copy(head, HeadPart.Wrapped, this.key, 0, JOURNAL_KEY_BYTES);
    this.natives.fill(head, HeadPart.Wrapped, JOURNAL_KEY_BYTES, 0);
    return isRight;
  }

  /** Puts K(sequence) into `head`, wrapped. */
  wrap(head: Bytes, sequence: number): void {
    this.natives.copy(this.key, 0, head, HeadPart.Wrapped, JOURNAL_KEY_BYTES);
    this.useKek(sequence);
    this.parts.ccm.seal(ASSOCIATED_BYTES, head, HeadPart.Wrapped, JOURNAL_KEY_BYTES);
    this.parts.ccm.wipe();
  }

  /** K(n) is gone, and K(n + 1) in its place. */
  evolve(): void {
    this.parts.hmac.setKey(this.key, JOURNAL_KEY_BYTES);
    this.parts.hmac.compute(this.label, 0, NEXT_LABEL.length, this.key);
    this.parts.hmac.wipe();
  }

  /**
   * Makes the first 48 bytes and the code before, which stands behind them, a record: its own code takes that place. `work` is
   * `DigestBytes` long.
   */
  sign(record: Bytes, work: Bytes): void {
    this.parts.hmac.setKey(this.key, JOURNAL_KEY_BYTES);
    this.parts.hmac.compute(record, 0, RecordPart.Bytes, work);
    this.parts.hmac.wipe();
    this.natives.copy(work, 0, record, RecordPart.Code, RecordPart.CodeBytes);
    this.natives.wipe(work);
  }

  wipe(): void {
    this.natives.wipe(this.key);
  }

  private useKek(sequence: number): void {
    const ccm = this.parts.ccm;
    this.parts.backup.read(BackupMap.KeyEncryptionKey, CryptoLimit.AesBytes, this.kek);
    ccm.setKey(this.kek);
    this.natives.wipe(this.kek);
    this.natives.wipe(ccm.nonce);
    ccm.nonce[0] = NonceKind.JournalKey;
    putU32(sequence, ccm.nonce, SEQUENCE_AT);
    this.natives.copy(ccm.nonce, 0, ccm.associated, 0, ASSOCIATED_BYTES);
  }
}
