/**
 * The register of a made-up town: residents and their cards, operators, and the books in which everything at the window is written:
 * cases, answers of the terminal, what was handed out, who has seen what, suspensions, journals.
 */
import type { Database, SQLiteValue } from "node-sqlite3-wasm";
import { inOne, openRegister } from "./register-file.ts";
import { seed } from "./seed.ts";
import type { CardKind, CardState, CaseService, Field, RegisteredCard } from "./services.ts";

export interface Resident {
  readonly id: number;
  readonly household: number;
  readonly name: string;
  readonly birth: string;
  readonly card: RegisteredCard | undefined;
}

export interface Operator {
  readonly login: string;
  readonly name: string;
  /** Whose card signs in at the terminal. */
  readonly card: string;
  readonly password: string;
}

/** Who has done it, for which case, and when (seconds since 1970-01-01 UTC). */
export interface Stamp {
  readonly operator: string;
  readonly caseNumber: string;
  readonly time: number;
}

type Row = Record<string, SQLiteValue>;

const RESIDENT = `SELECT resident.id, household, name, birth, serial, kind, state, expiry
  FROM resident LEFT JOIN card ON card.resident = resident.id`;
const MOST_FOUND = 5;

export class Register {
  private constructor(private readonly database: Database) {}

  /** In memory without a path. Throws `CounterFailure` for a file that does not serve, which stays as it is. */
  static open(path?: string): Register {
    return new Register(openRegister(path, seed));
  }

  close(): void {
    if (this.database.isOpen) this.database.close();
  }

  operator(login: string): Operator | undefined {
    const row = this.row("SELECT login, name, card, password FROM operator WHERE login = ?", [login]);
    return row === undefined
      ? undefined
      : {
          login: text(row, "login"),
          name: text(row, "name"),
          card: text(row, "card"),
          password: text(row, "password"),
        };
  }

  /** Residents whose name, or its reading in hiragana or katakana, begins as `begin` does, spaces left aside. */
  find(begin: string): readonly Resident[] {
    const wanted = `${plain(begin).replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
    const column = (name: string, value: string): string =>
      `replace(replace(${name}, ' ', ''), '　', '') LIKE ${value} ESCAPE '\\'`;
    const sql = `${RESIDENT} WHERE ${column("name", "?1")} OR ${column("kana", "?2")} ORDER BY kana LIMIT ${MOST_FOUND}`;
    return this.rows(sql, [wanted, hiragana(wanted)]).map(residentOf);
  }

  resident(id: number): Resident | undefined {
    const row = this.row(`${RESIDENT} WHERE resident.id = ?`, [id]);
    return row === undefined ? undefined : residentOf(row);
  }

  household(id: number): readonly Resident[] {
    return this.rows(`${RESIDENT} WHERE household = ? ORDER BY birth`, [id]).map(residentOf);
  }

  /** Whose card it is. */
  ownerOf(serial: string): Resident | undefined {
    const row = this.row(`${RESIDENT} WHERE serial = ?`, [serial]);
    return row === undefined ? undefined : residentOf(row);
  }

  /** Shows `fields` of a resident, and writes down that it did. */
  see(id: number, fields: readonly Field[], stamp: Stamp): Partial<Record<Field, string>> {
    const row = this.row(
      "SELECT name, address, birth, sex, code FROM resident JOIN household ON household.id = household WHERE resident.id = ?",
      [id],
    );
    if (row === undefined) throw new Error(`no resident ${id}`);
    this.noteSeen(id, fields.join(" "), stamp);
    return Object.fromEntries(fields.map((field) => [field, text(row, field)]));
  }

  /** A resident's card is shown with its number, kind, state and date: writes that down. */
  seeCard(id: number, stamp: Stamp): void {
    this.noteSeen(id, "card", stamp);
  }

  /** Somebody reads a terminal's journal, in which other cases stand. */
  seeJournal(terminal: string, records: number, stamp: Stamp): void {
    this.write(
      "INSERT INTO journal_read (terminal, records, time, operator, service_case)",
      [terminal, records],
      stamp,
    );
  }

  /** A new case: its number is CYYMMDD-nnn, counted by day. */
  openCase(service: CaseService, day: string, operator: string, time: number): string {
    return inOne(this.database, () => {
      const begin = `C${day.slice(2).replaceAll("-", "")}-`;
      const row = this.row("SELECT count(*) AS n FROM service_case WHERE number LIKE ?", [`${begin}%`]);
      const number = `${begin}${String(Number(row?.["n"] ?? 0) + 1).padStart(3, "0")}`;
      this.database.run("INSERT INTO service_case VALUES (?, ?, ?, ?)", [number, service, operator, time]);
      return number;
    });
  }

  answered(
    answer: { request: string; serial: string; outcome: string; verdict: string; record: number },
    stamp: Stamp,
  ): void {
    const { request, serial, outcome, verdict, record } = answer;
    const columns = "request, serial, outcome, verdict, record, time, operator, service_case";
    this.write(`INSERT INTO answer (${columns})`, [request, serial, outcome, verdict, record], stamp);
  }

  /** What was done for these residents, all of them or none. */
  done(deed: string, residents: readonly number[], stamp: Stamp): void {
    inOne(this.database, () => {
      for (const id of residents)
        this.write("INSERT INTO deed (deed, resident, time, operator, service_case)", [deed, id], stamp);
    });
  }

  /** Suspends a card, or ends that; an abolished one stays so. */
  setSuspended(serial: string, isSuspended: boolean, reason: string, stamp: Stamp): void {
    const [from, to] = isSuspended ? ["in-use", "suspended"] : ["suspended", "in-use"];
    inOne(this.database, () => {
      const { changes } = this.database.run("UPDATE card SET state = ? WHERE serial = ? AND state = ?", [
        to,
        serial,
        from,
      ]);
      if (changes !== 1) throw new Error(`card ${serial} is not ${from}`);
      const columns = "serial, state, reason, time, operator, service_case";
      this.write(`INSERT INTO suspension (${columns})`, [serial, to, reason], stamp);
    });
  }

  /** The latest series of a terminal's journal, record for record. */
  journal(terminal: string): readonly Uint8Array[] {
    const sql = `SELECT bytes FROM journal WHERE terminal = ?1
      AND series = (SELECT max(series) FROM journal WHERE terminal = ?1) ORDER BY sequence`;
    return this.rows(sql, [terminal]).map(({ bytes }) => Uint8Array.from(bytes as Uint8Array));
  }

  /** Puts `records`, the first of which has sequence `first`, behind what is there; `isNew` begins a series. All or none. */
  keepJournal(terminal: string, first: number, records: readonly Uint8Array[], isNew = false): void {
    inOne(this.database, () => {
      const row = this.row("SELECT coalesce(max(series), 0) AS last FROM journal WHERE terminal = ?", [
        terminal,
      ]);
      const series = Math.max(1, Number(row?.["last"]) + Number(isNew));
      records.forEach((bytes, at) =>
        this.database.run("INSERT INTO journal VALUES (?, ?, ?, ?)", [terminal, series, first + at, bytes]),
      );
    });
  }

  /** Who has seen what, for tests and auditors. */
  seen(): readonly { resident: number; fields: string; operator: string; caseNumber: string }[] {
    return this.rows("SELECT resident, fields, operator, service_case FROM seen ORDER BY id").map((row) => ({
      ...{ resident: Number(row["resident"]), fields: text(row, "fields") },
      ...{ operator: text(row, "operator"), caseNumber: text(row, "service_case") },
    }));
  }

  journalReads(): readonly { terminal: string; records: number; operator: string; caseNumber: string }[] {
    const sql = "SELECT terminal, records, operator, service_case FROM journal_read ORDER BY id";
    return this.rows(sql).map((row) => ({
      ...{ terminal: text(row, "terminal"), records: Number(row["records"]) },
      ...{ operator: text(row, "operator"), caseNumber: text(row, "service_case") },
    }));
  }

  deeds(): readonly { deed: string; resident: number; operator: string; caseNumber: string }[] {
    return this.rows("SELECT deed, resident, operator, service_case FROM deed ORDER BY id").map((row) => ({
      ...{ deed: text(row, "deed"), resident: Number(row["resident"]) },
      ...{ operator: text(row, "operator"), caseNumber: text(row, "service_case") },
    }));
  }

  answers(): readonly { serial: string; outcome: string; verdict: string; caseNumber: string }[] {
    return this.rows("SELECT serial, outcome, verdict, service_case FROM answer ORDER BY id").map((row) => ({
      ...{ serial: text(row, "serial"), outcome: text(row, "outcome") },
      ...{ verdict: text(row, "verdict"), caseNumber: text(row, "service_case") },
    }));
  }

  private noteSeen(id: number, fields: string, stamp: Stamp): void {
    this.write("INSERT INTO seen (resident, fields, time, operator, service_case)", [id, fields], stamp);
  }

  /** `insert` names the columns; those of the stamp are the last three. */
  private write(
    insert: string,
    values: readonly (string | number)[],
    { time, operator, caseNumber }: Stamp,
  ): void {
    const all = [...values, time, operator, caseNumber];
    this.database.run(`${insert} VALUES (${all.map(() => "?").join(", ")})`, all);
  }

  private row(sql: string, values: (string | number)[] = []): Row | undefined {
    return (this.database.get(sql, values) as Row | null) ?? undefined;
  }

  private rows(sql: string, values: (string | number)[] = []): Row[] {
    return this.database.all(sql, values) as Row[];
  }
}

function text(row: Row, column: string): string {
  return String(row[column]);
}

function plain(name: string): string {
  return name.normalize("NFKC").replaceAll(/\s/g, "");
}

/** Katakana as hiragana, which readings are kept in. */
function hiragana(kana: string): string {
  return kana.replaceAll(/[ァ-ヶ]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0x60));
}

function residentOf(row: Row): Resident {
  const { serial, kind, state } = row;
  const card =
    typeof serial === "string"
      ? { serial, kind: kind as CardKind, state: state as CardState, expiry: text(row, "expiry") }
      : undefined;
  return {
    ...{ id: Number(row["id"]), household: Number(row["household"]) },
    ...{ name: text(row, "name"), birth: text(row, "birth"), card },
  };
}
