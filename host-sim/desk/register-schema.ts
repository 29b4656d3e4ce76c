/** The register's tables, a version a step. A version that was released is never changed: the next one is added. */

/** "MDGR": this file is a register of the counter window, and no other program's. */
export const APPLICATION_ID = 0x4d444752;

const PEOPLE = `
CREATE TABLE household (id INTEGER PRIMARY KEY, address TEXT NOT NULL) STRICT;
CREATE TABLE resident (
  id INTEGER PRIMARY KEY,
  household INTEGER NOT NULL REFERENCES household (id),
  name TEXT NOT NULL,
  kana TEXT NOT NULL,
  birth TEXT NOT NULL CHECK (birth GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  sex TEXT NOT NULL CHECK (sex IN ('male', 'female')),
  code TEXT NOT NULL UNIQUE CHECK (length(code) = 11)
) STRICT;
CREATE TABLE card (
  serial TEXT PRIMARY KEY CHECK (length(serial) = 15),
  resident INTEGER NOT NULL UNIQUE REFERENCES resident (id),
  kind TEXT NOT NULL CHECK (kind IN ('juki-photo', 'juki-plain', 'mynumber', 'mynumber-face')),
  state TEXT NOT NULL CHECK (state IN ('in-use', 'suspended', 'abolished')),
  expiry TEXT NOT NULL
) STRICT;
CREATE TABLE operator (
  login TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  card TEXT NOT NULL UNIQUE,
  password TEXT NOT NULL
) STRICT;`;

/** Written, and never changed or taken away. */
const BOOKS = `
CREATE TABLE service_case (
  number TEXT PRIMARY KEY,
  service TEXT NOT NULL,
  operator TEXT NOT NULL,
  opened INTEGER NOT NULL
) STRICT;
CREATE TABLE suspension (
  id INTEGER PRIMARY KEY,
  serial TEXT NOT NULL REFERENCES card (serial),
  state TEXT NOT NULL CHECK (state IN ('in-use', 'suspended')),
  reason TEXT NOT NULL,
  time INTEGER NOT NULL, operator TEXT NOT NULL, service_case TEXT NOT NULL
) STRICT;
CREATE TABLE answer (
  id INTEGER PRIMARY KEY,
  request TEXT NOT NULL,
  serial TEXT NOT NULL,
  outcome TEXT NOT NULL,
  verdict TEXT NOT NULL,
  record INTEGER NOT NULL,
  time INTEGER NOT NULL, operator TEXT NOT NULL, service_case TEXT NOT NULL
) STRICT;
CREATE TABLE deed (
  id INTEGER PRIMARY KEY,
  deed TEXT NOT NULL,
  resident INTEGER NOT NULL REFERENCES resident (id),
  time INTEGER NOT NULL, operator TEXT NOT NULL, service_case TEXT NOT NULL
) STRICT;
CREATE TABLE seen (
  id INTEGER PRIMARY KEY,
  resident INTEGER NOT NULL REFERENCES resident (id),
  fields TEXT NOT NULL,
  time INTEGER NOT NULL, operator TEXT NOT NULL, service_case TEXT NOT NULL
) STRICT;`;

function neverChanged(...tables: readonly string[]): string {
  const triggers = tables.flatMap((table) =>
    ["UPDATE", "DELETE"].map(
      (verb) =>
        `CREATE TRIGGER ${table}_no_${verb.toLowerCase()} BEFORE ${verb} ON ${table}
         BEGIN SELECT RAISE(ABORT, 'this book is only written to'); END;`,
    ),
  );
  return triggers.join("\n");
}

/** A terminal that was provisioned anew begins its journal again: that is another series of the same name. */
const JOURNALS = `
CREATE TABLE journal (
  terminal TEXT NOT NULL,
  series INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  bytes BLOB NOT NULL CHECK (length(bytes) = 64),
  PRIMARY KEY (terminal, series, sequence)
) STRICT, WITHOUT ROWID;`;

/** Who has read a terminal's journal. */
const JOURNAL_READS = `
CREATE TABLE journal_read (
  id INTEGER PRIMARY KEY,
  terminal TEXT NOT NULL,
  records INTEGER NOT NULL,
  time INTEGER NOT NULL, operator TEXT NOT NULL, service_case TEXT NOT NULL
) STRICT;`;

/** From version n to n + 1. */
export const MIGRATIONS: readonly string[] = [
  PEOPLE + BOOKS,
  neverChanged("suspension", "answer", "deed", "seen"),
  JOURNALS,
  JOURNAL_READS + neverChanged("journal_read"),
];
