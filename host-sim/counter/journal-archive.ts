/**
 * The file that a town keeps of a terminal's journal: it only ever grows, at its end, by the records that follow, and is replaced in
 * one step. A file that is not this terminal's, or does not meet its journal, stays as it is.
 */
import { existsSync, readFileSync } from "node:fs";
import { CounterFailure } from "./counter-failure.ts";
import { readJournal } from "./journal-calls.ts";
import { fetchJournal, NotThere, type FetchedJournal } from "./journal-fetch.ts";
import { journalText, parseJournalFile } from "./journal-file.ts";
import { decodeRecord } from "./journal-record.ts";
import { causeOf, fileRefusal, writePrivate } from "./private-file.ts";
import type { Caller } from "./terminal-call.ts";

export interface Archived {
  /** How many records the file has got. */
  readonly added: number;
  /** Sequence of the file's last record; 0 = the file has none. */
  readonly last: number;
  readonly acknowledged: number;
}

const ANOTHER_FILE = "name another file; this one was left as it is";

export class JournalArchive {
  private readonly kept: readonly Uint8Array[];

  /** Throws when `path` holds something else than a journal of `terminal`. */
  constructor(
    private readonly path: string,
    private readonly terminal: string,
  ) {
    this.kept = existsSync(path) ? recordsOf(path, terminal) : [];
  }

  /** Fetches the records behind the file's last one. When it resolves they are on the disk. */
  async extend(session: Caller, onProgress: (text: string) => void): Promise<Archived> {
    const last = this.kept.at(-1);
    if (last === undefined) {
      const { records, acknowledged } = await fetchJournal(session, undefined, onProgress);
      const [first] = records;
      if (first !== undefined && decodeRecord(first).sequence > 1)
        onProgress(`older records than ${decodeRecord(first).sequence} are gone: verify-journal tells so`);
      return this.write(records, acknowledged);
    }
    const { sequence } = decodeRecord(last);
    const { first } = await readJournal(session, sequence);
    // What it wrote since has just taken the last one's place.
    if (sequence + 1 === first) {
      const { records, acknowledged } = await fetchJournal(session, first, onProgress);
      return this.write(records, acknowledged);
    }
    // The last one again: so the file is known to be of this journal, and not of one before the terminal was provisioned anew.
    const { records, acknowledged } = await this.from(session, sequence, onProgress);
    const [same, ...fresh] = records;
    if (same === undefined || Buffer.compare(same, last) !== 0)
      throw fileRefusal(this.path, `the terminal has another record ${sequence}`, ANOTHER_FILE);
    return this.write(fresh, acknowledged);
  }

  private async from(
    session: Caller,
    sequence: number,
    onProgress: (text: string) => void,
  ): Promise<FetchedJournal> {
    try {
      return await fetchJournal(session, sequence, onProgress);
    } catch (error) {
      if (!(error instanceof NotThere)) throw error;
      throw fileRefusal(this.path, `it ends with record ${sequence}, but ${error.why}`, ANOTHER_FILE);
    }
  }

  private write(fresh: readonly Uint8Array[], acknowledged: number): Archived {
    const records = [...this.kept, ...fresh];
    if (fresh.length > 0 || !existsSync(this.path))
      writePrivate(this.path, journalText({ terminal: this.terminal, records }));
    const last = records.at(-1);
    return { added: fresh.length, last: last === undefined ? 0 : decodeRecord(last).sequence, acknowledged };
  }
}

function recordsOf(path: string, terminal: string): readonly Uint8Array[] {
  try {
    const file = parseJournalFile(readFileSync(path, "utf8"));
    if (file.terminal !== terminal) throw new Error(`it is the journal of ${file.terminal}, not ${terminal}`);
    return file.records;
  } catch (error) {
    const cause = error instanceof CounterFailure ? `no journal: ${error.why}` : causeOf(error);
    throw fileRefusal(path, cause, ANOTHER_FILE);
  }
}
