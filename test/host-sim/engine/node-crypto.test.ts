import { suite } from "uvu";
import { is, throws } from "uvu/assert";
import { NODE_CRYPTO } from "../../../host-sim/engine/node-crypto.ts";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { checkCrypto } from "../../portable/crypto.cases.ts";

const test = suite("crypto");

test("the portable cases hold in Node", () => {
  const equal = (actual: number, expected: number, what: string): void => is(actual, expected, what);
  checkCrypto({ equal }, NODE_NATIVES, NODE_CRYPTO);
});

test("more than every platform takes is hashed as well", () => {
  const digest = new Uint8Array(32);
  NODE_CRYPTO.sha256(new Uint8Array(65535).fill(0x61), 0, 65535, digest);
  const ofManyA = "6e1bebca6a8229364a162a72ef064826c4cd7457bf54f190ef782bd9deff3e42";
  is(Buffer.from(digest).toString("hex"), ofManyA);
});

test("a digest or a range of another length is refused", () => {
  const bytes = new Uint8Array(40);
  throws(() => NODE_CRYPTO.sha256(bytes, 0, 40, new Uint8Array(31)), /32 bytes are wanted, not 31/);
  throws(() => NODE_CRYPTO.sha256(bytes, 30, 11, new Uint8Array(32)), /30…41 lies outside 40 bytes/);
  throws(() => NODE_CRYPTO.sha256(bytes, -1, 2, new Uint8Array(32)), /lies outside/);
  throws(() => NODE_CRYPTO.sha256(bytes, 0, -1, new Uint8Array(32)), /lies outside/);
});

test("a key or a block of another length is refused, and nothing is written", () => {
  const [right, short] = [new Uint8Array(16), new Uint8Array(15)];
  throws(() => NODE_CRYPTO.aesBlock(short, right, right), /16 bytes are wanted, not 15/);
  throws(() => NODE_CRYPTO.aesBlock(right, short, right), /16 bytes are wanted, not 15/);
  throws(() => NODE_CRYPTO.aesBlock(right, right, short), /16 bytes are wanted, not 15/);
  is(Buffer.from(right).toString("hex"), "00".repeat(16));
});

test.run();
