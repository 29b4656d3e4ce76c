/** HKDF with SHA-256 by RFC 5869, appendix A. */
import { HkdfSha256 } from "../../firmware/protocol/hkdf-sha256.ts";
import { HmacSha256 } from "../../firmware/protocol/hmac-sha256.ts";
import type { ByteNatives } from "../../hal/bytes.ts";
import { CryptoLimit, type Crypto } from "../../hal/crypto.ts";
import { HKDF_VECTORS, type HkdfVector } from "../vectors/hkdf-sha256.ts";
import { bytesOf, sameBytes } from "./bytes-of.ts";
import type { Report } from "./report.ts";

/** Of what HMAC is to take, see the constructor. */
const MESSAGE_BYTES = 129;

function checkVector(report: Report, natives: ByteNatives, hkdf: HkdfSha256, vector: HkdfVector): void {
  const key = natives.allocate(CryptoLimit.DigestBytes);
  hkdf.extract(bytesOf(natives, vector.salt), bytesOf(natives, vector.input), key);
  sameBytes(report, vector.what + ": key", { bytes: key, length: key.length }, vector.key);
  const output = natives.allocate(vector.output.length);
  hkdf.expand(key, bytesOf(natives, vector.info), vector.info.length, output);
  sameBytes(report, vector.what + ": output", { bytes: output, length: output.length }, vector.output);
  sameBytes(report, vector.what + ": the key stays", { bytes: key, length: key.length }, vector.key);
}

/** What it writes into may be what it reads from. */
function checkInPlace(report: Report, natives: ByteNatives, hkdf: HkdfSha256): void {
  const vector = HKDF_VECTORS[0];
  const key = bytesOf(natives, vector.key);
  hkdf.expand(key, bytesOf(natives, vector.info), vector.info.length, key);
  sameBytes(
    report,
    "expanded over its key",
    { bytes: key, length: key.length },
    vector.output.slice(0, key.length),
  );
  const input = natives.allocate(CryptoLimit.DigestBytes);
  const salt = bytesOf(natives, vector.salt);
  hkdf.extract(salt, input, key);
  hkdf.extract(salt, input, input);
  report.equal(
    natives.equalConstantTime(key, 0, input, 0, key.length) ? 1 : 0,
    1,
    "extracted over its input",
  );
}

export function checkHkdfSha256(report: Report, natives: ByteNatives, crypto: Crypto): void {
  const hkdf = new HkdfSha256(natives, new HmacSha256(natives, crypto, MESSAGE_BYTES));
  for (let i = 0; i < HKDF_VECTORS.length; i++) checkVector(report, natives, hkdf, HKDF_VECTORS[i]);
  checkInPlace(report, natives, hkdf);
}
