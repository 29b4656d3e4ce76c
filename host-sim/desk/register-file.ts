/**
 * Opens the register's file, brings it to this release's version in one transaction, and refuses what is not a whole register of this
 * or an earlier release. What is refused is left as it is, byte for byte.
 */
import {
  chmodSync,
  closeSync,
  existsSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import sqlite, { type Database } from "node-sqlite3-wasm";
import { CounterFailure } from "../counter/counter-failure.ts";
import { APPLICATION_ID, MIGRATIONS } from "./register-schema.ts";

export const REGISTER_FILE = "register.db";
const MAGIC = "SQLite format 3\0";
const HEAD_BYTES = 100;
const EARLY_SUFFIX = "~";
/** Offsets in the header (sqlite.org/fileformat.html, 1.3). */
const USER_VERSION = 60;
const APPLICATION = 68;
const VERSION = MIGRATIONS.length;
const MINE = "put a whole copy in its place, or name another --state directory";

/** `seed` fills a new register, in the transaction that makes it. Without a path it is in memory. Throws `CounterFailure`. */
export function openRegister(path: string | undefined, seed: (database: Database) => void): Database {
  if (path === undefined) return made(new sqlite.Database(), seed);
  if (!existsSync(path)) makeFile(path, seed);
  judgeHead(path);
  // The lock of a process that was killed: the directory's own lock says that nobody else is here.
  rmSync(`${path}.lock`, { recursive: true, force: true });
  chmodSync(path, 0o600);
  const database = opened(path);
  try {
    judgeWhole(path, database);
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error instanceof CounterFailure ? error : refusal(path, sentenceOf(error));
  }
}

/** It gets its name when it is whole: what has the name and is none was damaged, and no start that was cut short. */
function makeFile(path: string, seed: (database: Database) => void): void {
  const early = `${path}${EARLY_SUFFIX}`;
  for (const old of [early, `${early}.lock`, `${early}-journal`])
    rmSync(old, { recursive: true, force: true });
  try {
    // Readable by its owner alone from the first byte.
    writeFileSync(early, "", { mode: 0o600, flag: "wx" });
    const database = opened(early);
    try {
      made(database, seed);
    } finally {
      database.close();
    }
    renameSync(early, path);
  } catch (error) {
    throw error instanceof CounterFailure ? error : refusal(path, sentenceOf(error));
  }
}

function opened(path: string): Database {
  try {
    return new sqlite.Database(path, { fileMustExist: true });
  } catch (error) {
    throw refusal(path, sentenceOf(error));
  }
}

/** What can be said from the first bytes, before anything opens the file. */
function judgeHead(path: string): void {
  const head = headOf(path);
  if (head.length < HEAD_BYTES || head.toString("latin1", 0, MAGIC.length) !== MAGIC)
    throw refusal(path, "this is no register, or its beginning is damaged");
  if (head.readUInt32BE(APPLICATION) !== APPLICATION_ID)
    throw refusal(path, "this is another program's database");
  const version = head.readUInt32BE(USER_VERSION);
  if (version > VERSION)
    throw refusal(
      path,
      `a newer release has written it (version ${version}; this one knows ${VERSION})`,
      "use that release, or name another --state directory",
    );
  if (version < 1) throw refusal(path, "it has no version");
}

function headOf(path: string): Buffer {
  try {
    const file = openSync(path, "r");
    try {
      const head = Buffer.alloc(HEAD_BYTES);
      return head.subarray(0, readSync(file, head, 0, HEAD_BYTES, 0));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw refusal(path, sentenceOf(error));
  }
}

function judgeWhole(path: string, database: Database): void {
  const found = String(firstOf(database, "PRAGMA integrity_check(1)"));
  // A heading may stand above what is wrong.
  if (found !== "ok") throw refusal(path, `it is damaged (${found.split("\n").at(-1)})`);
  if (database.get("PRAGMA foreign_key_check") !== null)
    throw refusal(path, "it is damaged (a record names one that is not there)");
}

function made(database: Database, seed: (database: Database) => void): Database {
  inOne(database, () => {
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    step(database, 0);
    seed(database);
  });
  return database;
}

/** All steps or none. */
function migrate(database: Database): void {
  const version = Number(firstOf(database, "PRAGMA user_version"));
  if (version < VERSION) inOne(database, () => step(database, version));
}

function step(database: Database, from: number): void {
  for (const sql of MIGRATIONS.slice(from)) database.exec(sql);
  database.exec(`PRAGMA user_version = ${VERSION}`);
}

/** Runs `work` in one transaction. */
export function inOne<T>(database: Database, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    if (database.inTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function firstOf(database: Database, sql: string): unknown {
  return Object.values(database.get(sql) ?? {})[0];
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function refusal(path: string, cause: string, next = MINE): CounterFailure {
  return new CounterFailure("file", `${path}: ${cause}; it was left as it is`, next);
}
