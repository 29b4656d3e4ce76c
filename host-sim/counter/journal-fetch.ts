/** Every record of a terminal's journal from one on, over as many answers as it takes. */
import { CounterFailure } from "./counter-failure.ts";
import { readJournal } from "./journal-calls.ts";
import { strange, type Caller } from "./terminal-call.ts";

export interface FetchedJournal {
  readonly first: number;
  /** Behind the last record that was fetched. */
  readonly next: number;
  readonly acknowledged: number;
  readonly records: readonly Uint8Array[];
}

/** Fewer records than that are there at once. */
const PROGRESS_RECORDS = 60;

/**
 * Fetches what stood there when it was asked, from record `from` on, or from the first that is there. `onProgress` is told now and
 * then how many of how many are here. Rejects with `NotThere` when `from` is gone, or beyond the record that
 * will be the next.
 */
export async function fetchJournal(
  session: Caller,
  from: number | undefined,
  onProgress: (text: string) => void = () => undefined,
): Promise<FetchedJournal> {
  let page = await readJournal(session, from ?? 1);
  const { first, next, acknowledged } = page;
  const begin = from ?? first;
  if (begin < first || begin > next) throw new NotThere(begin, first, next);
  if (from === undefined && first > 1) page = await readJournal(session, first);
  const records: Uint8Array[] = [];
  const count = next - begin;
  let told = 0;
  while (records.length < count) {
    if (records.length > 0) page = await readJournal(session, begin + records.length);
    if (page.records.length === 0) throw strange(`no record ${begin + records.length}`);
    records.push(...page.records.slice(0, count - records.length));
    if (records.length - told < PROGRESS_RECORDS || records.length === count) continue;
    told = records.length;
    onProgress(`${told} of ${count} records`);
  }
  return { first, next, acknowledged, records };
}

/** A record that the terminal does not have. */
export class NotThere extends CounterFailure {
  constructor(
    sequence: number,
    readonly first: number,
    next: number,
  ) {
    const has = next === first ? "its journal is empty" : `it has ${first} to ${next - 1}`;
    super("refused", `the terminal has no record ${sequence}: ${has}`, "ask for one that it has");
  }
}
