/**
 * The counter's half of a pairing, in a file that its owner alone may read. In use it is locked: two programs with one key would
 * cut each other's sessions.
 */
import {
  chmodSync,
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { z } from "zod";
import { CounterFailure } from "./counter-failure.ts";
import type { PairNames } from "./hello.ts";
import type { PairKey } from "./sealed-stream.ts";

export interface CounterKey extends PairNames, PairKey {
  /** Made for development: town images refuse it. */
  readonly development: boolean;
}

const OTHERS = 0o077;
const LONGEST_FILE_BYTES = 4096;

const name = z.string().regex(/^[A-Z0-9-]{1,16}$/, "must be 1-16 characters out of A-Z, 0-9 and the hyphen");
const schema = z
  .strictObject({
    terminal: name,
    counter: name,
    identity: z.string(),
    psk: z.string().regex(/^[0-9a-f]{64}$/i, "must be 64 hexadecimal digits"),
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
  const judged = schema.safeParse(parse(path, readPrivate(path)));
  if (!judged.success) {
    const [issue] = judged.error.issues;
    const where = issue!.path.length === 0 ? "" : `${issue!.path.join(".")}: `;
    // The text of an issue may repeat what it found; of unknown names and of our own rules it does not.
    throw refusal(path, `${where}${issue!.message}`, "take the file as the pairing wrote it");
  }
  const { psk, ...rest } = judged.data;
  return { ...rest, psk: Uint8Array.from(Buffer.from(psk, "hex")) };
}

/** Writes the file in one step, readable by its owner alone from the first byte. */
export function writeKeyFile(path: string, key: CounterKey): void {
  const fresh = `${path}.${process.pid}.new`;
  const { terminal, counter, identity, psk, development } = key;
  const text = JSON.stringify({
    terminal,
    counter,
    identity,
    psk: Buffer.from(psk).toString("hex"),
    development,
  });
  try {
    writeFileSync(fresh, `${text}\n`, { mode: 0o600, flag: "wx", flush: true });
    // The process's umask may have taken the owner's own rights away.
    chmodSync(fresh, 0o600);
    renameSync(fresh, path);
  } catch (error) {
    removeIfThere(fresh);
    throw refusal(path, causeOf(error), "choose a directory that may be written");
  }
}

/** The text of a file that nobody else may read: looked at and read by one descriptor, so that it is the same file. */
function readPrivate(path: string): string {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    throw refusal(path, causeOf(error), "--key names the file that the pairing wrote");
  }
  try {
    const found = fstatSync(file);
    if (!found.isFile() || found.size > LONGEST_FILE_BYTES) throw refusal(path, "this is no key file", "");
    if ((found.mode & OTHERS) !== 0) throw refusal(path, "others may read it", `run: chmod 600 ${path}`);
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message repeats what it read.
    throw refusal(path, "this is no JSON", "take the file as the pairing wrote it");
  }
}

function causeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES") return "this user may not open it";
  return error instanceof Error ? error.message : String(error);
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was never made.
  }
}

function refusal(path: string, cause: string, next: string): CounterFailure {
  return new CounterFailure("file", `${path}: ${cause}`, next);
}
