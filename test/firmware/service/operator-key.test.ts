/** The operator key in the store: which answers are right, what a changed record does, whose it is, what stays in RAM. */
import { createHmac } from "node:crypto";
import { suite } from "uvu";
import { is, ok } from "uvu/assert";
import { HkdfSha256 } from "../../../firmware/protocol/hkdf-sha256.ts";
import { MemoryMap } from "../../../firmware/service/memory-map.ts";
import { OperatorKey } from "../../../firmware/service/operator-key.ts";
import { Name } from "../../../firmware/service/pair.ts";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { ServiceBench } from "./service-bench.ts";

const test = suite("operator key");
const TOWN_KEY = Uint8Array.from({ length: 32 }, (_, i) => 0x23 + 5 * i);
const NONCE = Uint8Array.from({ length: 12 }, (_, i) => 0xe0 - i);
const CHALLENGE = Uint8Array.from({ length: 16 }, (_, i) => 0x80 + i);

function keyOf(bench: ServiceBench, takesDevelopment = true): OperatorKey {
  const { natives, store, backup, ccm, hmac } = bench;
  const hkdf = new HkdfSha256(natives, hmac);
  return new OperatorKey(natives, { store, backup, ccm, hmac, hkdf, takesDevelopment });
}

function provisioned(takesDevelopment = true): { bench: ServiceBench; key: OperatorKey } {
  const bench = new ServiceBench();
  const key = keyOf(bench, takesDevelopment);
  bench.commit(() => key.put(TOWN_KEY, NONCE));
  return { bench, key };
}

function named(text: string): Name {
  const name = new Name(NODE_NATIVES);
  name.set(Buffer.from(text), 0, text.length);
  return name;
}

function cardKeyOf(name: string): Buffer {
  return createHmac("sha256", TOWN_KEY).update(`madoguchi operator|${name}`).update(Buffer.of(1)).digest();
}

function answerOf(name: string, challenge: Uint8Array = CHALLENGE): Uint8Array {
  return createHmac("sha256", cardKeyOf(name)).update("madoguchi operator 1").update(challenge).digest();
}

test("the answer of the operator's card to this challenge is right, with names of every length", () => {
  const { key } = provisioned();
  for (const name of ["A", "OPERATOR-1", "ABCDEFGHIJKLMNOP"])
    is(key.isRight(named(name), CHALLENGE, answerOf(name)), true, name);
});

test("another operator's, another challenge's, and one with any bit changed is wrong", () => {
  const { key } = provisioned();
  const name = named("OPERATOR-1");
  for (const other of ["OPERATOR-2", "OPERATOR-", "OPERATOR-11"])
    is(key.isRight(name, CHALLENGE, answerOf(other)), false, other);
  is(
    key.isRight(
      name,
      CHALLENGE,
      answerOf(
        "OPERATOR-1",
        CHALLENGE.map((byte) => byte ^ 1),
      ),
    ),
    false,
  );
  for (let bit = 0; bit < 256; bit++) {
    const bent = answerOf("OPERATOR-1").map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
    is(key.isRight(name, CHALLENGE, bent), false, `bit ${bit}`);
  }
});

test("a terminal without the key, and one whose record has any bit changed, finds no answer right", () => {
  const bare = keyOf(new ServiceBench());
  is(bare.isThere(), false);
  is(bare.isRight(named("OPERATOR-1"), CHALLENGE, answerOf("OPERATOR-1")), false);
  const { bench } = provisioned();
  const saved = bench.chip.save();
  for (let bit = 0; bit < 8 * MemoryMap.OperatorKeyBytes; bit++) {
    const bent = Buffer.from(saved);
    bent[MemoryMap.OperatorKey + (bit >> 3)]! ^= 1 << (bit & 7);
    bench.chip.load(bent);
    is(keyOf(bench).isRight(named("OPERATOR-1"), CHALLENGE, answerOf("OPERATOR-1")), false, `bit ${bit}`);
  }
});

test("a development key is none for a town, and a town's is one for both", () => {
  is(keyOf(provisioned().bench, false).isThere(), false);
  const town = provisioned(false).bench;
  for (const takesDevelopment of [false, true]) {
    const key = keyOf(town, takesDevelopment);
    is(key.isRight(named("OPERATOR-1"), CHALLENGE, answerOf("OPERATOR-1")), true);
  }
});

test("when the case was opened no answer is right any more", () => {
  const { bench, key } = provisioned();
  bench.backupChip.openCase();
  is(key.isRight(named("OPERATOR-1"), CHALLENGE, answerOf("OPERATOR-1")), false);
});

test("neither the town's key nor a card's, nor the right answer, stays in RAM or stands in the FRAM", () => {
  const { bench, key } = provisioned();
  const wrong = new Uint8Array(32);
  is(key.isRight(named("OPERATOR-1"), CHALLENGE, wrong), false);
  const secrets = [
    Buffer.from(TOWN_KEY),
    cardKeyOf("OPERATOR-1"),
    Buffer.from(answerOf("OPERATOR-1")),
    Buffer.from(bench.backupChip.read(0, 16)),
  ];
  const held = [...bench.made, bench.chip.save()].map((bytes) => Buffer.from(bytes));
  secrets.forEach((secret, i) => ok(!held.some((bytes) => bytes.includes(secret)), `secret ${i}`));
});

test.run();
