/** The register's file: what opens, what is refused and stays as it is; and its books. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sqlite from "node-sqlite3-wasm";
import { suite } from "uvu";
import { equal, is, match, ok, throws } from "uvu/assert";
import { CounterFailure } from "../../../host-sim/counter/counter-failure.ts";
import { openRegister } from "../../../host-sim/desk/register-file.ts";
import { APPLICATION_ID, MIGRATIONS } from "../../../host-sim/desk/register-schema.ts";
import { Register } from "../../../host-sim/desk/register.ts";
import { seed } from "../../../host-sim/desk/seed.ts";
import { isPassword, keptPassword } from "../../../host-sim/desk/password.ts";
import { SignInThrottle } from "../../../host-sim/desk/sign-in-throttle.ts";
import { ManualClock } from "../counter/manual-clock.ts";
import { temporaryFolder } from "../cli/temporary.ts";

const test = suite("the register");
const folder = temporaryFolder();
const STAMP = { operator: "OPERATOR-1", caseNumber: "C261126-001", time: 1_795_000_000 };
let count = 0;

function path(): string {
  const own = join(folder, String(++count));
  mkdirSync(own);
  return join(own, "register.db");
}

function written(version = MIGRATIONS.length): string {
  const at = path();
  const database = new sqlite.Database(at);
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  for (const sql of MIGRATIONS.slice(0, version)) database.exec(sql);
  seed(database);
  database.exec(`PRAGMA user_version = ${version}`);
  database.close();
  return at;
}

/** Refused with cause and next step, and not a byte of it has changed. */
function refusal(at: string): CounterFailure {
  const before = readFileSync(at);
  let refused: unknown;
  try {
    Register.open(at).close();
  } catch (error) {
    refused = error;
  }
  ok(refused instanceof CounterFailure, String(refused));
  ok(readFileSync(at).equals(before), "the file is as it was");
  match(refused.message, /it was left as it is; /);
  return refused;
}

test("a new register is its owner's alone, and is the same when it is opened again", () => {
  const at = path();
  const first = Register.open(at);
  first.setSuspended("100020003000417", true, "loss", STAMP);
  first.close();
  is(statSync(at).mode & 0o777, 0o600);
  const again = Register.open(at);
  is(again.ownerOf("100020003000417")?.card?.state, "suspended");
  again.close();
});

for (let version = 1; version < MIGRATIONS.length; version++)
  test(`a register of version ${version} is brought to this one, with everything in it`, () => {
    const at = written(version);
    const register = Register.open(at);
    is(register.household(1).length, 3);
    register.keepJournal("T-1", 1, [new Uint8Array(64)]);
    is(register.journal("T-1").length, 1);
    register.done("copy-handed-out", [1], STAMP);
    register.close();
    is(readFileSync(at).readUInt32BE(60), MIGRATIONS.length);
    // The books of an older file are closed to changes as well.
    const raw = new sqlite.Database(at);
    throws(() => raw.exec("DELETE FROM deed"), /only written to/);
    raw.close();
  });

test("a migration that fails half way leaves the file's version and tables as they were", () => {
  const at = written(2);
  const raw = new sqlite.Database(at);
  raw.exec("CREATE TABLE journal (other TEXT)");
  raw.close();
  match(refusal(at).why, /already exists/);
  is(readFileSync(at).readUInt32BE(60), 2);
});

test("a file that is damaged, cut off, empty, foreign or newer is refused and kept byte for byte", () => {
  const whole = readFileSync(written());
  const cases: readonly [string, (bytes: Buffer) => Buffer, RegExp][] = [
    ["nonsense", () => Buffer.from("not a database"), /no register, or its beginning is damaged/],
    ["nothing", () => Buffer.alloc(0), /no register/],
    [
      "a damaged beginning",
      (bytes) => Buffer.concat([Buffer.from("X"), bytes.subarray(1)]),
      /beginning is damaged/,
    ],
    ["the half of it", (bytes) => bytes.subarray(0, bytes.length / 2), /damaged|malformed/],
    [
      "a page of noise",
      (bytes) => Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(4096, 0x5a), bytes.subarray(8192)]),
      /damaged|malformed/,
    ],
    ["another program's", (bytes) => patched(bytes, 68, 7), /another program's database/],
    [
      "a newer release's",
      (bytes) => patched(bytes, 60, MIGRATIONS.length + 1),
      /a newer release has written it/,
    ],
    ["no version", (bytes) => patched(bytes, 60, 0), /no version/],
  ];
  for (const [name, damage, cause] of cases) {
    const at = path();
    writeFileSync(at, damage(Buffer.from(whole)), { mode: 0o600 });
    match(refusal(at).why, cause, name);
  }
});

function patched(bytes: Buffer, at: number, value: number): Buffer {
  bytes.writeUInt32BE(value, at);
  return bytes;
}

test("a start that was killed while it made its register leaves nothing that refuses the next one", () => {
  const at = path();
  const early = `${at}~`;
  writeFileSync(early, "half of it");
  mkdirSync(`${early}.lock`);
  const register = Register.open(at);
  is(register.household(1).length, 3);
  register.close();
  equal([existsSync(early), existsSync(`${early}.lock`)], [false, false]);
});

test("a seed that fails leaves no half register", () => {
  const at = path();
  throws(
    () =>
      openRegister(at, () => {
        throw new Error("no people");
      }),
    /no people/,
  );
  is(existsSync(at), false, "it gets its name when it is whole");
  Register.open(at).close();
});

test("the lock of a process that was killed does not lock the register for ever", () => {
  const at = written();
  mkdirSync(`${at}.lock`);
  const register = Register.open(at);
  is(register.find("まどぐち").length, 3);
  is(register.find("マドグチ").length, 3);
  register.close();
});

test("what is in the books is neither changed nor taken away", () => {
  const at = path();
  const register = Register.open(at);
  register.see(1, ["name"], STAMP);
  register.done("move-taken", [1], STAMP);
  register.answered({ request: "00", serial: "", outcome: "OK", verdict: "open", record: 1 }, STAMP);
  register.setSuspended("100020003000417", true, "loss", STAMP);
  register.close();
  const raw = new sqlite.Database(at);
  for (const table of ["seen", "deed", "answer", "suspension"]) {
    throws(() => raw.exec(`UPDATE ${table} SET operator = 'X'`), /only written to/, table);
    throws(() => raw.exec(`DELETE FROM ${table}`), /only written to/, table);
  }
  raw.close();
});

test("people are found by the beginning of name or reading, with or without the space, five at most, and by no pattern", () => {
  const register = Register.open();
  const names = (text: string): string[] => register.find(text).map(({ name }) => name);
  equal(names("窓口花"), ["窓口 花子"]);
  equal(names("まどぐち　は"), ["窓口 花子"]);
  equal(names("花子"), []);
  equal(names("%"), []);
  equal(names("_"), []);
  equal(names("' OR 1=1 --"), []);
  register.close();
});

test("cases are numbered by day, in the characters that the terminal takes", () => {
  const register = Register.open();
  const numbers = ["2026-11-26", "2026-11-26", "2026-11-27"].map((day) =>
    register.openCase("moving", day, "OPERATOR-1", 1),
  );
  equal(numbers, ["C261126-001", "C261126-002", "C261127-001"]);
  ok(numbers.every((number) => /^[A-Z0-9-]{1,16}$/.test(number)));
  register.close();
});

test("a journal that began anew is a series of its own, and nothing of the one before is lost", () => {
  const at = path();
  const register = Register.open(at);
  register.keepJournal("T-1", 1, [new Uint8Array(64).fill(1), new Uint8Array(64).fill(2)]);
  register.keepJournal("T-1", 1, [new Uint8Array(64).fill(3)], true);
  equal(
    register.journal("T-1").map(([first]) => first),
    [3],
  );
  throws(() => register.keepJournal("T-1", 1, [new Uint8Array(64)]), /UNIQUE/);
  register.close();
  const raw = new sqlite.Database(at);
  equal(raw.get("SELECT count(*) AS n FROM journal"), { n: 3 });
  raw.close();
});

test("the seeded operators have the passwords that the page tells, and no other", async () => {
  const register = Register.open();
  for (const [login, password] of [
    ["madoka", "madoguchi-1"],
    ["midori", "madoguchi-2"],
  ] as const) {
    const kept = register.operator(login)?.password;
    is(await isPassword(password, kept), true);
    is(await isPassword(`${password} `, kept), false);
  }
  register.close();
});

test("a password is kept as scrypt with a salt of its own; nobody's is never right", async () => {
  const [one, two] = [await keptPassword("秘密"), await keptPassword("秘密")];
  match(one, /^scrypt\$32768\$[\w+/]+=*\$[\w+/]+=*$/);
  ok(one !== two);
  is(await isPassword("秘密", one), true);
  is(await isPassword("", undefined), false);
  for (const kept of [
    "",
    "md5$1$a$b",
    "scrypt$32768$",
    one.replace(/\$[^$]*$/, "$"),
    one.replace("32768", "99999999"),
  ])
    is(await isPassword("秘密", kept), false, kept);
});

test("wrong passwords: three are free, then half a minute, doubled each time up to a quarter of an hour", async () => {
  const clock = new ManualClock();
  const throttle = new SignInThrottle(clock);
  const waits: number[] = [];
  for (let wrong = 0; wrong < 9; wrong++) {
    throttle.begin("madoka");
    waits.push(throttle.waitS("madoka"));
    await clock.pass(throttle.waitS("madoka") * 1_000_000);
    is(throttle.waitS("madoka"), 0);
  }
  equal(waits, [0, 0, 30, 60, 120, 240, 480, 900, 900]);
  throttle.right("madoka");
  throttle.begin("madoka");
  is(throttle.waitS("madoka"), 0);
});

test("ten wrong ones under any names let everybody wait, and names without end are not kept", async () => {
  const clock = new ManualClock();
  const throttle = new SignInThrottle(clock);
  for (let wrong = 0; wrong < 9; wrong++) throttle.begin(`name-${wrong}`);
  is(throttle.waitS("madoka"), 0);
  throttle.begin("name-9");
  is(throttle.waitS("madoka"), 30);
  for (let wrong = 0; wrong < 500; wrong++) throttle.begin(`more-${wrong}`);
  is(throttle.waitS("madoka"), 900);
  await clock.pass(900_000_000);
  is(throttle.waitS("madoka"), 0);
});

test.run();
