/**
 * How far a collector has got in a terminal's journal: the last record that it was given, in memory, or in a file as well. That record
 * is fetched again each time, so that the journal is known to be the same one, and not that of a terminal provisioned anew.
 */
import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { fetchJournal, NotThere } from "./journal-fetch.ts";
import { decodeRecord, RECORD_BYTES } from "./journal-record.ts";
import { bytesOf, hexOf, judgeJson, terminalName } from "./json-file.ts";
import { causeOf, fileRefusal, writePrivate } from "./private-file.ts";
import type { Caller } from "./terminal-call.ts";

interface Given {
  readonly terminal: string;
  readonly record: Uint8Array;
}

const fileSchema = z.strictObject({ terminal: terminalName, record: hexOf(2 * RECORD_BYTES) });

export class JournalPlace {
  private given: Given | undefined;
  private isWritten = true;

  /** Begins with record `from`, or the oldest, unless the file at `path` says more. Throws when it is no such file. */
  constructor(
    private readonly from: number | undefined,
    private readonly path: string | undefined,
  ) {
    if (path !== undefined && existsSync(path)) this.given = read(path);
  }

  /** The records that the collector has not been given. `onNotice` is told of those that nobody can give it any more. */
  async fetch(
    session: Caller,
    terminal: string,
    onNotice: (text: string) => void,
  ): Promise<readonly Uint8Array[]> {
    const { given } = this;
    if (given === undefined) return (await fetchJournal(session, this.from, onNotice)).records;
    if (given.terminal !== terminal) throw this.refusal(given, terminal);
    const { sequence } = decodeRecord(given.record);
    try {
      const [same, ...fresh] = (await fetchJournal(session, sequence, onNotice)).records;
      if (same !== undefined && Buffer.compare(same, given.record) === 0) return fresh;
    } catch (error) {
      if (!(error instanceof NotThere)) throw error;
      if (error.first > sequence) return this.behindGap(session, sequence, onNotice);
    }
    onNotice(`this is not the journal of record ${sequence} any more: the terminal was provisioned anew`);
    return (await fetchJournal(session, undefined, onNotice)).records;
  }

  /** The collector has got them. A file that could not be written is tried again with the next ones, or with none. */
  keep(terminal: string, records: readonly Uint8Array[]): void {
    const record = records.at(-1);
    if (record !== undefined) {
      this.given = { terminal, record };
      this.isWritten = false;
    }
    if (this.isWritten || this.given === undefined) return;
    const text = JSON.stringify({ terminal, record: Buffer.from(this.given.record).toString("hex") });
    if (this.path !== undefined) writePrivate(this.path, `${text}\n`);
    this.isWritten = true;
  }

  private async behindGap(
    session: Caller,
    sequence: number,
    onNotice: (text: string) => void,
  ): Promise<readonly Uint8Array[]> {
    const { first, records } = await fetchJournal(session, undefined, onNotice);
    if (first > sequence + 1)
      onNotice(`records ${sequence + 1} to ${first - 1} were overwritten before they were fetched`);
    return records;
  }

  private refusal(given: Given, terminal: string): Error {
    const why = `it is of ${given.terminal}, and this is ${terminal}`;
    return fileRefusal(this.path ?? "", why, "a file for each terminal");
  }
}

function read(path: string): Given {
  try {
    const { terminal, record } = judgeJson(fileSchema, readFileSync(path, "utf8"));
    return { terminal, record: bytesOf(record) };
  } catch (error) {
    throw fileRefusal(
      path,
      `no place in a journal: ${causeOf(error)}`,
      "name the file that syslog --place has written",
    );
  }
}
