/** A pairing for development: its key lies in the open, and town images refuse it. */
import { createHmac, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { AUDITOR_FILE, readAuditorKey, writeAuditorKey } from "./auditor-key.ts";
import { CounterFailure } from "./counter-failure.ts";
import type { PairNames } from "./hello.ts";
import { identityOf, readKeyFile, writeKeyFile, type CounterKey } from "./key-file.ts";
import type { PairKey } from "./sealed-stream.ts";

export const KEY_FILE = "counter.key";
const SECRET_BYTES = 32;
const NAMES: PairNames = { terminal: "SIMULATOR", counter: "COUNTER-1" };

/**
 * The key of a pair out of its pairing secret, which is 32 random bytes (docs/protocol.md, "TLS"): HKDF-Expand of RFC 5869, 2.3,
 * whose 32 bytes are its first block, T(1) = HMAC(secret, info | 01).
 */
export function pskOf(secret: Uint8Array, { terminal, counter }: PairNames): Uint8Array {
  const info = `madoguchi 1|srv=${terminal}|cli=${counter}`;
  return Uint8Array.from(createHmac("sha256", secret).update(info).update(Uint8Array.of(1)).digest());
}

/**
 * Makes a new pair and writes the counter's half to `counter.key` in `directory`, over an older one of this kind; a key that is
 * not for development is never overwritten. Returns the terminal's half.
 */
export function makeDevelopmentPair(directory: string, names: PairNames = NAMES): PairNames & PairKey {
  const path = join(directory, KEY_FILE);
  if (existsSync(path) && !readKeyFile(path).development) throw notForDevelopment(path);
  const secret = randomBytes(SECRET_BYTES);
  const half = { ...names, identity: identityOf(names), psk: pskOf(secret, names) };
  secret.fill(0);
  const key: CounterKey = { ...half, development: true };
  writeKeyFile(path, key);
  return half;
}

/** Writes the auditor's key of a terminal that was provisioned for development to `auditor.key` in `directory`; overwrites as above. */
export function keepAuditorKey(directory: string, terminal: string, journalKey: Uint8Array): void {
  const path = join(directory, AUDITOR_FILE);
  if (existsSync(path) && !readAuditorKey(path).development) throw notForDevelopment(path);
  writeAuditorKey(path, { terminal, journalKey, development: true });
}

function notForDevelopment(path: string): CounterFailure {
  return new CounterFailure("file", `${path}: a key that is not for development`, "choose another directory");
}
