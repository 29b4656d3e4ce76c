/** The auditor's verdict on a journal that the firmware has written, and on every way to spoil it. */
import { suite } from "uvu";
import { equal, is, not, ok, throws } from "uvu/assert";
import { JournalEntry, JournalEvent } from "../../../firmware/service/journal-entry.ts";
import { Journal } from "../../../firmware/service/journal.ts";
import { parseAuditorKey } from "../../../host-sim/counter/auditor-key.ts";
import {
  journalText,
  parseJournalFile,
  verifyJournal,
  type Verification,
} from "../../../host-sim/counter/journal-file.ts";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { ServiceBench } from "../../firmware/service/service-bench.ts";

const test = suite("journal-file");
const KEY = Uint8Array.from({ length: 32 }, (_, at) => 255 - at * 3);
const RECORDS = 12;
/** Records with a clock from the fourth on, which is set back once. */
const BACK = 9;

function written(): string[] {
  const bench = new ServiceBench();
  const journal = new Journal(bench.natives, bench);
  bench.commit(() => journal.putFirst(KEY));
  const entry = new JournalEntry(NODE_NATIVES);
  const records: string[] = [];
  for (let sequence = 1; sequence <= RECORDS; sequence++) {
    if (sequence === 4) journal.setClock(1_800_000_000, 0);
    if (sequence === BACK) journal.setClock(1_799_999_000, sequence * 1e6);
    entry.restart(sequence % 2 === 0 ? JournalEvent.Attempt : JournalEvent.Outcome);
    bench.commit(() => journal.put(entry, sequence * 1e6));
    const bytes = Buffer.alloc(64);
    ok(journal.read(sequence, bytes));
    records.push(bytes.toString("hex"));
  }
  return records;
}

const GOOD = written();
const KEY_TEXT = JSON.stringify({
  terminal: "T-1",
  journal: Buffer.from(KEY).toString("hex"),
  development: true,
});

function verify(records: readonly string[], keyText = KEY_TEXT): Verification {
  const bytes = records.map((hex) => Uint8Array.from(Buffer.from(hex, "hex")));
  const file = parseJournalFile(journalText({ terminal: "T-1", records: bytes }));
  return verifyJournal(file, parseAuditorKey(keyText));
}

function without(at: number, count = 1): string[] {
  return [...GOOD.slice(0, at), ...GOOD.slice(at + count)];
}

function breakOf(records: readonly string[]): [string | undefined, number | undefined, number, number] {
  const { firstBreak, verified } = verify(records);
  return [firstBreak?.kind, firstBreak?.sequence, firstBreak?.index ?? -1, verified];
}

test("what the terminal has written is verified to the end; a clock that was set back is a note", () => {
  const { verified, firstBreak, notes } = verify(GOOD);
  is(firstBreak, undefined);
  is(verified, RECORDS);
  equal(notes, ["record 9 is 1008 s earlier than record 8"]);
  is(verify([]).verified, 0);
  is(verify(GOOD.slice(0, 5)).verified, 5, "a shorter file is good as far as it goes");
});

test("every single bit that is changed breaks the record it is in, at the latest", () => {
  for (const [index, record] of GOOD.entries()) {
    for (let bit = 0; bit < 512; bit++) {
      const bytes = Buffer.from(record, "hex");
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      const spoiled = [...GOOD.slice(0, index), bytes.toString("hex"), ...GOOD.slice(index + 1)];
      const { firstBreak, verified } = verify(spoiled);
      not.equal(firstBreak, undefined, `bit ${bit} of record ${index + 1}`);
      is(firstBreak?.index, index);
      is(verified, index);
      if (bit >= 32) is(firstBreak?.kind, "code");
    }
  }
});

test("a record that is missing is named, and so are several", () => {
  for (let at = 1; at < RECORDS - 1; at++)
    equal(breakOf(without(at)), ["missing", at + 1, at, at], `without record ${at + 1}`);
  is(verify(without(3, 4)).firstBreak?.why, "records 4 to 7 are missing");
  is(verify(without(3)).firstBreak?.why, "record 4 is missing");
});

test("a record that is there twice is named", () => {
  for (let at = 0; at < RECORDS; at++)
    equal(breakOf([...GOOD, GOOD[at]!]), ["twice", at + 1, RECORDS, RECORDS], `record ${at + 1} again`);
  equal(breakOf([...GOOD.slice(0, 3), GOOD[2]!, ...GOOD.slice(3)]), ["twice", 3, 3, 3]);
});

test("two records in each other's place are a missing one", () => {
  equal(breakOf([GOOD[0]!, GOOD[2]!, GOOD[1]!]), ["missing", 2, 1, 1]);
});

test("a file that does not begin with record 1 has a first record that cannot be verified", () => {
  equal(breakOf(without(0)), ["start", 2, 0, 0]);
  equal(breakOf(without(0, 5)), ["start", 6, 0, 0]);
});

test("another key, or another terminal's, is told", () => {
  const other = JSON.stringify({ terminal: "T-1", journal: "00".repeat(32), development: true });
  is(verify(GOOD, other).firstBreak?.kind, "code");
  const elsewhere = KEY_TEXT.replace("T-1", "T-2");
  is(verify(GOOD, elsewhere).firstBreak?.why, "the journal is of T-1, the key of T-2");
});

test("a file of another form is refused by the field that is wrong, and an error holds nothing of a key", () => {
  const record = GOOD[0]!;
  const refused: [string, RegExp][] = [
    ["{", /^it is not JSON$/],
    ["[]", /it is no JSON object/],
    [JSON.stringify({ terminal: "t", records: [] }), /^terminal: must be 1-16/],
    [JSON.stringify({ terminal: "T-1", records: [record, record.slice(2)] }), /^records\.1: must be 128/],
    [JSON.stringify({ terminal: "T-1", records: [], more: 1 }), /more/],
  ];
  for (const [text, cause] of refused) throws(() => parseJournalFile(text), cause);
  const secret = "5ec2e7".repeat(10);
  throws(() => parseAuditorKey(JSON.stringify({ terminal: "T-1", psk: secret })), /it is a counter's key/);
  for (const text of [
    secret,
    `{"journal":${secret}}`,
    JSON.stringify({ terminal: "T-1", journal: secret, development: true }),
  ]) {
    throws(
      () => parseAuditorKey(text),
      (error: Error) => !error.message.includes("5ec2e7"),
    );
  }
});

test.run();
