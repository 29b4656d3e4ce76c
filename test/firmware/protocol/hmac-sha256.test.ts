/** HMAC-SHA-256 beside Node's own. */
import { createHmac } from "node:crypto";
import { suite } from "uvu";
import { equal, is, ok, throws } from "uvu/assert";
import { HmacSha256 } from "../../../firmware/protocol/hmac-sha256.ts";
import { NODE_CRYPTO } from "../../../host-sim/engine/node-crypto.ts";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { checkHmacSha256, HMAC_CHAIN, HMAC_CHAIN_LENGTHS } from "../../portable/hmac-sha256.cases.ts";
import { HMAC_VECTORS } from "../../vectors/hmac-sha256.ts";
import { trackedNatives } from "./tracked-natives.ts";

const test = suite("hmac-sha256");

function nodeHmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  return new Uint8Array(createHmac("sha256", key).update(message).digest());
}

test("the portable cases hold in Node", () => {
  const same = (actual: number, expected: number, what: string): void => is(actual, expected, what);
  checkHmacSha256({ equal: same }, NODE_NATIVES, NODE_CRYPTO);
});

test("the vectors are right by Node's HMAC", () => {
  for (const { what, key, message, code } of HMAC_VECTORS)
    equal([...nodeHmac(Uint8Array.from(key), Uint8Array.from(message))].slice(0, code.length), code, what);
});

test("the chain is right by Node's HMAC", () => {
  const work = new Uint8Array(HMAC_CHAIN_LENGTHS);
  let code = new Uint8Array(32);
  for (let length = 0; length <= HMAC_CHAIN_LENGTHS; length++) {
    code = Uint8Array.from(nodeHmac(work.subarray(0, HMAC_CHAIN_LENGTHS - length), work.subarray(0, length)));
    for (let i = 0; i < 128; i++) work[i] = (work[i] ?? 0) ^ (code[i % 32] ?? 0);
  }
  equal([...code], HMAC_CHAIN);
});

test("every length of the message, with every length of the key, is as in Node", () => {
  const bytes = Uint8Array.from({ length: 130 }, (_, i) => (i * 89 + 17) & 255);
  const hmac = new HmacSha256(NODE_NATIVES, NODE_CRYPTO, 130);
  const code = new Uint8Array(32);
  for (let keyBytes = 0; keyBytes <= 130; keyBytes++) {
    hmac.setKey(bytes, keyBytes);
    for (let length = 0; length <= 130; length++) {
      hmac.compute(bytes, 0, length, code);
      equal(code, nodeHmac(bytes.subarray(0, keyBytes), bytes.subarray(0, length)), `${keyBytes} ${length}`);
    }
  }
});

test("a message longer than was said is refused", () => {
  const hmac = new HmacSha256(NODE_NATIVES, NODE_CRYPTO, 40);
  throws(() => hmac.compute(new Uint8Array(41), 0, 41, new Uint8Array(32)), /lies outside/);
});

test("a wipe leaves nothing, of a long key neither", () => {
  const { natives, made } = trackedNatives();
  const hmac = new HmacSha256(natives, NODE_CRYPTO, 40);
  for (const keyBytes of [5, 64, 65]) {
    hmac.setKey(new Uint8Array(keyBytes).fill(7), keyBytes);
    hmac.compute(new Uint8Array(40).fill(9), 0, 40, new Uint8Array(32));
    hmac.wipe();
    is(made.length, 2);
    for (const bytes of made) ok(bytes.every((value) => value === 0));
  }
});

test.run();
