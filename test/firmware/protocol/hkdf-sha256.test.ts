/** HKDF with SHA-256 beside Node's own. */
import { hkdfSync } from "node:crypto";
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { HkdfSha256, HKDF_INFO_MAX_BYTES } from "../../../firmware/protocol/hkdf-sha256.ts";
import { HmacSha256 } from "../../../firmware/protocol/hmac-sha256.ts";
import { NODE_CRYPTO } from "../../../host-sim/engine/node-crypto.ts";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { checkHkdfSha256 } from "../../portable/hkdf-sha256.cases.ts";
import { HKDF_VECTORS } from "../../vectors/hkdf-sha256.ts";
import { trackedNatives } from "./tracked-natives.ts";

const test = suite("hkdf-sha256");
const MESSAGE_BYTES = 129;
const PATTERN = Uint8Array.from({ length: 130 }, (_, i) => (i * 89 + 17) & 255);

function nodeHkdf(input: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", input, salt, info, length));
}

function ours(input: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  const hkdf = new HkdfSha256(NODE_NATIVES, new HmacSha256(NODE_NATIVES, NODE_CRYPTO, MESSAGE_BYTES));
  const [key, output] = [new Uint8Array(32), new Uint8Array(length)];
  hkdf.extract(salt, input, key);
  hkdf.expand(key, info, info.length, output);
  return output;
}

test("the portable cases hold in Node", () => {
  const same = (actual: number, expected: number, what: string): void => is(actual, expected, what);
  checkHkdfSha256({ equal: same }, NODE_NATIVES, NODE_CRYPTO);
});

test("the vectors are right by Node's HKDF", () => {
  for (const { what, input, salt, info, output } of HKDF_VECTORS) {
    const made = nodeHkdf(
      Uint8Array.from(input),
      Uint8Array.from(salt),
      Uint8Array.from(info),
      output.length,
    );
    equal([...made], output, what);
  }
});

test("every length of salt, input and info is as in Node", () => {
  for (let length = 0; length <= 129; length++) {
    const [input, salt] = [PATTERN.subarray(0, length), PATTERN.subarray(length)];
    const info = PATTERN.subarray(0, Math.min(length, HKDF_INFO_MAX_BYTES));
    equal(ours(input, salt, info, 40), nodeHkdf(input, salt, info, 40), `length ${length}`);
  }
});

test("every length of the output up to the longest is as in Node", () => {
  const [input, salt, info] = [PATTERN.subarray(0, 32), PATTERN.subarray(0, 16), PATTERN.subarray(0, 20)];
  for (const length of [...Array(131).keys(), 8128, 8159, 8160])
    equal(ours(input, salt, info, length), nodeHkdf(input, salt, info, length), `length ${length}`);
});

test("nothing of what it worked on stays with it", () => {
  const { natives, made } = trackedNatives();
  const hkdf = new HkdfSha256(natives, new HmacSha256(natives, NODE_CRYPTO, MESSAGE_BYTES));
  const key = new Uint8Array(32);
  hkdf.extract(PATTERN, PATTERN.subarray(0, 100), key);
  for (const bytes of made) ok(bytes.every((value) => value === 0));
  hkdf.expand(key, PATTERN, 96, new Uint8Array(70));
  is(made.length, 4);
  for (const bytes of made) ok(bytes.every((value) => value === 0));
});

test.run();
