/**
 * The counter's half of a pairing, in a file that its owner alone may read. In use it is locked: two programs with one key would
 * cut each other's sessions.
 */
import { z } from "zod";
import { CounterFailure } from "./counter-failure.ts";
import type { PairNames } from "./hello.ts";
import { bytesOf, hexOf, judgeJson, terminalName } from "./json-file.ts";
import { fileRefusal, readPrivate, writePrivate } from "./private-file.ts";
import type { PairKey } from "./sealed-stream.ts";

export interface CounterKey extends PairNames, PairKey {
  /** Made for development: town images refuse it. */
  readonly development: boolean;
}

/** The other file that a terminal has made. */
const AUDITORS = { field: "journal", what: "an auditor's key, and this wants the counter's: counter.key" };
const schema = z
  .strictObject({
    terminal: terminalName,
    counter: terminalName,
    identity: z.string(),
    psk: hexOf(64),
    development: z.boolean(),
  })
  .refine((key) => key.identity === identityOf(key), {
    path: ["identity"],
    message: "must be made of the names: madoguchi 1|TERMINAL|COUNTER",
  });

/** What a PC names the pair by (docs/protocol.md). */
export function identityOf({ terminal, counter }: PairNames): string {
  return `madoguchi 1|${terminal}|${counter}`;
}

/** Reads and judges a key file. Throws the cause; no text of an error holds anything of the key. */
export function readKeyFile(path: string): CounterKey {
  const text = readPrivate(path, "the file that the pairing wrote");
  try {
    const { psk, ...rest } = judgeJson(schema, text, AUDITORS);
    return { ...rest, psk: bytesOf(psk) };
  } catch (error) {
    if (!(error instanceof CounterFailure)) throw error;
    throw fileRefusal(path, error.why, "take the file as the pairing wrote it");
  }
}

/** Writes the file in one step, readable by its owner alone from the first byte. */
export function writeKeyFile(path: string, key: CounterKey): void {
  const { terminal, counter, identity, psk, development } = key;
  const hex = Buffer.from(psk).toString("hex");
  writePrivate(path, `${JSON.stringify({ terminal, counter, identity, psk: hex, development })}\n`);
}
