/**
 * hal/crypto.ts by the standards' examples: FIPS 180-4 (NIST's example file and byte-oriented response file of SHA-256),
 * FIPS 197 appendices B and C.1, SP 800-38A F.1.1. The chains over many lengths and keys: computed with OpenSSL and CPython.
 */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import { CryptoLimit, type Crypto } from "../../hal/crypto.ts";
import { sameBytes } from "./bytes-of.ts";
import type { Report } from "./report.ts";

/** Big-endian words, as the standards print them. */
const EMPTY = [
  0xe3b0c442, 0x98fc1c14, 0x9afbf4c8, 0x996fb924, 0x27ae41e4, 0x649b934c, 0xa495991b, 0x7852b855,
];
const ABC = [0xba7816bf, 0x8f01cfea, 0x414140de, 0x5dae2223, 0xb00361a3, 0x96177a9c, 0xb410ff61, 0xf20015ad];
/** Response file, Len = 512: a message of exactly one block. */
const ONE_BLOCK = [
  0x5a86b737, 0xeaea8ee9, 0x76a0a24d, 0xa63e7ed7, 0xeefad18a, 0x101c1211, 0xe2b3650c, 0x5187c2a8, 0xa6505472,
  0x08251f6d, 0x4237e661, 0xc7bf4c77, 0xf3353903, 0x94c37fa1, 0xa9f9be83, 0x6ac28509,
];
const OF_ONE_BLOCK = [
  0x42e61e17, 0x4fbb3897, 0xd6dd6cef, 0x3dd2802f, 0xe67b3319, 0x53b06114, 0xa65c7728, 0x59dfc1aa,
];
/** Of "abcdbcdecdef…nopq", 56 bytes: its padding needs a second block. */
const TWO_BLOCKS = [
  0x248d6a61, 0xd20638b8, 0xe5c02693, 0x0c3e6039, 0xa33ce459, 0x64ff2167, 0xf6ecedd4, 0x19db06c1,
];
/** Of `CryptoLimit.MessageBytes` times "a". */
const LONG = [0xb2a3a502, 0xfdfc34f4, 0xe3edfa94, 0xb7f3109c, 0xd972d87a, 0x4fec63ab, 0x21a66733, 0x79ccf7ad];
/** The digest of (the digest before it, `length` bytes of the pattern 7i + 3), for lengths 0 to 200 in a row from 32 zeros on. */
const EVERY_LENGTH = [
  0xada0b418, 0xea7fd7d6, 0x9851d071, 0x0ede7f43, 0xb3fd9c22, 0x17852e3b, 0x9907b056, 0xddb85703,
];
const LONGEST = 200;

/** Key, plain block, cipher block. */
const BLOCKS = [
  // FIPS 197, C.1 and B.
  [0x00010203, 0x04050607, 0x08090a0b, 0x0c0d0e0f],
  [0x00112233, 0x44556677, 0x8899aabb, 0xccddeeff],
  [0x69c4e0d8, 0x6a7b0430, 0xd8cdb780, 0x70b4c55a],
  [0x2b7e1516, 0x28aed2a6, 0xabf71588, 0x09cf4f3c],
  [0x3243f6a8, 0x885a308d, 0x313198a2, 0xe0370734],
  [0x3925841d, 0x02dc09fb, 0xdc118597, 0x196a0b32],
  // SP 800-38A, F.1.1, blocks 1 and 4.
  [0x2b7e1516, 0x28aed2a6, 0xabf71588, 0x09cf4f3c],
  [0x6bc1bee2, 0x2e409f96, 0xe93d7e11, 0x7393172a],
  [0x3ad77bb4, 0x0d7a3660, 0xa89ecaf3, 0x2466ef97],
  [0x2b7e1516, 0x28aed2a6, 0xabf71588, 0x09cf4f3c],
  [0xf69f2445, 0xdf4f9b17, 0xad2b417b, 0xe66c3710],
  [0x7b0c785e, 0x27e8ad3f, 0x82232071, 0x04725dd4],
];
/** From zeros on 500 times: the block enciphers itself, then is added to the key. */
const AES_CHAIN = [0x6d9a3e4f, 0x06ad32cd, 0xe119b6f9, 0x5adcb53b];
const AES_ROUNDS = 500;

class Bench {
  private readonly digest: Bytes;

  constructor(
    private readonly report: Report,
    readonly natives: ByteNatives,
    readonly crypto: Crypto,
  ) {
    this.digest = natives.allocate(CryptoLimit.DigestBytes);
  }

  fromWords(words: readonly number[]): Bytes {
    const bytes = this.natives.allocate(4 * words.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = (words[Math.floor(i / 4)] >>> (24 - 8 * (i & 3))) & 255;
    return bytes;
  }

  same(what: string, actual: Bytes, words: readonly number[]): void {
    const wanted = this.fromWords(words);
    const expected: number[] = [];
    for (let i = 0; i < wanted.length; i++) expected.push(wanted[i]);
    sameBytes(this.report, what, { bytes: actual, length: actual.length }, expected);
  }

  sha256(what: string, message: Bytes, words: readonly number[]): void {
    this.natives.fill(this.digest, 0, CryptoLimit.DigestBytes, 0xee);
    this.crypto.sha256(message, 0, message.length, this.digest);
    this.same("SHA-256 of " + what, this.digest, words);
  }
}

/** "abcd", "bcde", …, "nopq". */
function alphabet(natives: ByteNatives): Bytes {
  const bytes = natives.allocate(56);
  for (let i = 0; i < 56; i++) bytes[i] = 0x61 + (i >>> 2) + (i & 3);
  return bytes;
}

function checkShort(bench: Bench): void {
  bench.sha256("nothing", bench.natives.allocate(0), EMPTY);
  const abc = bench.natives.allocate(3);
  for (let i = 0; i < 3; i++) abc[i] = 0x61 + i;
  bench.sha256("abc", abc, ABC);
  bench.sha256("one block", bench.fromWords(ONE_BLOCK), OF_ONE_BLOCK);
  bench.sha256("two blocks", alphabet(bench.natives), TWO_BLOCKS);
  const long = bench.natives.allocate(CryptoLimit.MessageBytes);
  bench.natives.fill(long, 0, CryptoLimit.MessageBytes, 0x61);
  bench.sha256("the longest message", long, LONG);
}

/** A range inside of other bytes; digest and message in the same bytes. */
function checkRanges(bench: Bench): void {
  const natives = bench.natives;
  const crypto = bench.crypto;
  const outer = natives.allocate(100);
  natives.fill(outer, 0, 100, 0xff);
  natives.copy(alphabet(natives), 0, outer, 17, 56);
  const digest = natives.allocate(CryptoLimit.DigestBytes);
  crypto.sha256(outer, 17, 56, digest);
  bench.same("SHA-256 of a range inside", digest, TWO_BLOCKS);
  crypto.sha256(outer, 100, 0, digest);
  bench.same("SHA-256 of an empty range at the end", digest, EMPTY);
  for (let i = 0; i < 3; i++) digest[i] = 0x61 + i;
  crypto.sha256(digest, 0, 3, digest);
  bench.same("SHA-256 over its own message", digest, ABC);
}

function checkEveryLength(bench: Bench): void {
  const message = bench.natives.allocate(CryptoLimit.DigestBytes + LONGEST);
  const digest = bench.natives.allocate(CryptoLimit.DigestBytes);
  for (let i = 0; i < LONGEST; i++) message[CryptoLimit.DigestBytes + i] = (7 * i + 3) & 255;
  for (let length = 0; length <= LONGEST; length++) {
    bench.crypto.sha256(message, 0, CryptoLimit.DigestBytes + length, digest);
    bench.natives.copy(digest, 0, message, 0, CryptoLimit.DigestBytes);
  }
  bench.same("SHA-256 of every length", digest, EVERY_LENGTH);
}

function checkAes(bench: Bench): void {
  const into = bench.natives.allocate(CryptoLimit.AesBytes);
  for (let i = 0; i < BLOCKS.length; i += 3) {
    const key = bench.fromWords(BLOCKS[i]);
    const block = bench.fromWords(BLOCKS[i + 1]);
    bench.crypto.aesBlock(key, block, into);
    bench.same("AES", into, BLOCKS[i + 2]);
    bench.same("AES leaves the key", key, BLOCKS[i]);
    bench.same("AES leaves the block", block, BLOCKS[i + 1]);
    bench.crypto.aesBlock(key, block, block);
    bench.same("AES in place", block, BLOCKS[i + 2]);
  }
}

function checkAesChain(bench: Bench): void {
  const key = bench.natives.allocate(CryptoLimit.AesBytes);
  const block = bench.natives.allocate(CryptoLimit.AesBytes);
  for (let round = 0; round < AES_ROUNDS; round++) {
    bench.crypto.aesBlock(key, block, block);
    for (let i = 0; i < CryptoLimit.AesBytes; i++) key[i] = key[i] ^ block[i];
  }
  bench.same("AES under many keys", block, AES_CHAIN);
}

export function checkCrypto(report: Report, natives: ByteNatives, crypto: Crypto): void {
  const bench = new Bench(report, natives, crypto);
  checkShort(bench);
  checkRanges(bench);
  checkEveryLength(bench);
  checkAes(bench);
  checkAesChain(bench);
}
