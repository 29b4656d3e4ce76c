/** HKDF with SHA-256 (RFC 5869). */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { CryptoLimit } from "../../hal/crypto.ts";
import type { HmacSha256 } from "./hmac-sha256.ts";

/** Longest info of `expand`. */
export const HKDF_INFO_MAX_BYTES = 96;
/** Most blocks of one expansion (2.3). */
const MAX_BLOCKS = 255;

export class HkdfSha256 {
  /** T(i - 1), info, i (2.3). */
  private readonly work: Bytes;
  private readonly block: Bytes;

  /** `hmac` takes messages of at least 129 bytes, and of the longest input of `extract`. Its key is this one's to set and wipe. */
  constructor(
    private readonly natives: ByteNatives,
    private readonly hmac: HmacSha256,
  ) {
    this.work = natives.allocate(CryptoLimit.DigestBytes + HKDF_INFO_MAX_BYTES + 1);
    this.block = natives.allocate(CryptoLimit.DigestBytes);
  }

  /** Puts the 32 bytes of the pseudorandom key of all of `input` and all of `salt` into `into`, which may be either (2.2). */
  extract(salt: ReadonlyBytes, input: ReadonlyBytes, into: Bytes): void {
    this.hmac.setKey(salt, salt.length);
    this.hmac.compute(input, 0, input.length, into);
    this.hmac.wipe();
  }

  /**
   * Fills `into`, at most 8,160 bytes, with key material of the pseudorandom key `key` and of `info[0…infoLength-1]` (2.3).
   * `into` may be `key`.
   */
  expand(key: ReadonlyBytes, info: ReadonlyBytes, infoLength: number, into: Bytes): void {
    const digestBytes = CryptoLimit.DigestBytes;
    const wanted = into.length;
    this.hmac.setKey(key, key.length);
    this.natives.copy(info, 0, this.work, digestBytes, infoLength);
    let done = 0;
    for (let i = 1; i <= MAX_BLOCKS && done < wanted; i++) {
      this.work[digestBytes + infoLength] = i;
      // T(0) is empty.
      const from = i === 1 ? digestBytes : 0;
      this.hmac.compute(this.work, from, digestBytes + infoLength + 1 - from, this.block);
      this.natives.copy(this.block, 0, this.work, 0, digestBytes);
      const piece = wanted - done < digestBytes ? wanted - done : digestBytes;
      this.natives.copy(this.block, 0, into, done, piece);
      done += piece;
    }
    this.hmac.wipe();
    this.natives.wipe(this.work);
    this.natives.wipe(this.block);
  }
}
