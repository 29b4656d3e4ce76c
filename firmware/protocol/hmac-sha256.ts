/** HMAC with SHA-256 (RFC 2104, FIPS 198-1) over messages that lie in one piece. */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { CryptoLimit, type Crypto } from "../../hal/crypto.ts";

/** The hash's input block, B in RFC 2104, 2. */
const BLOCK_BYTES = 64;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;

export class HmacSha256 {
  /** The padded key, and behind it what is hashed with it. */
  private readonly work: Bytes;
  private readonly digest: Bytes;

  /** Messages of `compute` are at most `maximumMessageBytes` long. */
  constructor(
    private readonly natives: ByteNatives,
    private readonly crypto: Crypto,
    maximumMessageBytes: number,
  ) {
    const room =
      maximumMessageBytes > CryptoLimit.DigestBytes ? maximumMessageBytes : CryptoLimit.DigestBytes;
    this.work = natives.allocate(BLOCK_BYTES + room);
    this.digest = natives.allocate(CryptoLimit.DigestBytes);
  }

  /** Keeps `key[0…length-1]` until the next one or `wipe`; one longer than 64 bytes is hashed first (RFC 2104, 2). */
  setKey(key: ReadonlyBytes, length: number): void {
    this.natives.fill(this.work, 0, BLOCK_BYTES, 0);
    if (length > BLOCK_BYTES) {
      this.crypto.sha256(key, 0, length, this.digest);
      this.natives.copy(this.digest, 0, this.work, 0, CryptoLimit.DigestBytes);
    } else this.natives.copy(key, 0, this.work, 0, length);
    this.natives.xor(this.work, 0, BLOCK_BYTES, INNER_PAD);
  }

  /** Puts the 32 bytes of the code of `message[from…from+length-1]` into `into`, which may be `message`. */
  compute(message: ReadonlyBytes, from: number, length: number, into: Bytes): void {
    this.natives.copy(message, from, this.work, BLOCK_BYTES, length);
    this.crypto.sha256(this.work, 0, BLOCK_BYTES + length, this.digest);
    this.natives.xor(this.work, 0, BLOCK_BYTES, INNER_PAD ^ OUTER_PAD);
    this.natives.copy(this.digest, 0, this.work, BLOCK_BYTES, CryptoLimit.DigestBytes);
    this.crypto.sha256(this.work, 0, BLOCK_BYTES + CryptoLimit.DigestBytes, this.digest);
    this.natives.xor(this.work, 0, BLOCK_BYTES, INNER_PAD ^ OUTER_PAD);
    this.natives.copy(this.digest, 0, into, 0, CryptoLimit.DigestBytes);
  }

  /** Forgets the key and everything that was hashed with it. */
  wipe(): void {
    this.natives.wipe(this.work);
    this.natives.wipe(this.digest);
  }
}
