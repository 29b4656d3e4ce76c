/**
 * A pair's key is replaced, over the sealed line and by the terminal's own memory: whatever is lost on the way, the counter's file
 * holds a key that the terminal takes, and the old one is good no more once the new one was used.
 */
import { suite } from "uvu";
import { equal, is, ok, throws } from "uvu/assert";
import { TlsAlert } from "../../../firmware/protocol/tls.ts";
import { JournalEvent, KeyEvent } from "../../../firmware/service/journal-entry.ts";
import { RESERVED_PLACES } from "../../../firmware/service/journal.ts";
import { MemoryMap } from "../../../firmware/service/memory-map.ts";
import { Pair } from "../../../firmware/service/pair.ts";
import { PairKeys } from "../../../firmware/service/pair-keys.ts";
import { identityOf } from "../../../host-sim/counter/key-file.ts";
import { nextPskOf } from "../../../host-sim/counter/next-key.ts";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import type { HostPair, SealedHost } from "../../../host-sim/host/sealed-host.ts";
import { fromHex, toHex, VERIFY_4 } from "../../../host-sim/scenario/counter.ts";
import { pairFit } from "../../../host-sim/world/kept-pair.ts";
import { provision } from "../../../host-sim/world/provision.ts";
import { Simulator } from "../../../host-sim/world/simulator.ts";
import { saveMemory, type TerminalMemory } from "../../../host-sim/world/terminal-memory.ts";
import { World } from "../../../host-sim/world/world.ts";
import { storeOf } from "../../../host-sim/world/world-store.ts";
import { CheckHost } from "./check-host.ts";
import { hostAt, PAIR } from "./sealed-simulator.ts";

const test = suite("rekey");
const REKEY = 0x35;
const [DONE, BAD_FIELD, BUSY, OUT_OF_SERVICE, NOT_KNOWN] = [0, 1, 2, 4, 5];
const SUSPEND = 0x30;
const FRAM_WRITE = 0x02;
const OTHER: HostPair = { terminal: PAIR.terminal, counter: "C-0002", psk: Buffer.alloc(32, 9) };
const NO_ARGUMENTS = new Uint8Array();
const JUKI = "00a4040c0ad3921000310001010401";
const JUKI_PIN = "00a4020c02001c";
const REFUSED = `alert ${TlsAlert.DecryptError}`;

function stepped(pair: HostPair): HostPair {
  return { ...pair, psk: nextPskOf(pair.psk, pair) };
}

/** A terminal that shares a key with each of two counters. */
function memoryOfTwo(): TerminalMemory {
  const world = new World(1);
  provision(world, PAIR);
  const { store, backup, ccm, hkdf } = storeOf(world);
  store.recover();
  const keys = new PairKeys(NODE_NATIVES, { store, backup, ccm, hkdf, takesDevelopment: true });
  const pair = new Pair(NODE_NATIVES);
  pair.terminal.set(Buffer.from(OTHER.terminal), 0, OTHER.terminal.length);
  pair.counter.set(Buffer.from(OTHER.counter), 0, OTHER.counter.length);
  store.begin();
  keys.put(1, pair, OTHER.psk, world.noise(12));
  is(store.commit(), 0);
  return saveMemory(world);
}

/** One terminal through a test, and the counter's programs at its line, one after the other. */
class Bench {
  simulator: Simulator;
  private host: SealedHost | undefined;

  constructor(memory = memoryOfTwo()) {
    this.simulator = new Simulator({ mode: "sealed", memory });
    this.simulator.runFor(200);
  }

  /** A program with this key: a session. Throws when the terminal does not take it. */
  open(pair: HostPair): CheckHost {
    if (this.host !== undefined) this.host.isThere = false;
    this.host = hostAt(this.simulator, pair);
    this.host.open();
    return new CheckHost(this.host);
  }

  refuses(pair: HostPair, what: string): void {
    throws(
      () => this.open(pair),
      (error: Error) => error.message.endsWith(REFUSED),
      what,
    );
  }

  /** The result of command Rekey with this key. */
  rekey(pair: HostPair): number {
    return this.open(pair).staff(REKEY, NO_ARGUMENTS);
  }

  powerCycle(): void {
    this.simulator.powerOff();
    if (this.host !== undefined) this.host.isThere = false;
    this.simulator.powerOn();
    this.simulator.runFor(200);
  }

  /** Key records, as a session with this key reads them. */
  keyEvents(pair: HostPair): number[] {
    const journal = this.open(pair).journal();
    return journal.filter(([event]) => event === JournalEvent.Key).map(([, detail]) => detail);
  }

  memory(): TerminalMemory {
    return saveMemory(this.simulator.world);
  }

  close(): void {
    equal(this.simulator.world.complaints, []);
    this.simulator.close();
  }
}

test("after Rekey both keys are good, after the first use of the new one it alone; each is on record", () => {
  const bench = new Bench();
  const next = stepped(PAIR);
  bench.refuses(next, "before Rekey");
  is(bench.rekey(PAIR), DONE);
  bench.open(PAIR);
  equal(bench.keyEvents(PAIR), [KeyEvent.NextAllowed]);
  bench.open(next);
  equal(bench.keyEvents(next), [KeyEvent.NextAllowed, KeyEvent.Replaced]);
  bench.refuses(PAIR, "the old key");
  bench.refuses(stepped(next), "the next but one");
  equal(bench.keyEvents(next), [KeyEvent.NextAllowed, KeyEvent.Replaced], "nothing more is on record");
  bench.close();
});

test("a record of a key has the counter's name in the operator's place", () => {
  const bench = new Bench();
  bench.rekey(OTHER);
  const { fram } = bench.memory();
  const records = Array.from({ length: 8 }, (_, at) => {
    const from = MemoryMap.Journal + at * MemoryMap.JournalRecordBytes;
    return Buffer.from(fram.subarray(from, from + MemoryMap.JournalRecordBytes));
  });
  const key = records.find((record) => record[8] === (JournalEvent.Key as number));
  is(key?.toString("latin1", 16, 32), OTHER.counter.padEnd(16, "\0"));
  is(key?.toString("latin1", 32, 48), "\0".repeat(16));
  bench.close();
});

test("an answer that was lost costs nothing: Rekey again is done and leaves no second record", () => {
  const bench = new Bench();
  for (let i = 0; i < 4; i++) {
    is(bench.rekey(PAIR), DONE);
    bench.powerCycle();
  }
  equal(bench.keyEvents(PAIR), [KeyEvent.NextAllowed]);
  equal(bench.keyEvents(stepped(PAIR)), [KeyEvent.NextAllowed, KeyEvent.Replaced]);
  bench.close();
});

test("three rekeys in a row, with the power cut in between: only the latest key is good", () => {
  const bench = new Bench();
  let pair = PAIR;
  const olds: HostPair[] = [];
  for (let i = 0; i < 3; i++) {
    is(bench.rekey(pair), DONE);
    olds.push(pair);
    pair = stepped(pair);
    if (i === 1) bench.powerCycle();
    bench.open(pair);
    bench.powerCycle();
    for (const old of olds) bench.refuses(old, `after rekey ${i + 1}`);
    bench.open(pair);
  }
  equal(bench.keyEvents(pair), [1, 2, 1, 2, 1, 2]);
  bench.close();
});

test("a client that goes on to the next rekey with a key that was never used before does not leave the terminal behind", () => {
  const bench = new Bench();
  is(bench.rekey(PAIR), DONE);
  // The file was written and the program killed; the next program rekeys at once.
  is(bench.rekey(stepped(PAIR)), DONE);
  bench.open(stepped(stepped(PAIR)));
  bench.refuses(stepped(PAIR), "the one before");
  bench.close();
});

test("with two counters the other one's key and mark are untouched", () => {
  const bench = new Bench();
  is(bench.rekey(PAIR), DONE);
  bench.refuses(stepped(OTHER), "the other's mark");
  bench.open(OTHER);
  bench.open(stepped(PAIR));
  bench.open(OTHER);
  is(bench.rekey(OTHER), DONE);
  bench.refuses(stepped(stepped(PAIR)), "no mark of the first one's");
  bench.open(stepped(OTHER));
  bench.refuses(OTHER, "the other's old key");
  bench.open(stepped(PAIR));
  bench.close();
});

test("the step is the pair's own: another counter's names make another key", () => {
  const bench = new Bench();
  is(bench.rekey(PAIR), DONE);
  bench.refuses({ ...PAIR, psk: nextPskOf(PAIR.psk, OTHER) }, "made for other names");
  bench.open(stepped(PAIR));
  bench.close();
});

test("while the mark is set a wrong key gets the same alert, and both right ones are served behind it", () => {
  const bench = new Bench();
  is(bench.rekey(PAIR), DONE);
  for (const psk of [Buffer.alloc(32, 8), nextPskOf(nextPskOf(PAIR.psk, PAIR), PAIR), OTHER.psk])
    bench.refuses({ ...PAIR, psk }, "wrong");
  bench.open(PAIR);
  bench.refuses({ ...PAIR, psk: Buffer.alloc(32, 8) }, "wrong");
  bench.open(stepped(PAIR));
  bench.close();
});

test("a client that proves the new key and goes before Finished has not used it", () => {
  const bench = new Bench();
  is(bench.rekey(PAIR), DONE);
  const host = hostAt(bench.simulator, stepped(PAIR));
  bench.open(PAIR);
  host.call();
  bench.simulator.runFor(50);
  const hello = host.tls.begin();
  host.tls.take = () => Buffer.alloc(0);
  host.say(hello);
  bench.simulator.runFor(500);
  host.isThere = false;
  bench.powerCycle();
  equal(bench.keyEvents(PAIR), [KeyEvent.NextAllowed]);
  bench.close();
});

test("while a PC/SC program's entry is under way Rekey is refused as busy", () => {
  const bench = new Bench();
  const { simulator } = bench;
  const check = bench.open(PAIR);
  const { host } = check;
  simulator.insert("mynumber");
  simulator.runFor(500);
  host.slotStatus();
  host.powerOn();
  host.connect();
  for (const apdu of [JUKI, JUKI_PIN]) is(toHex(host.transmit(fromHex(apdu))), "9000");
  host.beginSecure(fromHex(VERIFY_4));
  ok(simulator.runUntil(() => simulator.page() === "pin", 5000));
  is(check.staff(REKEY, NO_ARGUMENTS), BUSY);
  bench.refuses(stepped(PAIR), "no mark");
  bench.close();
});

test("during a check Rekey is refused as busy and changes nothing", () => {
  const bench = new Bench();
  const check = bench.open(PAIR);
  const { simulator } = bench;
  check.begin({ id: 1 });
  ok(simulator.runUntil(() => simulator.page() === "insert", 5000));
  is(check.staff(REKEY, NO_ARGUMENTS), BUSY, "a card is waited for");
  simulator.insert("mynumber");
  is(check.answer().step, "question");
  is(check.staff(REKEY, NO_ARGUMENTS), BUSY, "while the counter decides");
  check.abort();
  simulator.runFor(500);
  equal(bench.keyEvents(PAIR), []);
  bench.refuses(stepped(PAIR), "no mark");
  bench.close();
});

test("the emergency stop does not stop the change of a key, and stays", () => {
  const bench = new Bench();
  is(bench.open(PAIR).staff(SUSPEND), DONE);
  is(bench.rekey(PAIR), DONE);
  bench.open(stepped(PAIR));
  bench.refuses(PAIR, "the old key");
  is(bench.simulator.page(), "out-of-service");
  bench.close();
});

test("what stands behind Rekey in one record waits for it, and each is answered in its turn", () => {
  const bench = new Bench();
  const { host } = bench.open(PAIR);
  const message = (sequence: number, ...data: readonly number[]): Buffer =>
    Buffer.from([0x6b, data.length, 0, 0, 0, 0, sequence, 0, 0, 0, ...data]);
  const unknown = [...Buffer.alloc(16, 0xee)];
  const said = [message(1, 0x4d, REKEY), message(2, 0x4d, 0x22, ...unknown), message(3, 0x4d, REKEY)];
  host.rawMessage(Buffer.concat(said));
  const came = said.map(() => host.readReply(5e9));
  equal(
    came.map(({ sequence, data }) => [sequence, ...data]),
    [
      [1, DONE],
      [2, NOT_KNOWN],
      [3, DONE],
    ],
  );
  equal(bench.keyEvents(PAIR), [KeyEvent.NextAllowed]);
  bench.close();
});

test("Rekey has no fields: with any it is refused and changes nothing", () => {
  const bench = new Bench();
  const check = bench.open(PAIR);
  for (const fields of [[0], [1, 2, 3, 4], [...Buffer.alloc(32)]])
    is(check.staff(REKEY, Uint8Array.from(fields)), BAD_FIELD);
  equal(bench.keyEvents(PAIR), []);
  bench.close();
});

/** Writes records until `left` places are free. */
function fillJournal(check: CheckHost, left = 0): void {
  const places = MemoryMap.JournalRecords - check.journal().length - left;
  for (let i = 0; i < places; i++) check.setClock(1_795_651_200 + i);
  is(check.journal().length, MemoryMap.JournalRecords - left);
}

test("Rekey leaves the places that what has begun may need: with the last 16 it is refused", () => {
  for (const [left, result, details] of [
    [RESERVED_PLACES + 1, DONE, [KeyEvent.NextAllowed]],
    [RESERVED_PLACES, OUT_OF_SERVICE, []],
  ] as const) {
    const bench = new Bench();
    const check = bench.open(PAIR);
    fillJournal(check, left);
    is(check.staff(REKEY, NO_ARGUMENTS), result, `${left} places`);
    check.acknowledge(check.journal().length);
    equal(bench.keyEvents(PAIR), details);
    bench.close();
  }
});

test("a journal without a place refuses Rekey, or puts the change off until its records are fetched", () => {
  const full = new Bench();
  fillJournal(full.open(PAIR));
  is(full.rekey(PAIR), OUT_OF_SERVICE);
  full.refuses(stepped(PAIR), "no mark without a record");
  full.close();

  const bench = new Bench();
  is(bench.rekey(PAIR), DONE);
  fillJournal(bench.open(PAIR));
  const next = stepped(PAIR);
  const check = bench.open(next);
  is(check.staff(REKEY, NO_ARGUMENTS), OUT_OF_SERVICE, "a step further would leave the terminal behind");
  check.acknowledge(check.journal().length);
  bench.open(PAIR);
  bench.open(next);
  bench.refuses(PAIR, "replaced now");
  is(bench.rekey(next), DONE);
  bench.open(stepped(next));
  bench.close();
});

test("a session in which the change was put off goes on to it when Rekey is asked for again", () => {
  const bench = new Bench();
  is(bench.rekey(PAIR), DONE);
  fillJournal(bench.open(PAIR));
  const check = bench.open(stepped(PAIR));
  check.acknowledge(check.journal().length);
  is(check.staff(REKEY, NO_ARGUMENTS), DONE);
  bench.refuses(PAIR, "the first key");
  bench.open(stepped(stepped(PAIR)));
  bench.close();
});

test("a memory that fails when the key is replaced ends the session, and after the next boot the file's key is good", () => {
  const bench = new Bench();
  const check = bench.open(PAIR);
  is(check.staff(REKEY, NO_ARGUMENTS), DONE);
  // A session that was cut off would have a record of its own.
  check.host.close();
  const { fram } = bench.simulator.world;
  const transfer = fram.transfer.bind(fram);
  // Writes are lost: the chip has become read-only.
  let lost = 0;
  fram.transfer = (bytes) => {
    if (bytes[0] !== FRAM_WRITE) return transfer(bytes);
    lost++;
    return new Uint8Array(bytes.length);
  };
  throws(
    () => bench.open(stepped(PAIR)),
    (error: Error) => error.message.endsWith(`alert ${TlsAlert.CloseNotify}`),
    "closed in order",
  );
  is(lost, 1, "the key's own commit");
  fram.transfer = transfer;
  bench.powerCycle();
  equal(bench.keyEvents(PAIR), [KeyEvent.NextAllowed], "nothing was lost, and nothing was replaced");
  bench.open(stepped(PAIR));
  bench.refuses(PAIR, "replaced");
  bench.close();
});

test("after the change neither key, and nothing that wrapped the old one, is in the FRAM", () => {
  const bench = new Bench();
  const wrapped = (): Buffer => {
    const from = MemoryMap.Keys + 36;
    return Buffer.from(bench.memory().fram.subarray(from, MemoryMap.Keys + MemoryMap.KeyBytes));
  };
  const olds = [wrapped()];
  is(bench.rekey(PAIR), DONE);
  olds.push(wrapped());
  bench.open(stepped(PAIR));
  const { fram } = bench.memory();
  const memory = Buffer.from(fram);
  for (const key of [PAIR.psk, stepped(PAIR).psk]) is(memory.includes(Buffer.from(key)), false);
  for (const old of olds)
    for (let at = 0; at + 8 <= old.length; at++)
      is(memory.includes(old.subarray(at, at + 8)), false, `${at}`);
  is(
    memory.subarray(MemoryMap.Log, MemoryMap.Log + MemoryMap.LogBytes).every((byte) => byte === 0),
    true,
  );
  bench.close();
});

test("a kept memory fits the file that its own key opens, or one that is a step ahead of a marked one", () => {
  const bench = new Bench();
  const fits = (pair: HostPair): string =>
    pairFit(bench.memory(), { identity: identityOf(pair), psk: pair.psk });
  const next = stepped(PAIR);
  equal([fits(PAIR), fits(next)], ["fits", "other"]);
  is(bench.rekey(PAIR), DONE);
  equal(
    [fits(PAIR), fits(next), fits(stepped(next)), fits(stepped(OTHER))],
    ["fits", "fits", "other", "other"],
  );
  bench.open(next);
  equal([fits(PAIR), fits(next), fits(stepped(next))], ["other", "fits", "other"]);
  bench.close();
});

test.run();
