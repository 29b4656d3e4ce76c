/** Pair keys in the store: whose are used, what a changed record does, how one follows the other, what stays in RAM. */
import { createHmac, hkdfSync } from "node:crypto";
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { PSK_UNKNOWN } from "../../../firmware/protocol/tls-handshake.ts";
import { MemoryMap } from "../../../firmware/service/memory-map.ts";
import { Pair } from "../../../firmware/service/pair.ts";
import { PairKeys } from "../../../firmware/service/pair-keys.ts";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { nextPskOf } from "../../../host-sim/counter/next-key.ts";
import { REKEY_VECTORS } from "../../vectors/rekey.ts";
import { ServiceBench } from "./service-bench.ts";

const test = suite("pair keys");
const PSK = Uint8Array.from({ length: 32 }, (_, i) => 0x11 + 3 * i);
const NONCE = Uint8Array.from({ length: 12 }, (_, i) => 0xf0 - i);

function pairOf(terminal: string, counter: string): Pair {
  const pair = new Pair(NODE_NATIVES);
  pair.terminal.set(Buffer.from(terminal), 0, terminal.length);
  pair.counter.set(Buffer.from(counter), 0, counter.length);
  return pair;
}

function keysOf(bench: ServiceBench, takesDevelopment = true): PairKeys {
  const { natives, store, backup, ccm, hkdf } = bench;
  return new PairKeys(natives, { store, backup, ccm, hkdf, takesDevelopment });
}

/** Key 2 of four places. */
function provisioned(takesDevelopment = true): { bench: ServiceBench; keys: PairKeys } {
  const bench = new ServiceBench();
  const keys = keysOf(bench, takesDevelopment);
  bench.commit(() => keys.put(2, pairOf("T-0001", "C-0001"), PSK, NONCE));
  return { bench, keys };
}

function find(keys: PairKeys, identity: string): number {
  const bytes = Buffer.from(`..${identity}..`);
  return keys.find(bytes, 2, bytes.length - 4);
}

const IDENTITY = "madoguchi 1|T-0001|C-0001";

test("a key is found by its whole identity alone, and read back", () => {
  const { keys } = provisioned();
  is(find(keys, IDENTITY), 2);
  for (let length = 0; length < IDENTITY.length; length++)
    is(find(keys, IDENTITY.slice(0, length)), PSK_UNKNOWN, `${length} characters`);
  for (const other of [`${IDENTITY}1`, IDENTITY.toLowerCase(), IDENTITY.replace("|C", "-C"), "T-0001|C-0001"])
    is(find(keys, other), PSK_UNKNOWN, other);
  const into = new Uint8Array(32);
  is(keys.read(2, into), true);
  equal(into, PSK);
  for (const empty of [0, 1, 3]) is(keys.read(empty, into), false, `place ${empty}`);
});

test("every bit of a record counts: it is no key any more, or one of another name that cannot be unwrapped", () => {
  const { bench } = provisioned();
  const at = MemoryMap.Keys + 2 * MemoryMap.KeyBytes;
  const saved = bench.chip.save();
  for (let bit = 0; bit < 8 * MemoryMap.KeyBytes; bit++) {
    const bent = Buffer.from(saved);
    bent[at + (bit >> 3)]! ^= 1 << (bit & 7);
    bench.chip.load(bent);
    is(keysOf(bench).read(2, new Uint8Array(32)), false, `bit ${bit}`);
  }
});

test("a key with which the terminal would call is never used as a server", () => {
  const { bench, keys } = provisioned();
  const memory = bench.chip.save();
  memory[MemoryMap.Keys + 2 * MemoryMap.KeyBytes + 1] = 1;
  bench.chip.load(memory);
  is(find(keys, IDENTITY), PSK_UNKNOWN);
  is(keys.hasAny(), false);
});

test("a development key is none for a town, and a town's is one for both", () => {
  const { bench } = provisioned();
  is(find(keysOf(bench, false), IDENTITY), PSK_UNKNOWN);
  is(keysOf(bench, false).hasAny(), false);
  const town = provisioned(false);
  is(find(keysOf(town.bench, false), IDENTITY), 2);
  is(find(keysOf(town.bench, true), IDENTITY), 2);
});

test("when the case was opened no key can be had", () => {
  const { bench, keys } = provisioned();
  bench.backupChip.openCase();
  is(keys.read(2, new Uint8Array(32)), false);
});

/** 96 bytes. */
function recordOf(bench: ServiceBench): Buffer {
  const at = MemoryMap.Keys + 2 * MemoryMap.KeyBytes;
  return bench.chip.save().subarray(at, at + MemoryMap.KeyBytes);
}

function nonceOf(seed: number): Uint8Array {
  return Uint8Array.from({ length: 12 }, (_, i) => seed * 16 + i);
}

function keyAnd(next: "next" | "in force", keys: PairKeys): Uint8Array | undefined {
  const into = new Uint8Array(32);
  return (next === "next" ? keys.readNext(2, into) : keys.read(2, into)) ? into : undefined;
}

test("the step from a key to the next is that of the vectors, for terminal and counter", () => {
  for (const { terminal, counter, keys: hex } of REKEY_VECTORS) {
    const bench = new ServiceBench();
    const keys = keysOf(bench);
    const all = hex.map((key) => Buffer.from(key, "hex"));
    bench.commit(() => keys.put(2, pairOf(terminal, counter), all[0]!, nonceOf(1)));
    for (const [at, next] of all.entries()) {
      if (at === 0) continue;
      equal(Buffer.from(nextPskOf(all[at - 1]!, { terminal, counter })), next, `counter, step ${at}`);
      bench.commit(() => (keys.putMark(2, nonceOf(2 * at)) ? 0 : 1));
      equal(Buffer.from(keyAnd("next", keys)!), next, `terminal, step ${at}`);
      bench.commit(() => (keys.putNext(2, nonceOf(2 * at + 1)) ? 0 : 1));
      equal(Buffer.from(keyAnd("in force", keys)!), next, `in force, step ${at}`);
    }
  }
});

test("the step is an HKDF whose extraction is left out: Node's own agrees on a key that it has extracted", () => {
  // hkdfSync extracts first, so it is given what extracts to the key: HMAC(salt, input).
  const [salt, input] = [Buffer.from("salt"), Buffer.from("input")];
  const info = Buffer.from("madoguchi 1 rekey|srv=T-0001|cli=C-0001");
  const extracted = createHmac("sha256", salt).update(input).digest();
  equal(
    Buffer.from(nextPskOf(extracted, { terminal: "T-0001", counter: "C-0001" })),
    Buffer.from(hkdfSync("sha256", input, salt, info, 32)),
  );
});

test("before its mark no next key is good, and none takes the place of the one in force", () => {
  const { bench, keys } = provisioned();
  const before = recordOf(bench);
  is(keys.isNextGood(2), false);
  is(keyAnd("next", keys), undefined);
  is(keys.putNext(2, nonceOf(1)), false);
  is(keys.putMark(0, nonceOf(1)), false, "no key there");
  equal(recordOf(bench), before);
});

test("with its mark both are good; once replaced the next one alone, and the mark is gone", () => {
  const { bench, keys } = provisioned();
  const next = nextPskOf(PSK, { terminal: "T-0001", counter: "C-0001" });
  bench.commit(() => (keys.putMark(2, nonceOf(1)) ? 0 : 1));
  equal([keys.isNextGood(2), keyAnd("in force", keys), keyAnd("next", keys)], [true, PSK, next]);
  is(find(keys, IDENTITY), 2);
  bench.commit(() => (keys.putNext(2, nonceOf(2)) ? 0 : 1));
  equal([keys.isNextGood(2), keyAnd("in force", keys), keyAnd("next", keys)], [false, next, undefined]);
  is(find(keys, IDENTITY), 2);
});

test("a development key stays one, and a town's does, through both commits", () => {
  for (const isDevelopment of [true, false]) {
    const { bench, keys } = provisioned(isDevelopment);
    const town = keysOf(bench, false);
    bench.commit(() => (keys.putMark(2, nonceOf(1)) ? 0 : 1));
    is(town.hasAny(), !isDevelopment, "marked");
    bench.commit(() => (keys.putNext(2, nonceOf(2)) ? 0 : 1));
    is(town.hasAny(), !isDevelopment, "replaced");
  }
});

test("the mark cannot be set or taken away without the key-encryption key", () => {
  const { bench, keys } = provisioned();
  const at = MemoryMap.Keys + 2 * MemoryMap.KeyBytes;
  for (const isMarked of [false, true]) {
    if (isMarked) bench.commit(() => (keys.putMark(2, nonceOf(1)) ? 0 : 1));
    const saved = bench.chip.save();
    for (let bit = 0; bit < 8 * MemoryMap.KeyBytes; bit++) {
      const bent = Buffer.from(saved);
      bent[at + (bit >> 3)]! ^= 1 << (bit & 7);
      bench.chip.load(bent);
      equal([keyAnd("in force", keys), keyAnd("next", keys)], [undefined, undefined], `bit ${bit}`);
    }
    bench.chip.load(saved);
  }
});

test("each record is wrapped under the nonce that it was given, whose first byte is its kind's", () => {
  const { bench, keys } = provisioned();
  const nonces = (): string => recordOf(bench).subarray(36, 48).toString("hex");
  const seen = [nonces()];
  bench.commit(() => (keys.putMark(2, nonceOf(1)) ? 0 : 1));
  seen.push(nonces());
  bench.commit(() => (keys.putNext(2, nonceOf(2)) ? 0 : 1));
  seen.push(nonces());
  equal(
    seen,
    [NONCE, nonceOf(1), nonceOf(2)].map((nonce) => `01${Buffer.from(nonce).subarray(1).toString("hex")}`),
  );
});

test("when the case was opened there is no next key, no mark and no replacement", () => {
  const { bench, keys } = provisioned();
  bench.commit(() => (keys.putMark(2, nonceOf(1)) ? 0 : 1));
  bench.backupChip.openCase();
  equal(
    [keyAnd("next", keys), keys.putMark(2, nonceOf(2)), keys.putNext(2, nonceOf(2))],
    [undefined, false, false],
  );
});

test("neither key of a change stays in RAM, and of the old one nothing in the FRAM, wrapped or not", () => {
  const { bench, keys } = provisioned();
  const wrappedBefore = recordOf(bench).subarray(36);
  bench.commit(() => (keys.putMark(2, nonceOf(1)) ? 0 : 1));
  const wrappedMarked = recordOf(bench).subarray(36);
  keyAnd("next", keys)!.fill(0);
  bench.commit(() => (keys.putNext(2, nonceOf(2)) ? 0 : 1));
  const next = Buffer.from(nextPskOf(PSK, { terminal: "T-0001", counter: "C-0001" }));
  const held = bench.made.map((bytes) => Buffer.from(bytes));
  const memory = bench.chip.save();
  for (const secret of [Buffer.from(PSK), next, Buffer.from(bench.backupChip.read(0, 16))]) {
    is(
      held.some((bytes) => bytes.includes(secret)),
      false,
      "RAM",
    );
    is(memory.includes(secret), false, "FRAM");
  }
  // Eight bytes in a row of what wrapped the old key would be a rest of it.
  for (const wrapped of [wrappedBefore, wrappedMarked])
    for (let at = 0; at + 8 <= wrapped.length; at++)
      is(memory.includes(wrapped.subarray(at, at + 8)), false, `wrapped, from ${at}`);
});

test("neither the key nor what wraps it stays in RAM", () => {
  const { bench, keys } = provisioned();
  const into = new Uint8Array(32);
  keys.read(2, into);
  const secrets = [Buffer.from(PSK), Buffer.from(bench.backupChip.read(0, 16))];
  const held = bench.made.map((bytes) => Buffer.from(bytes));
  ok(!secrets.some((secret) => held.some((bytes) => bytes.includes(secret))));
  ok(!bench.chip.save().includes(Buffer.from(PSK)), "nor in the FRAM");
});

test.run();
