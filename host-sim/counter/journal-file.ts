/**
 * The auditor's side of the journal: whether a file of records is what the terminal has written, record for record from the first
 * on, and where it is not. A file that ends too early is a good file: compare its last sequence with the terminal's.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { AuditorKey } from "./auditor-key.ts";
import { CODED_BYTES, decodeRecord, RECORD_BYTES } from "./journal-record.ts";
import { bytesOf, hexOf, judgeJson, terminalName } from "./json-file.ts";

export interface JournalFile {
  readonly terminal: string;
  readonly records: readonly Uint8Array[];
}

/**
 * `terminal`: file and key are of two terminals; `start`: the file does not begin with record 1, whose code alone covers no other;
 * `missing`: a sequence is not there; `twice`: one is there again; `code`: a record was changed, or the one before it was put in its
 * place, or the key is another.
 */
export type BreakKind = "terminal" | "start" | "missing" | "twice" | "code";

export interface JournalBreak {
  readonly kind: BreakKind;
  /** Which of the file's records, from 0 on. */
  readonly index: number;
  /** The sequence that is missing, there again, or wrong; of `start` the first that is there. */
  readonly sequence: number;
  /** A sentence without the records' contents. */
  readonly why: string;
}

export interface Verification {
  /** Records before the first break: what they say was written by the terminal. */
  readonly verified: number;
  readonly firstBreak?: JournalBreak;
  /** What is strange in the verified records and may be innocent: a clock that was set back. */
  readonly notes: readonly string[];
}

const CODE_BYTES = RECORD_BYTES - CODED_BYTES;
const fileSchema = z.strictObject({ terminal: terminalName, records: z.array(hexOf(2 * RECORD_BYTES)) });

/** Of the file's text. Throws the cause. */
export function parseJournalFile(text: string): JournalFile {
  const judged = judgeJson(fileSchema, text);
  return { ...judged, records: judged.records.map(bytesOf) };
}

/** As `parseJournalFile` reads it: a line for each record. */
export function journalText({ terminal: of, records }: JournalFile): string {
  const lines = records.map((bytes) => Buffer.from(bytes).toString("hex"));
  return `${JSON.stringify({ terminal: of, records: lines }, undefined, 1)}\n`;
}

export function verifyJournal(file: JournalFile, key: AuditorKey): Verification {
  if (file.terminal !== key.terminal) {
    const why = `the journal is of ${file.terminal}, the key of ${key.terminal}`;
    return { verified: 0, firstBreak: { kind: "terminal", index: 0, sequence: 0, why }, notes: [] };
  }
  const notes: string[] = [];
  const chain = new Chain(key.journalKey);
  let latest = { time: 0, sequence: 0 };
  for (const [index, bytes] of file.records.entries()) {
    const found = chain.take(bytes);
    if (found !== undefined) return { verified: index, firstBreak: { ...found, index }, notes };
    const { time, sequence } = decodeRecord(bytes);
    if (time !== 0 && time < latest.time)
      notes.push(`record ${sequence} is ${latest.time - time} s earlier than record ${latest.sequence}`);
    if (time !== 0) latest = { time, sequence };
  }
  return { verified: file.records.length, notes };
}

type Found = Omit<JournalBreak, "index">;

class Chain {
  private expected = 1;
  private code = new Uint8Array(CODE_BYTES);

  constructor(private key: Uint8Array) {}

  /** Why `bytes` is not the next record, or undefined: then it is, and the key goes on. */
  take(bytes: Uint8Array): Found | undefined {
    const { expected } = this;
    const { sequence } = decodeRecord(bytes);
    if (expected === 1 && sequence > 1) {
      const why = `the file begins with record ${sequence}: its code covers that of record ${sequence - 1}`;
      return { kind: "start", sequence, why };
    }
    if (sequence > expected) return { kind: "missing", sequence: expected, why: missing(expected, sequence) };
    if (sequence > 0 && sequence < expected)
      return { kind: "twice", sequence, why: `record ${sequence} is there again` };
    const hmac = createHmac("sha256", this.key).update(bytes.subarray(0, CODED_BYTES)).update(this.code);
    const code = bytes.slice(CODED_BYTES);
    const isRight = sequence === expected && timingSafeEqual(hmac.digest().subarray(0, CODE_BYTES), code);
    if (!isRight) return { kind: "code", sequence: expected, why: `the code of record ${expected} is wrong` };
    this.code = code;
    this.key = createHmac("sha256", this.key).update("next").digest();
    this.expected++;
    return undefined;
  }
}

function missing(first: number, behind: number): string {
  return behind === first + 1
    ? `record ${first} is missing`
    : `records ${first} to ${behind - 1} are missing`;
}
