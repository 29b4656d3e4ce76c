/** The journal and its clock from the command line: read-journal, verify-journal, set-clock. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { atTerminal } from "./at-terminal.ts";
import { readAuditorKey } from "./auditor-key.ts";
import { command, ExitCode, type Desk } from "./command.ts";
import { CounterFailure } from "./counter-failure.ts";
import type { CounterSession } from "./counter-session.ts";
import { JournalArchive } from "./journal-archive.ts";
import { ackJournal, setClock } from "./journal-calls.ts";
import { fetchJournal } from "./journal-fetch.ts";
import { parseJournalFile, verifyJournal, type JournalFile, type Verification } from "./journal-file.ts";
import {
  BAUD,
  json,
  JSON_FLAG,
  KEY,
  LINE,
  moment,
  path,
  sequence,
  TERMINAL_VALUES,
} from "./option-values.ts";
import { causeOf, fileRefusal } from "./private-file.ts";
import { recordLine, recordObject } from "./record-line.ts";

const SECOND_MS = 1000;

export const READ_JOURNAL = command({
  about: "the terminal's journal, printed, or put at the end of a file that verify-journal reads",
  flags: [
    LINE,
    KEY,
    ["--from <n>", "sequence of the first record that is printed (default: the oldest that is there)"],
    ["--out <file>", "add the records behind the file's last one; a new file begins with the oldest"],
    ["--ack", "with --out: when the file is on the disk, the terminal may overwrite what is in it"],
    BAUD,
    JSON_FLAG,
  ],
  schema: z
    .strictObject({
      ...TERMINAL_VALUES,
      from: sequence.optional(),
      out: path.optional(),
      ack: z.boolean().default(false),
    })
    .refine(({ ack, out }) => !ack || out !== undefined, {
      path: ["ack"],
      message: "needs --out: what is acknowledged may be overwritten, and must be kept somewhere",
    })
    .refine(({ from, out }) => from === undefined || out === undefined, {
      path: ["from"],
      message: "does not go with --out: a file has every record, from the first on",
    }),
  run: ({ out, ack, from, ...options }, desk) =>
    atTerminal(options, (session) =>
      out === undefined ? print(session, from, desk) : keep(session, { out, ack }, desk),
    ),
});

async function print(session: CounterSession, from: number | undefined, desk: Desk): Promise<ExitCode> {
  const { records, ...rest } = await fetchJournal(session, from, (text) => desk.notice(text));
  const { terminal } = session.info();
  const text = records.length === 0 ? "no records" : records.map(recordLine).join("\n");
  desk.say({ terminal, ...rest, records: records.map(recordObject) }, text);
  return ExitCode.Done;
}

async function keep(
  session: CounterSession,
  { out, ack }: { readonly out: string; readonly ack: boolean },
  desk: Desk,
): Promise<ExitCode> {
  const { terminal } = session.info();
  const archive = new JournalArchive(out, terminal);
  const { added, last, acknowledged } = await archive.extend(session, (text) => desk.notice(text));
  // The file is on the disk.
  const hasAcknowledged = ack && last > acknowledged;
  if (hasAcknowledged) await ackJournal(session, last);
  const upTo = hasAcknowledged ? last : acknowledged;
  const text = `${out}: ${added} records added, the last is ${last}, acknowledged up to ${upTo}`;
  desk.say({ terminal, file: out, added, last, acknowledged: upTo }, text);
  return ExitCode.Done;
}

export const VERIFY_JOURNAL = command({
  about: "whether a file of read-journal is what the terminal has written; names the first break",
  more: `No line is needed. Exit codes: 0 every record is verified, 1 there is a break. A file that ends too early is a good file:
compare its last record with the terminal's.`,
  argument: ["<file>", "of read-journal --out"],
  flags: [["--key <file>", "the auditor's key, mode 600 (the simulator's is auditor.key)"], JSON_FLAG],
  schema: z.strictObject({ file: path, key: path, json }),
  run({ file, key }, desk) {
    const auditor = readAuditorKey(key);
    const journal = journalAt(file);
    const verification = verifyJournal(journal, auditor);
    desk.say({ terminal: journal.terminal, ...verification }, verdictText(journal, verification));
    return Promise.resolve(verification.firstBreak === undefined ? ExitCode.Done : ExitCode.Failed);
  },
});

function journalAt(file: string): JournalFile {
  try {
    return parseJournalFile(readFileSync(file, "utf8"));
  } catch (error) {
    const cause = error instanceof CounterFailure ? `this is no journal: ${error.why}` : causeOf(error);
    throw fileRefusal(file, cause, "name a file that read-journal --out has written");
  }
}

function verdictText(
  { terminal, records }: JournalFile,
  { verified, notes, firstBreak }: Verification,
): string {
  const lines = [`${terminal}: ${verified} of ${records.length} records verified`];
  for (const note of notes) lines.push(`note: ${note}`);
  if (firstBreak !== undefined) lines.push(`break: ${firstBreak.why}`);
  return lines.join("\n");
}

export const SET_CLOCK = command({
  about: "gives the terminal the time, which its journal writes down",
  flags: [
    LINE,
    KEY,
    ["--time <moment>", "with its offset, as 2026-11-26T09:00:00+09:00 (default: this PC's)"],
    BAUD,
    JSON_FLAG,
  ],
  schema: z.strictObject({ ...TERMINAL_VALUES, time: moment.optional() }),
  run: ({ time, ...options }, desk) =>
    atTerminal(options, async (session) => {
      // Now, not when the line was called.
      const seconds = time ?? Math.floor(Date.now() / SECOND_MS);
      await setClock(session, seconds);
      const text = new Date(seconds * SECOND_MS).toISOString().replace(".000", "");
      desk.say({ time: text }, `the terminal's clock is ${text}`);
      return ExitCode.Done;
    }),
});
