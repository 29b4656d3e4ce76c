/** Pair keys in the store: whose are used, what a changed record does, what stays in RAM. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { PSK_UNKNOWN } from "../../../firmware/protocol/tls-handshake.ts";
import { MemoryMap } from "../../../firmware/service/memory-map.ts";
import { Pair } from "../../../firmware/service/pair.ts";
import { PairKeys } from "../../../firmware/service/pair-keys.ts";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
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
  const { natives, store, backup, ccm } = bench;
  return new PairKeys(natives, { store, backup, ccm, takesDevelopment });
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
