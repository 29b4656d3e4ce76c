/** The auditor's key of a terminal's journal, K(1) (docs/protocol.md, The journal): it verifies what the terminal has written. */
import { z } from "zod";
import { CounterFailure } from "./counter-failure.ts";
import { bytesOf, hexOf, judgeJson, terminalName } from "./json-file.ts";
import { fileRefusal, readPrivate, writePrivate } from "./private-file.ts";

/** Whoever has it can write a journal too. */
export interface AuditorKey {
  readonly terminal: string;
  /** 32 bytes. */
  readonly journalKey: Uint8Array;
  /** Made beside a simulator, where others may have seen it. */
  readonly development: boolean;
}

export const AUDITOR_FILE = "auditor.key";
/** The other file that a terminal has made. */
const COUNTERS = { field: "psk", what: "a counter's key, and this wants the auditor's: auditor.key" };
const schema = z.strictObject({ terminal: terminalName, journal: hexOf(64), development: z.boolean() });

/** Of the file's text. Throws the cause, in which nothing of the key stands. */
export function parseAuditorKey(text: string): AuditorKey {
  const { terminal, journal, development } = judgeJson(schema, text, COUNTERS);
  return { terminal, journalKey: bytesOf(journal), development };
}

/** Throws the cause when it is not there, others may read it, or it is no such key. */
export function readAuditorKey(path: string): AuditorKey {
  const text = readPrivate(path, "the auditor's file, which provisioning wrote");
  try {
    return parseAuditorKey(text);
  } catch (error) {
    if (!(error instanceof CounterFailure)) throw error;
    throw fileRefusal(path, error.why, "take the file as provisioning wrote it");
  }
}

/** In one step, mode 600. */
export function writeAuditorKey(path: string, { terminal, journalKey, development }: AuditorKey): void {
  const journal = Buffer.from(journalKey).toString("hex");
  writePrivate(path, `${JSON.stringify({ terminal, journal, development })}\n`);
}
