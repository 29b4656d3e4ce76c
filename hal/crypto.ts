/**
 * The two primitives that every platform brings natively: SHA-256 (FIPS 180-4) and the forward cipher of AES-128 (FIPS 197).
 * What is built of them (HMAC, HKDF, CCM, the random bit generator, TLS) is portable source. Keys stay the caller's; no copy of
 * one is kept. Wrong lengths are faults of the program.
 */
import type { Bytes, ReadonlyBytes } from "./bytes.ts";

export const enum CryptoLimit {
  DigestBytes = 32,
  /** Of a key, a plain block and a cipher block. */
  AesBytes = 16,
  /** Of one message to be hashed; what the product hashes is shorter, and not every platform takes more. */
  MessageBytes = 2048,
}

export interface Crypto {
  /**
   * Puts the digest of `bytes[from…from+length-1]`, at most `MessageBytes`, into `into`, which is `DigestBytes` long and may be
   * `bytes` itself.
   */
  sha256(bytes: ReadonlyBytes, from: number, length: number, into: Bytes): void;
  /** Enciphers `block` under `key` into `into`, which may be either of them; all three are `AesBytes` long. */
  aesBlock(key: ReadonlyBytes, block: ReadonlyBytes, into: Bytes): void;
}
