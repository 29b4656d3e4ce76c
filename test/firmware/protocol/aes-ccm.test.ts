/** AES-128-CCM beside Node's own. */
import { createCipheriv, createHash } from "node:crypto";
import { suite } from "uvu";
import { equal, is, not, ok } from "uvu/assert";
import { AesCcm } from "../../../firmware/protocol/aes-ccm.ts";
import { NODE_CRYPTO } from "../../../host-sim/engine/node-crypto.ts";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { CCM_CHAIN, CCM_CHAIN_LENGTHS, checkAesCcm } from "../../portable/aes-ccm.cases.ts";
import { CCM_VECTORS } from "../../vectors/aes-ccm.ts";
import { trackedNatives } from "./tracked-natives.ts";

const test = suite("aes-ccm");
const TAG_BYTES = 16;

/** What is sealed, as both sides take it. */
interface Sealing {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly associated: Uint8Array;
  readonly text: Uint8Array;
}

function nodeSeal({ key, nonce, associated, text }: Sealing): Uint8Array {
  const cipher = createCipheriv("aes-128-ccm", key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associated, { plaintextLength: text.length });
  const ciphered = Buffer.concat([cipher.update(text), cipher.final()]);
  return Uint8Array.from(Buffer.concat([ciphered, cipher.getAuthTag()]));
}

function prepared({ key, nonce, associated }: Sealing): AesCcm {
  const ccm = new AesCcm(NODE_NATIVES, NODE_CRYPTO);
  ccm.setKey(key);
  (ccm.nonce as Uint8Array).set(nonce);
  (ccm.associated as Uint8Array).set(associated);
  return ccm;
}

function seal(sealing: Sealing): Uint8Array {
  const bytes = new Uint8Array(sealing.text.length + TAG_BYTES);
  bytes.set(sealing.text);
  prepared(sealing).seal(sealing.associated.length, bytes, 0, sealing.text.length);
  return bytes;
}

/** Undefined when it is refused, and then nothing of the text may be left. */
function open(sealing: Sealing, sealed: Uint8Array): Uint8Array | undefined {
  const bytes = sealed.slice();
  const length = sealed.length - TAG_BYTES;
  if (prepared(sealing).open(sealing.associated.length, bytes, 0, length)) return bytes.subarray(0, length);
  ok(bytes.every((value) => value === 0));
  return undefined;
}

function pattern(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 89 + seed) & 255);
}

function sealingOf(textBytes: number, associatedBytes: number): Sealing {
  const [key, nonce] = [pattern(16, textBytes), pattern(12, associatedBytes)];
  return { key, nonce, associated: pattern(associatedBytes, 3), text: pattern(textBytes, 5) };
}

test("the portable cases hold in Node", () => {
  const same = (actual: number, expected: number, what: string): void => is(actual, expected, what);
  checkAesCcm({ equal: same }, NODE_NATIVES, NODE_CRYPTO);
});

test("the vectors are right by Node's CCM", () => {
  for (const { what, key, nonce, associated, text, sealed } of CCM_VECTORS) {
    const [k, n, a, t] = [key, nonce, associated, text].map((values) => Uint8Array.from(values));
    equal([...nodeSeal({ key: k, nonce: n, associated: a, text: t } as Sealing)], sealed, what);
  }
});

test("the chain is right by Node's CCM", () => {
  let digest = new Uint8Array(32);
  for (let length = 0; length <= CCM_CHAIN_LENGTHS; length++) {
    const associated = new Uint8Array(CCM_CHAIN_LENGTHS).fill(0x5a);
    associated.set(digest);
    const sealed = nodeSeal({
      key: digest.subarray(0, 16),
      nonce: digest.subarray(16, 28),
      associated: associated.subarray(0, CCM_CHAIN_LENGTHS - length),
      text: Uint8Array.from([...digest, ...digest]).subarray(0, length),
    });
    digest = Uint8Array.from(createHash("sha256").update(digest).update(sealed).digest());
  }
  equal([...digest], CCM_CHAIN);
});

test("every length of text and of associated data is as in Node, and opens again", () => {
  for (let textBytes = 0; textBytes <= 64; textBytes++)
    for (let associatedBytes = 0; associatedBytes <= 64; associatedBytes++) {
      const sealing = sealingOf(textBytes, associatedBytes);
      const sealed = seal(sealing);
      equal(sealed, nodeSeal(sealing), `${textBytes} with ${associatedBytes}`);
      equal(open(sealing, sealed), sealing.text);
    }
});

test("texts whose counter and length need their second byte are as in Node", () => {
  for (const textBytes of [255, 256, 257, 4080, 4096, 4097, 65535]) {
    const sealing = sealingOf(textBytes, 20);
    equal(seal(sealing), nodeSeal(sealing), `${textBytes} bytes`);
  }
});

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const changed = bytes.slice();
  changed[bit >>> 3] = (changed[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
  return changed;
}

for (const textBytes of [0, 1, 16, 35])
  test(`any one bit changed is refused and nothing is left of ${textBytes} bytes of text`, () => {
    const sealing = sealingOf(textBytes, 21);
    const sealed = seal(sealing);
    for (let bit = 0; bit < 8 * sealed.length; bit++) is(open(sealing, flipped(sealed, bit)), undefined);
    for (const part of ["key", "nonce", "associated"] as const)
      for (let bit = 0; bit < 8 * sealing[part].length; bit++)
        is(open({ ...sealing, [part]: flipped(sealing[part], bit) }, sealed), undefined, `${part} ${bit}`);
    equal(open(sealing, sealed), sealing.text);
  });

test("a byte less of text or of associated data is refused", () => {
  const sealing = sealingOf(20, 20);
  const sealed = seal(sealing);
  is(open(sealing, sealed.subarray(1)), undefined);
  is(open(sealing, sealed.subarray(0, 35)), undefined);
  is(open({ ...sealing, associated: sealing.associated.subarray(0, 19) }, sealed), undefined);
});

test("a wipe leaves nothing but what the caller filled", () => {
  const { natives, made } = trackedNatives();
  const ccm = new AesCcm(natives, NODE_CRYPTO);
  ccm.setKey(pattern(16, 1));
  const bytes = pattern(48, 2);
  ccm.seal(0, bytes, 0, 32);
  ok(ccm.open(0, bytes, 0, 32));
  const left = made.filter((one) => one.some((value) => value !== 0));
  // The key, and what is public: the last counter block.
  equal(left, [pattern(16, 1), Uint8Array.of(2, ...new Uint8Array(12), 0, 0, 2)]);
  ccm.wipe();
  for (const one of made) ok(one.every((value) => value === 0));
});

test("what the caller filled stays", () => {
  const sealing = sealingOf(10, 10);
  const ccm = prepared(sealing);
  const bytes = new Uint8Array(26);
  ccm.seal(10, bytes, 0, 10);
  ccm.open(9, bytes, 0, 10);
  equal((ccm.nonce as Uint8Array).slice(), sealing.nonce);
  equal((ccm.associated as Uint8Array).slice(0, 10), sealing.associated);
  not.equal(sealing.nonce, new Uint8Array(12));
});

test.run();
