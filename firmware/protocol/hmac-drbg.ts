/**
 * HMAC_DRBG with SHA-256 (SP 800-90A Rev. 1, 10.1.2), without prediction resistance and additional input. When it is seeded, and
 * that no state is used twice, is its owner's to see to.
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { CryptoLimit } from "../../hal/crypto.ts";
import type { HmacSha256 } from "./hmac-sha256.ts";

/** Key and V, one behind the other. */
export const DRBG_STATE_BYTES = 64;
/** Longest material of `instantiate` and `reseed`. */
export const DRBG_MATERIAL_BYTES = 128;

const VALUE_AT = CryptoLimit.DigestBytes;

export class HmacDrbg {
  /** Key and V: what survives a power cut when its owner keeps it. */
  readonly state: Bytes;
  private readonly key: Bytes;
  private readonly value: Bytes;
  /** V, a separating byte, provided data (10.1.2.2). */
  private readonly work: Bytes;

  /** `hmac` takes messages of at least 161 bytes. Its key is this one's to set and wipe. */
  constructor(
    private readonly natives: ByteNatives,
    private readonly hmac: HmacSha256,
  ) {
    this.state = natives.allocate(DRBG_STATE_BYTES);
    this.key = natives.allocate(CryptoLimit.DigestBytes);
    this.value = natives.allocate(CryptoLimit.DigestBytes);
    this.work = natives.allocate(CryptoLimit.DigestBytes + 1 + DRBG_MATERIAL_BYTES);
  }

  /** Starts anew from entropy, nonce and personalization string, which stand one behind the other in `material` (10.1.2.3). */
  instantiate(material: ReadonlyBytes, length: number): void {
    this.natives.fill(this.state, 0, CryptoLimit.DigestBytes, 0);
    this.natives.fill(this.state, VALUE_AT, CryptoLimit.DigestBytes, 1);
    this.reseed(material, length);
  }

  /** Mixes `material[0…length-1]` in: what was unknown of the state stays so (10.1.2.4). */
  reseed(material: ReadonlyBytes, length: number): void {
    this.load();
    this.natives.copy(material, 0, this.work, CryptoLimit.DigestBytes + 1, length);
    this.update(0, length);
    if (length > 0) this.update(1, length);
    this.save();
  }

  /** Fills `into`, at most 65,536 bytes, and goes to a state from which it cannot be found again (10.1.2.5). */
  generate(into: Bytes): void {
    const wanted = into.length;
    this.load();
    this.hmac.setKey(this.key, CryptoLimit.DigestBytes);
    for (let done = 0; done < wanted; done += CryptoLimit.DigestBytes) {
      const piece = wanted - done < CryptoLimit.DigestBytes ? wanted - done : CryptoLimit.DigestBytes;
      this.hmac.compute(this.value, 0, CryptoLimit.DigestBytes, this.value);
      this.natives.copy(this.value, 0, into, done, piece);
    }
    this.update(0, 0);
    this.save();
  }

  /** K = HMAC(K, V || separator || material), V = HMAC(K, V) (10.1.2.2); the material stands in `work` already. */
  private update(separator: number, materialLength: number): void {
    this.natives.copy(this.value, 0, this.work, 0, CryptoLimit.DigestBytes);
    this.work[CryptoLimit.DigestBytes] = separator;
    this.hmac.setKey(this.key, CryptoLimit.DigestBytes);
    this.hmac.compute(this.work, 0, CryptoLimit.DigestBytes + 1 + materialLength, this.key);
    this.hmac.setKey(this.key, CryptoLimit.DigestBytes);
    this.hmac.compute(this.value, 0, CryptoLimit.DigestBytes, this.value);
  }

  private load(): void {
    this.natives.copy(this.state, 0, this.key, 0, CryptoLimit.DigestBytes);
    this.natives.copy(this.state, VALUE_AT, this.value, 0, CryptoLimit.DigestBytes);
  }

  private save(): void {
    this.natives.copy(this.key, 0, this.state, 0, CryptoLimit.DigestBytes);
    this.natives.copy(this.value, 0, this.state, VALUE_AT, CryptoLimit.DigestBytes);
    this.natives.wipe(this.key);
    this.natives.wipe(this.value);
    this.natives.wipe(this.work);
    this.hmac.wipe();
  }
}
