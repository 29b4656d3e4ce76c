/** HMAC-SHA-256 by RFC 4231, and in a chain over every length of key and message. */
import { HmacSha256 } from "../../firmware/protocol/hmac-sha256.ts";
import type { ByteNatives } from "../../hal/bytes.ts";
import { CryptoLimit, type Crypto } from "../../hal/crypto.ts";
import { HMAC_VECTORS, type HmacVector } from "../vectors/hmac-sha256.ts";
import { bytesOf, sameBytes } from "./bytes-of.ts";
import type { Report } from "./report.ts";

const LONGEST = 152;
/** Of the chain: each code becomes the begin of the next key and of the next message. */
export const HMAC_CHAIN_LENGTHS = 130;
/** Computed with Node's crypto, which test/firmware/protocol/hmac-sha256.test.ts repeats. */
export const HMAC_CHAIN: readonly number[] = [
  0x7f, 0x76, 0xbe, 0x6f, 0xe1, 0x6f, 0x9f, 0x96, 0xdb, 0xbc, 0xd2, 0x8c, 0x8f, 0xa1, 0xaf, 0x27, 0xa9, 0xee,
  0x44, 0xcc, 0x56, 0x86, 0xea, 0xaf, 0xac, 0x20, 0x7c, 0x08, 0xab, 0xba, 0x1b, 0x8f,
];

function checkVector(report: Report, natives: ByteNatives, hmac: HmacSha256, vector: HmacVector): void {
  const message = bytesOf(natives, vector.message);
  const code = natives.allocate(CryptoLimit.DigestBytes);
  hmac.setKey(bytesOf(natives, vector.key), vector.key.length);
  hmac.compute(message, 0, message.length, code);
  sameBytes(report, vector.what, { bytes: code, length: vector.code.length }, vector.code);
  hmac.compute(message, 0, message.length, code);
  sameBytes(report, vector.what + ", again", { bytes: code, length: vector.code.length }, vector.code);
  sameBytes(
    report,
    vector.what + ": its message",
    { bytes: message, length: message.length },
    vector.message,
  );
}

/** A part of other bytes; the code over its own message. */
function checkRanges(report: Report, natives: ByteNatives, hmac: HmacSha256): void {
  const vector = HMAC_VECTORS[1];
  const message = bytesOf(natives, vector.message);
  const length = message.length;
  const outer = natives.allocate(LONGEST);
  natives.fill(outer, 0, LONGEST, 0xff);
  natives.copy(message, 0, outer, 7, length);
  const code = natives.allocate(CryptoLimit.DigestBytes);
  hmac.setKey(bytesOf(natives, vector.key), vector.key.length);
  hmac.compute(outer, 7, length, code);
  sameBytes(report, "a range inside", { bytes: code, length: code.length }, vector.code);
  hmac.compute(outer, 7, length, outer);
  sameBytes(report, "over its message", { bytes: outer, length: code.length }, vector.code);
  report.equal(
    outer[CryptoLimit.DigestBytes],
    vector.message[CryptoLimit.DigestBytes - 7],
    "nothing behind it",
  );
}

function checkChain(report: Report, natives: ByteNatives, hmac: HmacSha256): void {
  const work = natives.allocate(HMAC_CHAIN_LENGTHS);
  const code = natives.allocate(CryptoLimit.DigestBytes);
  for (let length = 0; length <= HMAC_CHAIN_LENGTHS; length++) {
    hmac.setKey(work, HMAC_CHAIN_LENGTHS - length);
    hmac.compute(work, 0, length, code);
    for (let at = 0; at + CryptoLimit.DigestBytes <= HMAC_CHAIN_LENGTHS; at += CryptoLimit.DigestBytes)
      natives.xorBytes(code, 0, work, at, CryptoLimit.DigestBytes);
  }
  sameBytes(report, "every length", { bytes: code, length: code.length }, HMAC_CHAIN);
}

export function checkHmacSha256(report: Report, natives: ByteNatives, crypto: Crypto): void {
  const hmac = new HmacSha256(natives, crypto, LONGEST);
  for (let i = 0; i < HMAC_VECTORS.length; i++) checkVector(report, natives, hmac, HMAC_VECTORS[i]);
  checkRanges(report, natives, hmac);
  checkChain(report, natives, hmac);
}
