/** A terminal's journal in the register: fetched record for record behind what is there, told in words, verified when somebody gives the auditor's key. */
import { parseAuditorKey } from "../counter/auditor-key.ts";
import { CounterFailure } from "../counter/counter-failure.ts";
import { verifyJournal } from "../counter/journal-file.ts";
import type { FetchedJournal } from "../counter/journal-fetch.ts";
import { decodeRecord } from "../counter/journal-record.ts";
import { recordWords } from "../counter/record-line.ts";
import { DeskRefusal } from "./desk-refusal.ts";
import type { Desk } from "./desk.ts";

/** Shown of a long journal: the latest. */
const SHOWN = 200;

export interface ShownJournal {
  readonly terminal: string;
  readonly total: number;
  readonly records: readonly object[];
  /** With the auditor's key alone. */
  readonly verified?: number;
  readonly firstBreak?: string;
  readonly notes?: readonly string[];
}

export class JournalBook {
  private terminal = "";

  constructor(private readonly desk: Desk) {}

  /** Fetches what is new. Kept in a file, it may go from the terminal. */
  async fetch(): Promise<ShownJournal> {
    const { register, isKept } = this.desk.parts;
    let isNew = false;
    this.terminal = await this.desk.work.journal(
      (terminal) => this.lastOf(terminal),
      (terminal, journal) => {
        isNew = !this.meets(terminal, journal);
        const fresh = isNew ? journal.records : this.behind(terminal, journal);
        const [first] = fresh;
        if (first !== undefined) register.keepJournal(terminal, decodeRecord(first).sequence, fresh, isNew);
        return isKept ? (this.lastOf(terminal) ?? 0) : 0;
      },
    );
    return this.shown();
  }

  /** `text` is the auditor's key file, which is not kept. */
  verify(text: string): ShownJournal {
    const records = this.desk.parts.register.journal(this.terminal);
    try {
      const key = parseAuditorKey(text);
      const { verified, firstBreak, notes } = verifyJournal({ terminal: this.terminal, records }, key);
      key.journalKey.fill(0);
      return {
        ...this.shown(),
        verified,
        ...(firstBreak === undefined ? {} : { firstBreak: firstBreak.why }),
        notes,
      };
    } catch (error) {
      if (error instanceof CounterFailure) throw new DeskRefusal("journal-key", error.why);
      throw error;
    }
  }

  private shown(): ShownJournal {
    const records = this.desk.parts.register.journal(this.terminal);
    const latest = records.slice(-SHOWN).reverse().map(recordWords);
    return { terminal: this.terminal, total: records.length, records: latest };
  }

  /** Its last record is fetched once more: so it is known to be the same journal. */
  private lastOf(terminal: string): number | undefined {
    const last = this.desk.parts.register.journal(terminal).at(-1);
    return last === undefined ? undefined : decodeRecord(last).sequence;
  }

  /** Whether what was fetched goes on where the book ends. */
  private meets(terminal: string, { records }: FetchedJournal): boolean {
    const last = this.desk.parts.register.journal(terminal).at(-1);
    if (last === undefined) return true;
    const [again] = records;
    return again !== undefined && Buffer.compare(again, last) === 0;
  }

  private behind(terminal: string, { records }: FetchedJournal): readonly Uint8Array[] {
    return this.lastOf(terminal) === undefined ? records : records.slice(1);
  }
}
