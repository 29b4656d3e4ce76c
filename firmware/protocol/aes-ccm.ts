/**
 * AEAD_AES_128_CCM (RFC 5116, 5.3; SP 800-38C): nonces of 12 bytes, tags of 16, hence a length field of 3 (q in SP 800-38C, A.1).
 * Text is ciphered where it stands.
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { CryptoLimit, type Crypto } from "../../hal/crypto.ts";

export const CCM_NONCE_BYTES = 12;
export const CCM_TAG_BYTES = 16;
/** Longest associated data. */
export const CCM_ASSOCIATED_BYTES = 64;

/** Flags of the first block (A.2.1): 64 with associated data, 8 · (16 - 2) / 2 for the tag, 3 - 1 for the length field. */
const FIRST_FLAGS = 0x3a;
const ASSOCIATED_FLAG = 0x40;
/** Flags of a counter block (A.3). */
const COUNTER_FLAGS = 0x02;
const LENGTH_AT = 1 + CCM_NONCE_BYTES;
/** Of the associated data's length before it, when below 0xFF00 (A.2.2). */
const ASSOCIATED_LENGTH_BYTES = 2;

export class AesCcm {
  /** The caller fills these before `seal` and `open`, which leave them. A nonce is used once under a key. */
  readonly nonce: Bytes;
  readonly associated: Bytes;
  private readonly key: Bytes;
  /** The chain of CBC-MAC (SP 800-38C, 6.1). */
  private readonly chain: Bytes;
  private readonly counter: Bytes;
  private readonly stream: Bytes;

  constructor(
    private readonly natives: ByteNatives,
    private readonly crypto: Crypto,
  ) {
    this.nonce = natives.allocate(CCM_NONCE_BYTES);
    this.associated = natives.allocate(CCM_ASSOCIATED_BYTES);
    this.key = natives.allocate(CryptoLimit.AesBytes);
    this.chain = natives.allocate(CryptoLimit.AesBytes);
    this.counter = natives.allocate(CryptoLimit.AesBytes);
    this.stream = natives.allocate(CryptoLimit.AesBytes);
  }

  /** Keeps the 16 bytes of `key` until the next one or `wipe`. */
  setKey(key: ReadonlyBytes): void {
    this.natives.copy(key, 0, this.key, 0, CryptoLimit.AesBytes);
  }

  /** Enciphers `text[at…at+length-1]` and puts the tag behind it. */
  seal(associatedLength: number, text: Bytes, at: number, length: number): void {
    this.authenticate(associatedLength, text, at, length);
    this.natives.copy(this.chain, 0, text, at + length, CCM_TAG_BYTES);
    this.cipher(text, at, length);
  }

  /**
   * Deciphers `text[at…at+length-1]`, whose tag stands behind it. Returns whether the tag is right, compared in constant time;
   * when it is not, text and tag are wiped.
   */
  open(associatedLength: number, text: Bytes, at: number, length: number): boolean {
    this.cipher(text, at, length);
    this.authenticate(associatedLength, text, at, length);
    const isRight = this.natives.equalConstantTime(this.chain, 0, text, at + length, CCM_TAG_BYTES);
    this.natives.wipe(this.chain);
    if (!isRight) this.natives.fill(text, at, length + CCM_TAG_BYTES, 0);
    return isRight;
  }

  /** Forgets the key, everything ciphered, and the nonce, which tells a record's IV. */
  wipe(): void {
    this.natives.wipe(this.key);
    this.natives.wipe(this.nonce);
    this.natives.wipe(this.chain);
    this.natives.wipe(this.counter);
    this.natives.wipe(this.stream);
  }

  /** Leaves CBC-MAC of nonce, associated data and text in `chain` (SP 800-38C, 6.1, steps 1 to 4). */
  private authenticate(associatedLength: number, text: Bytes, at: number, length: number): void {
    const chain = this.chain;
    chain[0] = associatedLength > 0 ? FIRST_FLAGS + ASSOCIATED_FLAG : FIRST_FLAGS;
    this.natives.copy(this.nonce, 0, chain, 1, CCM_NONCE_BYTES);
    chain[LENGTH_AT] = length >>> 16;
    chain[LENGTH_AT + 1] = (length >>> 8) & 255;
    chain[LENGTH_AT + 2] = length & 255;
    this.crypto.aesBlock(this.key, chain, chain);
    if (associatedLength > 0) {
      chain[0] = chain[0] ^ (associatedLength >>> 8);
      chain[1] = chain[1] ^ (associatedLength & 255);
      this.absorb(this.associated, 0, associatedLength, ASSOCIATED_LENGTH_BYTES);
    }
    this.absorb(text, at, length, 0);
  }

  /** Adds bytes to the chain, the first of them at `offset` of the first block; the last block is filled up with zeros. */
  private absorb(bytes: ReadonlyBytes, from: number, length: number, offset: number): void {
    let done = 0;
    let free = CryptoLimit.AesBytes - offset;
    while (done < length) {
      const piece = length - done < free ? length - done : free;
      this.natives.xorBytes(bytes, from + done, this.chain, CryptoLimit.AesBytes - free, piece);
      this.crypto.aesBlock(this.key, this.chain, this.chain);
      done += piece;
      free = CryptoLimit.AesBytes;
    }
  }

  /** Adds the key stream to text and to the tag behind it (6.1, steps 5 to 8): block 0 belongs to the tag. */
  private cipher(text: Bytes, at: number, length: number): void {
    this.counter[0] = COUNTER_FLAGS;
    this.natives.copy(this.nonce, 0, this.counter, 1, CCM_NONCE_BYTES);
    this.addStream(0, text, at + length, CCM_TAG_BYTES);
    let done = 0;
    for (let block = 1; done < length; block++) {
      const piece = length - done < CryptoLimit.AesBytes ? length - done : CryptoLimit.AesBytes;
      this.addStream(block, text, at + done, piece);
      done += piece;
    }
    this.natives.wipe(this.stream);
  }

  private addStream(block: number, text: Bytes, at: number, length: number): void {
    this.counter[LENGTH_AT] = block >>> 16;
    this.counter[LENGTH_AT + 1] = (block >>> 8) & 255;
    this.counter[LENGTH_AT + 2] = block & 255;
    this.crypto.aesBlock(this.key, this.counter, this.stream);
    this.natives.xorBytes(this.stream, 0, text, at, length);
  }
}
