/** The kept journal: it grows at its end, is whole on the disk before anything is acknowledged, and is never lost for another. */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import { equal, is, match } from "uvu/assert";
import type { CounterFailure } from "../../../host-sim/counter/counter-failure.ts";
import { JournalArchive, type Archived } from "../../../host-sim/counter/journal-archive.ts";
import { ackJournal, readJournal, setClock } from "../../../host-sim/counter/journal-calls.ts";
import { fetchJournal } from "../../../host-sim/counter/journal-fetch.ts";
import { parseJournalFile } from "../../../host-sim/counter/journal-file.ts";
import { decodeRecord } from "../../../host-sim/counter/journal-record.ts";
import { recordLine, recordObject } from "../../../host-sim/counter/record-line.ts";
import { temporaryFolder } from "../cli/temporary.ts";
import { FakeJournal, record } from "./fake-journal.ts";
import { failure } from "./terminal-peer.ts";

const test = suite("journal archive");
const folder = temporaryFolder();
let count = 0;

function place(): string {
  return join(folder, `journal-${++count}`);
}

function extend(path: string, journal: FakeJournal, terminal = "T-1"): Promise<Archived> {
  return new JournalArchive(path, terminal).extend(journal, () => undefined);
}

function sequencesIn(path: string): number[] {
  const { records } = parseJournalFile(readFileSync(path, "utf8"));
  return records.map((bytes) => decodeRecord(bytes).sequence);
}

function upTo(last: number, first = 1): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

test("every number of records is fetched, each once", async () => {
  for (let last = 0; last <= 10; last++) {
    const { records, next } = await fetchJournal(new FakeJournal(1, last), undefined);
    equal([records.map((bytes) => decodeRecord(bytes).sequence), next], [upTo(last), last + 1]);
    for (let from = 1; from <= last + 1; from++) {
      const part = await fetchJournal(new FakeJournal(1, last), from);
      is(part.records.length, last + 1 - from, `from ${from} of ${last}`);
    }
  }
});

test("a journal whose oldest records are gone is fetched from the first that is there", async () => {
  const { records, first } = await fetchJournal(new FakeJournal(200, 205), undefined);
  equal([first, records.map((bytes) => decodeRecord(bytes).sequence)], [200, upTo(205, 200)]);
});

test("a long journal tells how far it is", async () => {
  const told: string[] = [];
  await fetchJournal(new FakeJournal(1, 300), undefined, (text) => told.push(text));
  equal(told, ["60 of 300 records", "120 of 300 records", "180 of 300 records", "240 of 300 records"]);
});

test("a record that is gone or not written yet is refused with what there is", async () => {
  const refused = (journal: FakeJournal, from: number) =>
    failure<CounterFailure>(fetchJournal(journal, from));
  match((await refused(new FakeJournal(5, 9), 4)).message, /no record 4: it has 5 to 9; ask for one/);
  match((await refused(new FakeJournal(5, 9), 11)).message, /no record 11: it has 5 to 9/);
  match((await refused(new FakeJournal(1, 0), 7)).message, /no record 7: its journal is empty/);
});

test("answers that are no journal are told as such, and end the fetching", async () => {
  const answers = [
    Buffer.alloc(11),
    Buffer.concat([Buffer.from("010000000300000000000000", "hex"), Buffer.alloc(63)]),
    Buffer.concat([Buffer.from("010000000300000000000000", "hex"), record(2)]),
    Buffer.from("010000000300000000000000", "hex"),
  ];
  for (const data of answers) {
    const session = { escape: () => Promise.resolve({ result: 0, data: Uint8Array.from(data) }) };
    is((await failure<CounterFailure>(fetchJournal(session, undefined))).kind, "peer");
  }
});

test("a file grows by what is new, and is this user's alone", async () => {
  const path = place();
  const journal = new FakeJournal(1, 4);
  equal(await extend(path, journal), { added: 4, last: 4, acknowledged: 0 });
  equal(await extend(path, journal), { added: 0, last: 4, acknowledged: 0 });
  journal.last = 12;
  equal(await extend(path, journal), { added: 8, last: 12, acknowledged: 0 });
  equal(sequencesIn(path), upTo(12));
  is(statSync(path).mode & 0o777, 0o600);
  equal(
    readdirSync(folder).filter((name) => name.endsWith(".new")),
    [],
  );
});

test("an empty journal makes an empty file, which grows", async () => {
  const path = place();
  const journal = new FakeJournal(1, 0);
  equal(await extend(path, journal), { added: 0, last: 0, acknowledged: 0 });
  journal.last = 2;
  is((await extend(path, journal)).added, 2);
  equal(sequencesIn(path), [1, 2]);
});

test("a file whose last record has just made room goes on behind it; one that misses some is left as it is", async () => {
  const path = place();
  await extend(path, new FakeJournal(1, 4));
  is((await extend(path, new FakeJournal(5, 7))).added, 3);
  const before = readFileSync(path);
  const error = await failure<CounterFailure>(extend(path, new FakeJournal(9, 12)));
  equal([error.kind, readFileSync(path).equals(before)], ["file", true]);
  match(error.message, /ends with record 7, but the terminal has no record 7: it has 9 to 12; name another/);
});

test("a terminal that was provisioned anew does not get onto the file of its life before", async () => {
  const path = place();
  await extend(path, new FakeJournal(1, 4));
  const before = readFileSync(path);
  const shorter = await failure<CounterFailure>(extend(path, new FakeJournal(1, 2)));
  match(shorter.message, /ends with record 4, but the terminal has no record 4/);
  const anew = new FakeJournal(1, 9);
  anew.mark = 1;
  match((await failure<CounterFailure>(extend(path, anew))).message, /another record 4; name another file/);
  is(readFileSync(path).equals(before), true);
});

test("a file of something else, or of another terminal, is never overwritten", async () => {
  const path = place();
  for (const text of ["", "{}", '{"terminal":"T-2","records":[]}', "my diary"]) {
    writeFileSync(path, text);
    const error = await failure<CounterFailure>(
      Promise.resolve().then(() => new JournalArchive(path, "T-1")),
    );
    equal([error.kind, readFileSync(path, "utf8")], ["file", text]);
    match(error.next, /left as it is/);
  }
});

test("acknowledging and the clock are one number each", async () => {
  const journal = new FakeJournal(1, 4);
  await ackJournal(journal, 0x01020304);
  await setClock(journal, 0xfffffffe);
  equal(journal.asked, [
    [0x41, 0x01020304],
    [0x42, 0xfffffffe],
  ]);
  is((await readJournal(journal, 1)).acknowledged, 0x01020304);
});

/** Event, detail, count, insertion; the line and the meaning. */
const LINES: readonly [number, number, number, number, string, string | undefined][] = [
  [1, 0, 0, 0, "     7  2026-11-26T00:00:00Z  BOOT power-on", "power-on"],
  [2, 3, 0, 9, "     7  2026-11-26T00:00:00Z  ATTEMPT PIN object 3, insertion 9", "PIN object 3"],
  [3, 1, 0, 9, "     7  2026-11-26T00:00:00Z  OUTCOME WRONG, insertion 9", "WRONG"],
  [11, 2, 4, 0, "     7  2026-11-26T00:00:00Z  LINK handshake failed, 4 times", "handshake failed"],
  [10, 0, 0, 0, "     7  2026-11-26T00:00:00Z  CLOCK", undefined],
  [5, 1, 0, 0, "     7  2026-11-26T00:00:00Z  KEY next allowed", "next allowed"],
  [5, 2, 0, 0, "     7  2026-11-26T00:00:00Z  KEY replaced", "replaced"],
  [99, 5, 0, 0, "     7  2026-11-26T00:00:00Z  EVENT-99 5", "5"],
];
test("a record is a line for people and an object for programs", () => {
  for (const [event, detail, events, insertion, line, meaning] of LINES) {
    const bytes = Buffer.from(record(7));
    bytes.writeUInt32LE(Date.parse("2026-11-26") / 1000, 4);
    bytes.set([event, detail], 8);
    bytes.writeUInt16LE(events, 10);
    bytes.writeUInt32LE(insertion, 12);
    is(recordLine(bytes), line);
    is((recordObject(bytes) as { meaning?: string }).meaning, meaning);
  }
  const named = Buffer.from(record(8));
  named.write("TANAKA", 16);
  named.write("CASE-17", 32);
  is(recordLine(named), "     8  no clock              BOOT power-on, operator TANAKA, case CASE-17");
  equal("time" in recordObject(named), false);
  const ofKey = Buffer.from(record(9));
  ofKey.set([5, 2], 8);
  ofKey.write("COUNTER-1", 16);
  is(recordLine(ofKey), "     9  no clock              KEY replaced, counter COUNTER-1");
});

test.run();
