/** hal/crypto for Node. */
import { createCipheriv, createHash } from "node:crypto";
import type { Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { CryptoLimit, type Crypto } from "../../hal/crypto.ts";

function exactly(bytes: ReadonlyBytes, length: number): Uint8Array {
  if (!(bytes instanceof Uint8Array)) throw new TypeError("bytes of this engine are Uint8Array");
  if (bytes.length !== length) throw new RangeError(`${length} bytes are wanted, not ${bytes.length}`);
  return bytes;
}

export const NODE_CRYPTO: Crypto = {
  sha256(bytes: ReadonlyBytes, from: number, length: number, into: Bytes): void {
    if (from < 0 || length < 0 || from + length > bytes.length)
      throw new RangeError(`${from}…${from + length} lies outside ${bytes.length} bytes`);
    const digest = exactly(into, CryptoLimit.DigestBytes);
    const hashed = exactly(bytes, bytes.length).subarray(from, from + length);
    digest.set(createHash("sha256").update(hashed).digest());
  },
  aesBlock(key: ReadonlyBytes, block: ReadonlyBytes, into: Bytes): void {
    const cipher = createCipheriv("aes-128-ecb", exactly(key, CryptoLimit.AesBytes), null);
    cipher.setAutoPadding(false);
    exactly(into, CryptoLimit.AesBytes).set(cipher.update(exactly(block, CryptoLimit.AesBytes)));
  },
};
