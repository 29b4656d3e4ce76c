/** The journal on a small memory: records and codes byte by byte, acknowledgement, a commit that is cut, an opened case. */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import type { Crypto } from "../../hal/crypto.ts";
import { JournalEntry, JournalEvent, RecordPart } from "../../firmware/service/journal-entry.ts";
import { JOURNAL_KEY_BYTES } from "../../firmware/service/journal-key.ts";
import { Journal, JournalError } from "../../firmware/service/journal.ts";
import { LinkEvent, LinkEvents } from "../../firmware/service/link-events.ts";
import { MemoryMap } from "../../firmware/service/memory-map.ts";
import { StoreError } from "../../firmware/service/store.ts";
import { NEVER_US } from "../../firmware/protocol/time.ts";
import { bytesOf, sameBytes } from "./bytes-of.ts";
import type { Report } from "./report.ts";
import { ServiceMemory } from "./service-memory.ts";

const CLOCK_SECONDS = 0xfedcba98;
/** Computed with Node's crypto, which test/firmware/service/journal.test.ts repeats: the records of `checkRecords`. */
export const CODES: readonly (readonly number[])[] = [
  [0x99, 0xdd, 0x64, 0xb6, 0x93, 0xf2, 0x37, 0x85, 0xd7, 0xcd, 0x22, 0xad, 0xd0, 0x34, 0xde, 0x00],
  [0xeb, 0x8c, 0xee, 0x3f, 0x96, 0x42, 0x31, 0x5e, 0xb7, 0x78, 0xf9, 0xaf, 0xfa, 0xca, 0xd3, 0xfc],
  [0x6f, 0x2f, 0x69, 0x26, 0x94, 0xef, 0x81, 0x64, 0x5f, 0x41, 0xd6, 0x9f, 0x19, 0x59, 0xa0, 0x3d],
];

/** K(1) of the cases. */
export function journalKey(natives: ByteNatives): Bytes {
  const key = natives.allocate(JOURNAL_KEY_BYTES);
  for (let i = 0; i < JOURNAL_KEY_BYTES; i++) key[i] = (i * 7 + 1) & 255;
  return key;
}

class Bench {
  readonly memory: ServiceMemory;
  readonly journal: Journal;
  readonly entry: JournalEntry;
  readonly natives: ByteNatives;

  constructor(natives: ByteNatives, crypto: Crypto) {
    this.natives = natives;
    this.memory = new ServiceMemory(natives, crypto);
    const memory = this.memory;
    const parts = { store: memory.store, backup: memory.backup, ccm: memory.ccm, hmac: memory.hmac };
    this.journal = new Journal(natives, parts);
    this.entry = new JournalEntry(natives);
  }

  provision(): StoreError {
    this.memory.store.begin();
    this.journal.putFirst(journalKey(this.natives));
    return this.memory.store.commit();
  }

  add(event: JournalEvent, nowUs: number): StoreError {
    this.memory.store.begin();
    this.entry.restart(event);
    this.journal.put(this.entry, nowUs);
    return this.memory.store.commit();
  }
}

/** The first three records: one with everything in it, then two in one commit. */
function checkRecords(report: Report, bench: Bench): void {
  const natives = bench.natives;
  const journal = bench.journal;
  const entry = bench.entry;
  const store = bench.memory.store;
  report.equal(journal.start() ? 1 : 0, 0, "a memory without a journal");
  report.equal(journal.put(entry, 0), JournalError.NoKey, "takes no record");
  report.equal(bench.provision(), StoreError.None, "provisioning");
  report.equal(journal.start() ? 1 : 0, 1, "an empty journal");
  report.equal(journal.sequence(), 0, "has no record");
  report.equal(journal.freePlaces(), MemoryMap.JournalRecords, "and all places");

  journal.setClock(CLOCK_SECONDS, 5000000);
  entry.restart(JournalEvent.Attempt);
  entry.detail = 0x11;
  entry.count = 0xfedc;
  entry.insertion = 0x89abcdef;
  entry.operator.set(bytesOf(natives, [0x4f, 0x50, 0x2d, 0x31]), 0, 4);
  entry.caseNumber.set(bytesOf(natives, [0x43, 0x39]), 0, 2);
  store.begin();
  report.equal(journal.put(entry, 8999999), JournalError.None, "a record");
  report.equal(journal.sequence(), 1, "the record that was put is the last");
  store.begin();
  report.equal(journal.sequence(), 0, "as long as it is not forgotten");
  report.equal(journal.put(entry, 8999999), JournalError.None, "it is put again");
  report.equal(store.commit(), StoreError.None, "and committed");
  store.begin();
  entry.restart(JournalEvent.Outcome);
  journal.put(entry, 9000000);
  entry.restart(JournalEvent.Boot);
  journal.put(entry, 9000000);
  report.equal(store.commit(), StoreError.None, "two in one commit");
  report.equal(journal.sequence(), 3, "both count");

  const record = natives.allocate(RecordPart.Bytes);
  const first = { bytes: record, length: RecordPart.Code };
  report.equal(journal.read(1, record) ? 1 : 0, 1, "the first is read");
  sameBytes(
    report,
    "its bytes",
    first,
    [
      1, 0, 0, 0, 0x9b, 0xba, 0xdc, 0xfe, 2, 0x11, 0xdc, 0xfe, 0xef, 0xcd, 0xab, 0x89, 0x4f, 0x50, 0x2d, 0x31,
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x43, 0x39, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ],
  );
  report.equal(journal.read(0, record) ? 1 : 0, 0, "there is no record 0");
  report.equal(journal.read(4, record) ? 1 : 0, 0, "nor one behind the last");
}

/** The clock does not begin anew behind the last second of 32 bits. */
function checkLastSecond(report: Report, bench: Bench): void {
  bench.provision();
  bench.journal.start();
  const journal = bench.journal;
  const record = bench.natives.allocate(RecordPart.Bytes);
  const elapsed = [0, 999999, 1000000, 2000000, 3153600000000000];
  const lowest = [0xfe, 0xfe, 0xff, 0xff, 0xff];
  const nowUs = 20000000;
  for (let i = 0; i < elapsed.length; i++) {
    journal.setClock(0xfffffffe, nowUs);
    report.equal(bench.add(JournalEvent.Clock, nowUs + elapsed[i]), StoreError.None, "a record at the end");
    journal.read(journal.sequence(), record);
    report.equal(record[RecordPart.Time], lowest[i], "the lowest byte of its time");
    for (let at = 1; at < 4; at++) report.equal(record[RecordPart.Time + at], 0xff, "the bytes above");
  }
}

function checkCodes(report: Report, bench: Bench): void {
  const natives = bench.natives;
  const record = natives.allocate(RecordPart.Bytes);
  const code = natives.allocate(RecordPart.CodeBytes);
  for (let i = 0; i < CODES.length; i++) {
    bench.journal.read(i + 1, record);
    natives.copy(record, RecordPart.Code, code, 0, RecordPart.CodeBytes);
    sameBytes(report, "code of a record", { bytes: code, length: RecordPart.CodeBytes }, CODES[i]);
  }
}

function checkAcknowledge(report: Report, bench: Bench): void {
  const journal = bench.journal;
  report.equal(journal.acknowledge(4), JournalError.NotThere, "what is not there cannot be acknowledged");
  report.equal(journal.acknowledged(), 0, "nothing is");
  report.equal(journal.acknowledge(2), JournalError.None, "two records");
  report.equal(journal.acknowledge(1), JournalError.None, "one of them again");
  report.equal(journal.acknowledged(), 2, "it never goes back");
  report.equal(journal.freePlaces(), MemoryMap.JournalRecords - 1, "one is waiting");
  report.equal(journal.start() ? 1 : 0, 1, "the key is whole");
}

/** After a cut the record is there or not; either way the next one follows. */
function checkCut(report: Report, bench: Bench): void {
  const before = bench.journal.sequence();
  bench.memory.chip.bytesLeft = 100;
  report.equal(bench.add(JournalEvent.Boot, 0), StoreError.Memory, "the power goes while the log is written");
  report.equal(bench.journal.sequence(), 0, "a closed store says nothing");
  report.equal(bench.journal.put(bench.entry, 0), JournalError.Memory, "and takes nothing");
  bench.memory.boot();
  report.equal(bench.journal.sequence(), before, "the record is not there");
  report.equal(bench.journal.start() ? 1 : 0, 1, "the journal is whole");
  report.equal(bench.add(JournalEvent.Boot, 0), StoreError.None, "the next record");
  report.equal(bench.journal.sequence(), before + 1, "has the same sequence");
}

function checkLinkEvents(report: Report, bench: Bench): void {
  const journal = bench.journal;
  const links = new LinkEvents(bench.natives, journal, bench.memory.store);
  const record = bench.natives.allocate(RecordPart.Bytes);
  const before = journal.sequence();
  links.step(1000);
  report.equal(journal.sequence(), before, "nothing was noted");
  links.note(LinkEvent.Lost, 2000);
  report.equal(links.dueUs, 2000, "the first is due at once");
  links.step(2000);
  report.equal(journal.sequence(), before + 1, "and written");
  report.equal(links.dueUs, NEVER_US, "then there is nothing to do");
  for (let i = 0; i < 300; i++) links.note(LinkEvent.HandshakeFailed, 3000 + i);
  links.step(600001999);
  report.equal(journal.sequence(), before + 1, "no other for ten minutes");
  links.step(600002000);
  report.equal(journal.sequence(), before + 2, "one for all after them");
  journal.read(before + 2, record);
  report.equal(record[RecordPart.Event], JournalEvent.Link, "a link event");
  report.equal(record[RecordPart.Detail], LinkEvent.HandshakeFailed, "which");
  report.equal(record[RecordPart.Count] + 256 * record[RecordPart.Count + 1], 300, "how many");
}

function checkOpenedCase(report: Report, bench: Bench): void {
  const journal = bench.journal;
  const store = bench.memory.store;
  const before = journal.sequence();
  bench.memory.backup.open();
  report.equal(journal.start() ? 1 : 0, 0, "an opened case");
  report.equal(journal.put(bench.entry, 0), JournalError.NoKey, "no record can be made");
  store.begin();
  report.equal(journal.putTamper(), JournalError.None, "but the one that was made in advance");
  report.equal(store.commit(), StoreError.None, "is written");
  report.equal(journal.sequence(), before + 1, "as the last");
  store.begin();
  report.equal(journal.putTamper(), JournalError.NoKey, "once");
  report.equal(journal.acknowledge(before + 1), JournalError.None, "it can be acknowledged");
}

export function checkJournal(report: Report, natives: ByteNatives, crypto: Crypto): void {
  const bench = new Bench(natives, crypto);
  checkRecords(report, bench);
  checkCodes(report, bench);
  checkAcknowledge(report, bench);
  checkCut(report, bench);
  checkLinkEvents(report, bench);
  checkOpenedCase(report, bench);
  checkLastSecond(report, new Bench(natives, crypto));
}
