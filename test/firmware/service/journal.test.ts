/** The journal beyond the portable cases: a full ring, links, what stays in RAM, and damaged heads. */
import { createHmac } from "node:crypto";
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { JournalEntry, JournalEvent, RecordPart } from "../../../firmware/service/journal-entry.ts";
import { HeadPart } from "../../../firmware/service/journal-key.ts";
import { Journal, JournalError, RESERVED_PLACES } from "../../../firmware/service/journal.ts";
import { LinkEvent, LinkEvents } from "../../../firmware/service/link-events.ts";
import { MemoryMap } from "../../../firmware/service/memory-map.ts";
import { StoreError } from "../../../firmware/service/store.ts";
import { NODE_CRYPTO } from "../../../host-sim/engine/node-crypto.ts";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { checkJournal, CODES, journalKey } from "../../portable/journal.cases.ts";
import { ServiceBench } from "./service-bench.ts";

const test = suite("journal");
const RING = MemoryMap.JournalRecords;
const MINUTE_US = 60e6;

interface Bench extends ServiceBench {
  readonly journal: Journal;
}

function makeJournal(): Bench {
  const bench = new ServiceBench();
  const journal = new Journal(bench.natives, bench);
  bench.commit(() => journal.putFirst(journalKey(NODE_NATIVES)));
  return Object.assign(bench, { journal });
}

function add(bench: Bench, event: JournalEvent, nowUs = 0): JournalError {
  const entry = new JournalEntry(NODE_NATIVES);
  entry.restart(event);
  return bench.commit(() => bench.journal.put(entry, nowUs));
}

/** The codes of records 1… by the document, with another crypto. */
function codesOf(records: readonly Uint8Array[]): Uint8Array[] {
  let key: Uint8Array = journalKey(NODE_NATIVES) as Uint8Array;
  let code = new Uint8Array(16);
  return records.map((record) => {
    const hmac = createHmac("sha256", key).update(record.subarray(0, 48)).update(code);
    code = new Uint8Array(hmac.digest().subarray(0, 16));
    key = createHmac("sha256", key).update("next").digest();
    return code;
  });
}

function record(bench: Bench, sequence: number): Uint8Array {
  const bytes = new Uint8Array(RecordPart.Bytes);
  ok(bench.journal.read(sequence, bytes), `record ${sequence} is there`);
  return bytes;
}

function codesHold(records: readonly Uint8Array[]): void {
  codesOf(records).forEach((code, at) =>
    equal([...records[at]!.subarray(RecordPart.Code)], [...code], `record ${at + 1}`),
  );
}

test("starts are recorded while more than sixty-four places are free: nobody fills the journal by the power switch", () => {
  const bench = makeJournal();
  const links = new LinkEvents(NODE_NATIVES, bench.journal, bench.store);
  for (let i = 0; i < RING + 100; i++) links.started(i % 4, 0);
  is(bench.journal.freePlaces(), 63);
  is(record(bench, 2)[RecordPart.Detail], 1);
  is(bench.journal.isFull(), false);
});

test("the portable cases hold in Node", () => {
  const report = { equal: (actual: number, expected: number, what: string) => is(actual, expected, what) };
  checkJournal(report, NODE_NATIVES, NODE_CRYPTO);
});

test("the codes of the portable cases are Node's", () => {
  const bytes = [
    "010000009bbadcfe0211dcfeefcdab89" + "4f502d31".padEnd(32, "0") + "4339".padEnd(32, "0"),
    "020000009cbadcfe03".padEnd(96, "0"),
    "030000009cbadcfe01".padEnd(96, "0"),
  ];
  const records = bytes.map((hex) => Uint8Array.from(Buffer.from(hex, "hex")));
  equal(
    codesOf(records).map((code) => [...code]),
    CODES,
  );
});

test("1000 records, acknowledged in time, are one chain, and the last 320 of them are there", () => {
  const bench = makeJournal();
  const all: Uint8Array[] = [];
  for (let sequence = 1; sequence <= 1000; sequence++) {
    is(add(bench, JournalEvent.Attempt), JournalError.None);
    all.push(record(bench, sequence));
    if (sequence % 100 === 0) is(bench.journal.acknowledge(sequence), JournalError.None);
  }
  codesHold(all);
  is(bench.journal.first(), 681);
  is(bench.journal.sequence(), 1000);
  is(bench.journal.read(680, new Uint8Array(64)), false);
  for (let sequence = 681; sequence <= 1000; sequence++)
    equal(record(bench, sequence), all[sequence - 1], `record ${sequence}`);
  ok(bench.journal.start());
  equal(bench.complaints, []);
});

test("no record that is not acknowledged is overwritten, and 16 places are kept for what is under way", () => {
  const bench = makeJournal();
  for (let count = 1; count <= RING; count++) {
    is(bench.journal.isFull(), RING - (count - 1) <= RESERVED_PLACES, `before record ${count}`);
    is(add(bench, JournalEvent.Boot), JournalError.None);
  }
  const memory = bench.chip.save();
  is(add(bench, JournalEvent.Boot), JournalError.Full);
  is(
    bench.commit(() => bench.journal.putTamper()),
    JournalError.Full,
  );
  is(Buffer.compare(bench.chip.save(), memory), 0, "nothing was changed");
  ok(RING - RESERVED_PLACES >= 300, "at least 300 records before it is out of service");
  bench.journal.acknowledge(1);
  is(bench.journal.freePlaces(), 1);
  is(add(bench, JournalEvent.Boot), JournalError.None);
  is(bench.journal.first(), 2);
});

test("link events leave 64 places, and are not lost while they wait", () => {
  const bench = makeJournal();
  const links = new LinkEvents(NODE_NATIVES, bench.journal, bench.store);
  for (let count = 0; count < RING - 63; count++) add(bench, JournalEvent.Boot);
  links.note(LinkEvent.Lost, 0);
  links.note(LinkEvent.HandshakeFailed, 0);
  links.step(0);
  is(bench.journal.sequence(), RING - 63, "63 places are free: nothing is written");
  is(links.dueUs, 10 * MINUTE_US);
  bench.journal.acknowledge(1);
  links.note(LinkEvent.Lost, MINUTE_US);
  links.step(10 * MINUTE_US);
  is(bench.journal.sequence(), RING - 61, "both kinds in one commit");
  equal([...record(bench, RING - 62).subarray(8, 12)], [JournalEvent.Link, LinkEvent.Lost, 2, 0]);
  equal([...record(bench, RING - 61).subarray(8, 12)], [JournalEvent.Link, LinkEvent.HandshakeFailed, 1, 0]);
});

test("however often the line fails, a day of it takes at most 290 records, and a count never runs over", () => {
  const bench = makeJournal();
  const links = new LinkEvents(NODE_NATIVES, bench.journal, bench.store);
  for (let nowUs = 0; nowUs < 24 * 60 * MINUTE_US; nowUs += 5e6) {
    links.note(nowUs % 10e6 === 0 ? LinkEvent.Lost : LinkEvent.HandshakeFailed, nowUs);
    links.step(nowUs);
    bench.journal.acknowledge(bench.journal.sequence());
  }
  ok(bench.journal.sequence() >= 280 && bench.journal.sequence() <= 290, `${bench.journal.sequence()}`);
  for (let count = 0; count < 70_000; count++) links.note(LinkEvent.Lost, 0);
  links.step(48 * 60 * MINUTE_US);
  const last = Buffer.from(record(bench, bench.journal.sequence() - 1));
  is(last.readUInt16LE(RecordPart.Count), 0xffff);
});

test("a key that was used is nowhere in RAM or in the memory, whatever becomes of the commit", () => {
  const bench = makeJournal();
  let key: Uint8Array = journalKey(NODE_NATIVES) as Uint8Array;
  const keys: Uint8Array[] = [key];
  for (let count = 0; count < 4; count++)
    keys.push((key = createHmac("sha256", key).update("next").digest()));
  const isSomewhere = (each: Uint8Array): boolean =>
    bench.made.some((bytes) => Buffer.from(bytes).includes(Buffer.from(each.subarray(0, 8)))) ||
    bench.chip.save().includes(Buffer.from(each.subarray(0, 8)));
  const found = (): number[] => keys.flatMap((each, at) => (isSomewhere(each) ? [at + 1] : []));
  equal(found(), [], "provisioned");
  add(bench, JournalEvent.Boot);
  equal(found(), [], "a record");
  bench.journal.start();
  equal(found(), [], "a start");
  const entry = new JournalEntry(NODE_NATIVES);
  bench.store.begin();
  bench.journal.put(entry, 0);
  equal(found(), [], "before the commit");
  bench.store.begin();
  for (let puts = 0; puts < 3; puts++) bench.journal.put(entry, 0);
  equal(found(), [], "more than a commit takes");
  is(bench.store.commit(), StoreError.Full);
  is(bench.journal.sequence(), 1, "none of them");
  bench.backupChip.openCase();
  bench.journal.put(entry, 0);
  equal(found(), [], "an opened case");
});

test("the same record again, after a commit that failed, is wrapped to the same bytes: no nonce has two texts", () => {
  const bench = makeJournal();
  const heads: string[] = [];
  for (const event of [JournalEvent.Boot, JournalEvent.Clock]) {
    const entry = new JournalEntry(NODE_NATIVES);
    entry.restart(event);
    bench.store.begin();
    bench.journal.put(entry, 0);
    const head = Buffer.alloc(MemoryMap.JournalHeadBytes);
    bench.store.read(MemoryMap.JournalHead, head, 0, head.length);
    heads.push(head.toString("hex", HeadPart.Wrapped, HeadPart.TamperCode));
  }
  is(heads[0], heads[1]);
});

test("the TAMPER record is one of the chain, and the last", () => {
  const bench = makeJournal();
  for (let count = 0; count < 3; count++) add(bench, JournalEvent.Attempt);
  bench.backupChip.openCase();
  is(bench.journal.start(), false);
  is(add(bench, JournalEvent.Attempt), JournalError.NoKey);
  is(
    bench.commit(() => bench.journal.putTamper()),
    JournalError.None,
  );
  const records = [1, 2, 3, 4].map((sequence) => record(bench, sequence));
  codesHold(records);
  equal(
    [...records[3]!.subarray(0, 48)],
    [4, 0, 0, 0, 0, 0, 0, 0, JournalEvent.Tamper, ...Array(39).fill(0)],
  );
  is(add(bench, JournalEvent.Boot), JournalError.NoKey);
});

for (const [what, at] of [
  ["next sequence", HeadPart.Next],
  ["acknowledged sequence", HeadPart.Acknowledged + 3],
  ["last code", HeadPart.Code],
  ["wrapped key", HeadPart.Wrapped + 31],
  ["tag", HeadPart.Wrapped + 47],
  ["state", HeadPart.State],
] as const) {
  test(`a head with another ${what} does not start`, () => {
    const bench = makeJournal();
    for (let count = 0; count < 2; count++) add(bench, JournalEvent.Attempt);
    ok(bench.journal.start());
    const memory = bench.chip.save();
    memory[MemoryMap.JournalHead + at]! ^= 4;
    bench.chip.load(memory);
    is(bench.journal.start(), false);
  });
}

test("the clock goes on with powered time, and is not set at first", () => {
  const bench = makeJournal();
  const timeOf = (sequence: number): number =>
    Buffer.from(record(bench, sequence)).readUInt32LE(RecordPart.Time);
  add(bench, JournalEvent.Boot, 7e6);
  bench.journal.setClock(1_800_000_000, 10e6);
  add(bench, JournalEvent.Clock, 10e6);
  add(bench, JournalEvent.Attempt, 3_610e6 + 999_999);
  equal([1, 2, 3].map(timeOf), [0, 1_800_000_000, 1_800_003_600]);
});

test.run();
