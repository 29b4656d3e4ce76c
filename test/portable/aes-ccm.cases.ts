/** AES-128-CCM by NIST's response file, in a chain over every length, and with every byte changed once. */
import {
  AesCcm,
  CCM_ASSOCIATED_BYTES,
  CCM_NONCE_BYTES,
  CCM_TAG_BYTES,
} from "../../firmware/protocol/aes-ccm.ts";
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import { CryptoLimit, type Crypto } from "../../hal/crypto.ts";
import { CCM_VECTORS, type CcmVector } from "../vectors/aes-ccm.ts";
import { bytesOf, sameBytes } from "./bytes-of.ts";
import type { Report } from "./report.ts";

export const CCM_CHAIN_LENGTHS = 64;
/** Computed with Node's crypto, which test/firmware/protocol/aes-ccm.test.ts repeats. */
export const CCM_CHAIN: readonly number[] = [
  0xfa, 0xd8, 0x74, 0x7c, 0xd7, 0xda, 0xfc, 0x86, 0xc6, 0x52, 0x3f, 0x8d, 0x8e, 0xcd, 0x6e, 0x25, 0x6d, 0xd2,
  0xec, 0xe5, 0x3f, 0x0b, 0x5a, 0x67, 0x85, 0x01, 0x32, 0x5c, 0xa6, 0xd2, 0xe7, 0x02,
];

/** Around the text, to see that nothing else is written. */
const MARGIN = 5;
const MARK = 0xa5;

class Bench {
  readonly ccm: AesCcm;
  private readonly digest: Bytes;

  constructor(
    readonly report: Report,
    readonly natives: ByteNatives,
    readonly crypto: Crypto,
  ) {
    this.ccm = new AesCcm(natives, crypto);
    this.digest = natives.allocate(CryptoLimit.DigestBytes);
  }

  /** Sets key, nonce and associated data. */
  prepare(vector: CcmVector): void {
    this.ccm.setKey(bytesOf(this.natives, vector.key));
    this.natives.copy(bytesOf(this.natives, vector.nonce), 0, this.ccm.nonce, 0, CCM_NONCE_BYTES);
    const associated = vector.associated;
    this.natives.copy(bytesOf(this.natives, associated), 0, this.ccm.associated, 0, associated.length);
  }

  /** Text of `length` bytes with room for its tag and a margin around both; `values` are its begin. */
  marked(values: readonly number[], length: number): Bytes {
    const bytes = this.natives.allocate(MARGIN + length + CCM_TAG_BYTES + MARGIN);
    this.natives.fill(bytes, 0, bytes.length, MARK);
    this.natives.copy(bytesOf(this.natives, values), 0, bytes, MARGIN, values.length);
    return bytes;
  }

  same(what: string, marked: Bytes, values: readonly number[]): void {
    const inner = this.natives.allocate(values.length);
    this.natives.copy(marked, MARGIN, inner, 0, values.length);
    sameBytes(this.report, what, { bytes: inner, length: inner.length }, values);
  }

  /** How many bytes of the margins are not as they were. */
  trespasses(marked: Bytes, length: number): number {
    let wrong = 0;
    for (let i = 0; i < MARGIN; i++) {
      if (marked[i] !== MARK) wrong++;
      if (marked[MARGIN + length + CCM_TAG_BYTES + i] !== MARK) wrong++;
    }
    return wrong;
  }

  hashed(bytes: Bytes, length: number): Bytes {
    this.crypto.sha256(bytes, 0, length, this.digest);
    return this.digest;
  }
}

function checkVector(bench: Bench, vector: CcmVector): void {
  const length = vector.text.length;
  const text = bench.marked(vector.text, length);
  bench.prepare(vector);
  bench.ccm.seal(vector.associated.length, text, MARGIN, length);
  bench.same(vector.what + ": sealed", text, vector.sealed);
  const isRight = bench.ccm.open(vector.associated.length, text, MARGIN, length);
  bench.report.equal(isRight ? 1 : 0, 1, vector.what + ": opened");
  bench.same(vector.what + ": text", text, vector.text);
  bench.report.equal(bench.trespasses(text, length), 0, vector.what + ": beside the text");
}

/** Key, nonce, associated data and text of each length are of the digest of what was sealed before. */
function checkChain(bench: Bench): void {
  const natives = bench.natives;
  const ccm = bench.ccm;
  const head = CryptoLimit.DigestBytes;
  const work = natives.allocate(head + CCM_CHAIN_LENGTHS + CCM_TAG_BYTES);
  natives.fill(ccm.associated, 0, CCM_ASSOCIATED_BYTES, 0x5a);
  let failures = 0;
  for (let length = 0; length <= CCM_CHAIN_LENGTHS; length++) {
    ccm.setKey(work);
    natives.copy(work, CryptoLimit.AesBytes, ccm.nonce, 0, CCM_NONCE_BYTES);
    natives.copy(work, 0, ccm.associated, 0, head);
    natives.copy(work, 0, work, head, head);
    natives.copy(work, 0, work, 2 * head, head);
    ccm.seal(CCM_ASSOCIATED_BYTES - length, work, head, length);
    const digest = bench.hashed(work, head + length + CCM_TAG_BYTES);
    if (!ccm.open(CCM_ASSOCIATED_BYTES - length, work, head, length)) failures++;
    natives.copy(digest, 0, work, 0, head);
  }
  sameBytes(bench.report, "every length", { bytes: work, length: head }, CCM_CHAIN);
  bench.report.equal(failures, 0, "sealed and not opened");
}

/** How much is wrong with the refusal of `sealed`: not refused, not wiped, something written beside it. */
function wrongRefusal(bench: Bench, vector: CcmVector, sealed: Bytes): number {
  const length = vector.text.length;
  let wrong = bench.ccm.open(vector.associated.length, sealed, MARGIN, length) ? 1 : 0;
  for (let i = 0; i < length + CCM_TAG_BYTES; i++) if (sealed[MARGIN + i] !== 0) wrong++;
  return wrong + bench.trespasses(sealed, length);
}

/** Another bit in each byte. */
function flip(bytes: Bytes, at: number): void {
  bytes[at] = bytes[at] ^ (1 << (at & 7));
}

/** One bit of `bytes[at…at+length-1]`, which are the nonce or the associated data, is another one than when it was sealed. */
function wrongBesideText(bench: Bench, vector: CcmVector, bytes: Bytes, length: number): number {
  let wrong = 0;
  for (let at = 0; at < length; at++) {
    flip(bytes, at);
    wrong += wrongRefusal(bench, vector, bench.marked(vector.sealed, vector.text.length));
    flip(bytes, at);
  }
  return wrong;
}

function checkFlips(bench: Bench, vector: CcmVector): void {
  const ccm = bench.ccm;
  const length = vector.text.length;
  bench.prepare(vector);
  bench.report.equal(wrongBesideText(bench, vector, ccm.nonce, CCM_NONCE_BYTES), 0, "another nonce");
  const associated = vector.associated.length;
  bench.report.equal(wrongBesideText(bench, vector, ccm.associated, associated), 0, "other associated data");
  let wrong = 0;
  for (let at = 0; at < vector.sealed.length; at++) {
    const sealed = bench.marked(vector.sealed, length);
    flip(sealed, MARGIN + at);
    wrong += wrongRefusal(bench, vector, sealed);
  }
  bench.report.equal(wrong, 0, "other text or another tag");
  const sealed = bench.marked(vector.sealed, length);
  const isRight = ccm.open(associated - 1, sealed, MARGIN, length);
  bench.report.equal(isRight ? 1 : 0, 0, "less associated data");
}

export function checkAesCcm(report: Report, natives: ByteNatives, crypto: Crypto): void {
  const bench = new Bench(report, natives, crypto);
  for (let i = 0; i < CCM_VECTORS.length; i++) checkVector(bench, CCM_VECTORS[i]);
  checkChain(bench);
  checkFlips(bench, CCM_VECTORS[1]);
}
