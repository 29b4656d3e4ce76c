/** One direction's record protection in TLS 1.3 (RFC 8446, 5.2, 5.3, 7.2, 7.3). */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import { CryptoLimit } from "../../hal/crypto.ts";
import { CCM_NONCE_BYTES, CCM_TAG_BYTES, type AesCcm } from "./aes-ccm.ts";
import { ContentType, PROTECTION_BYTES, RECORD_HEADER_BYTES, TLS_1_2 } from "./tls.ts";
import { IV, KEY, TRAFFIC_UPDATE, type TlsKeySchedule } from "./tls-key-schedule.ts";

/** What `open` returns when the tag is wrong. */
export const RECORD_FORGED = -1;
/** And when there is nothing but padding where a content type should be (5.4). */
export const RECORD_WITHOUT_TYPE = -2;

export class TlsTraffic {
  /** Records under this key, and under every key of the session. */
  records = 0;
  total = 0;
  /** Of the last record opened. */
  contentType = 0;
  /** The caller derives the traffic secret into it, and then calls `useSecret`. */
  readonly secret: Bytes;
  private readonly key: Bytes;
  private readonly iv: Bytes;

  /** `ccm` is shared: every use begins with its key. */
  constructor(
    private readonly natives: ByteNatives,
    private readonly schedule: TlsKeySchedule,
    private readonly ccm: AesCcm,
  ) {
    this.secret = natives.allocate(CryptoLimit.DigestBytes);
    this.key = natives.allocate(CryptoLimit.AesBytes);
    this.iv = natives.allocate(CCM_NONCE_BYTES);
  }

  useSecret(): void {
    this.schedule.expandLabel(this.secret, KEY, undefined, this.key);
    this.schedule.expandLabel(this.secret, IV, undefined, this.iv);
    this.records = 0;
  }

  /** The next generation of keys (7.2). */
  update(): void {
    this.schedule.expandLabel(this.secret, TRAFFIC_UPDATE, undefined, this.secret);
    this.useSecret();
  }

  /**
   * Makes a record of the `length` bytes of content at `bytes[at + RECORD_HEADER_BYTES…]`, in place, behind which there must be
   * room for `PROTECTION_BYTES`. Returns the record's length.
   */
  seal(type: ContentType, bytes: Bytes, at: number, length: number): number {
    const body = at + RECORD_HEADER_BYTES;
    bytes[body + length] = type;
    const sealed = length + PROTECTION_BYTES;
    bytes[at] = ContentType.ApplicationData;
    bytes[at + 1] = TLS_1_2 >>> 8;
    bytes[at + 2] = TLS_1_2 & 255;
    bytes[at + 3] = sealed >>> 8;
    bytes[at + 4] = sealed & 255;
    this.prepare(bytes, at);
    this.ccm.seal(RECORD_HEADER_BYTES, bytes, body, length + 1);
    this.ccm.wipe();
    return RECORD_HEADER_BYTES + sealed;
  }

  /**
   * Opens the record at `bytes[at…]` in place, whose body has `length` bytes. Returns the length of its content, which begins at
   * `at + RECORD_HEADER_BYTES`, or `RECORD_FORGED`, `RECORD_WITHOUT_TYPE`.
   */
  open(bytes: Bytes, at: number, length: number): number {
    const body = at + RECORD_HEADER_BYTES;
    if (length < CCM_TAG_BYTES) return RECORD_FORGED;
    this.prepare(bytes, at);
    const isRight = this.ccm.open(RECORD_HEADER_BYTES, bytes, body, length - CCM_TAG_BYTES);
    this.ccm.wipe();
    if (!isRight) return RECORD_FORGED;
    let content = length - CCM_TAG_BYTES - 1;
    while (content >= 0 && bytes[body + content] === 0) content--;
    if (content < 0) return RECORD_WITHOUT_TYPE;
    this.contentType = bytes[body + content];
    return content;
  }

  wipe(): void {
    this.natives.wipe(this.secret);
    this.natives.wipe(this.key);
    this.natives.wipe(this.iv);
    this.records = 0;
    this.total = 0;
  }

  /** Key, nonce (5.3) and associated data (5.2) of the next record, and counts it. A session ends long before 2^32 records. */
  private prepare(bytes: Bytes, at: number): void {
    const nonce = this.ccm.nonce;
    this.ccm.setKey(this.key);
    this.natives.copy(this.iv, 0, nonce, 0, CCM_NONCE_BYTES);
    for (let i = 0; i < 4; i++) {
      const last = CCM_NONCE_BYTES - 1 - i;
      nonce[last] = nonce[last] ^ ((this.records >>> (8 * i)) & 255);
    }
    this.natives.copy(bytes, at, this.ccm.associated, 0, RECORD_HEADER_BYTES);
    this.records++;
    this.total++;
  }
}
