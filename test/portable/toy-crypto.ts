/** Something that looks like hal/crypto where a platform lends none: its digest depends on every byte and its place. Not a hash. */
import type { Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { CryptoLimit, type Crypto } from "../../hal/crypto.ts";

export const TOY_CRYPTO: Crypto = {
  sha256(bytes: ReadonlyBytes, from: number, length: number, into: Bytes): void {
    let state = 0x1234567 + length;
    for (let i = 0; i < length; i++) {
      state = (state ^ bytes[from + i]) & 0xffffff;
      state = (state * 33 + 0x5bd1e9) & 0xffffff;
    }
    for (let i = 0; i < CryptoLimit.DigestBytes; i++) {
      state = (state * 33 + 0x5bd1e9) & 0xffffff;
      into[i] = (state >>> 8) & 255;
    }
  },

  aesBlock(): void {},
};
