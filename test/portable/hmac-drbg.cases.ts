/** HMAC_DRBG by NIST's response files, what a saved state gives, and how much of the last block is given away. */
import { DRBG_STATE_BYTES, HmacDrbg } from "../../firmware/protocol/hmac-drbg.ts";
import { HmacSha256 } from "../../firmware/protocol/hmac-sha256.ts";
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import type { Crypto } from "../../hal/crypto.ts";
import { DRBG_VECTORS, type DrbgVector } from "../vectors/hmac-drbg.ts";
import { bytesOf, sameBytes } from "./bytes-of.ts";
import type { Report } from "./report.ts";

/** Of what HMAC is to take, see the constructor. */
const MESSAGE_BYTES = 161;
const LONGEST = 67;

class Bench {
  constructor(
    readonly report: Report,
    readonly natives: ByteNatives,
    private readonly crypto: Crypto,
  ) {}

  make(): HmacDrbg {
    return new HmacDrbg(this.natives, new HmacSha256(this.natives, this.crypto, MESSAGE_BYTES));
  }

  /** One with a state that is the vector's after its start. */
  started(vector: DrbgVector): HmacDrbg {
    const drbg = this.make();
    drbg.instantiate(bytesOf(this.natives, vector.material), vector.material.length);
    return drbg;
  }

  generated(drbg: HmacDrbg, length: number): Bytes {
    const bytes = this.natives.allocate(length);
    drbg.generate(bytes);
    return bytes;
  }

  isSame(one: Bytes, other: Bytes, length: number): number {
    return this.natives.equalConstantTime(one, 0, other, 0, length) ? 1 : 0;
  }
}

function checkVector(bench: Bench, vector: DrbgVector): void {
  const drbg = bench.started(vector);
  const reseed = vector.reseed;
  if (reseed.length > 0) drbg.reseed(bytesOf(bench.natives, reseed), reseed.length);
  bench.generated(drbg, vector.returned.length);
  const returned = bench.generated(drbg, vector.returned.length);
  sameBytes(bench.report, vector.what, { bytes: returned, length: returned.length }, vector.returned);
}

/** A state that was kept goes on in another one as in the first. */
function checkState(bench: Bench): void {
  const vector = DRBG_VECTORS[0];
  const first = bench.started(vector);
  bench.generated(first, vector.returned.length);
  const second = bench.make();
  bench.natives.copy(first.state, 0, second.state, 0, DRBG_STATE_BYTES);
  const returned = bench.generated(second, vector.returned.length);
  sameBytes(bench.report, "from a kept state", { bytes: returned, length: returned.length }, vector.returned);
  bench.report.equal(bench.isSame(first.state, second.state, DRBG_STATE_BYTES), 0, "the state goes on");
}

/** Every length gives the begin of the same bytes, and leaves the same state when it takes as many blocks. */
function checkLengths(bench: Bench): void {
  const vector = DRBG_VECTORS[1];
  const longest = bench.generated(bench.started(vector), LONGEST);
  let wrong = 0;
  for (let length = 0; length < LONGEST; length++) {
    const drbg = bench.started(vector);
    if (bench.isSame(bench.generated(drbg, length), longest, length) === 0) wrong++;
  }
  bench.report.equal(wrong, 0, "lengths with other bytes");
}

export function checkHmacDrbg(report: Report, natives: ByteNatives, crypto: Crypto): void {
  const bench = new Bench(report, natives, crypto);
  for (let i = 0; i < DRBG_VECTORS.length; i++) checkVector(bench, DRBG_VECTORS[i]);
  checkState(bench);
  checkLengths(bench);
}
