/** The calls of the journal and its clock: ReadJournal, AckJournal, SetClock (docs/protocol.md, Commands of the counter). */
import { decodeRecord, RECORD_BYTES } from "./journal-record.ts";
import { call, Fields, strange, u32, type Caller } from "./terminal-call.ts";

export interface JournalPage {
  /** Of the oldest record that is there. */
  readonly first: number;
  /** That the next record will have. */
  readonly next: number;
  /** Up to here records may be overwritten; 0 = none. */
  readonly acknowledged: number;
  /** From the sequence on that was asked for, as many as one answer holds; none when it is not there. */
  readonly records: readonly Uint8Array[];
}

const READ_JOURNAL = 0x40;
const ACK_JOURNAL = 0x41;
const SET_CLOCK = 0x42;

export async function readJournal(session: Caller, from: number): Promise<JournalPage> {
  const fields = new Fields(await call(session, READ_JOURNAL, u32(from)));
  const head = { first: fields.u32(), next: fields.u32(), acknowledged: fields.u32() };
  if (fields.left() % RECORD_BYTES !== 0) throw strange("a piece of a record");
  const records: Uint8Array[] = [];
  while (fields.left() > 0) records.push(Uint8Array.from(fields.bytes(RECORD_BYTES)));
  const isInOrder = records.every((bytes, at) => decodeRecord(bytes).sequence === from + at);
  if (!isInOrder) throw strange("other records than were asked for");
  return { ...head, records };
}

/** The terminal may overwrite the records up to `sequence` from now on. */
export async function ackJournal(session: Caller, sequence: number): Promise<void> {
  await call(session, ACK_JOURNAL, u32(sequence));
}

/** It is `seconds` since 1970-01-01 UTC now; the terminal journals that it was told. */
export async function setClock(session: Caller, seconds: number): Promise<void> {
  await call(session, SET_CLOCK, u32(seconds));
}
