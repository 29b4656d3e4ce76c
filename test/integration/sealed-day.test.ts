/** A day at the counter, both programs as processes: the clock, checks with a card and keys, lost lines, the journal kept and verified. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import { equal, is, match } from "uvu/assert";
import type { LoggedProcess } from "./pcsc/logged-process.ts";
import { runCounter, startCounter, startSealedSim, type Ended, type SealedSim } from "./pcsc/sealed-sim.ts";

const test = suite("a day at the sealed counter");
const directory = mkdtempSync(join(tmpdir(), "madoguchi-day-"));
const closing: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
const JOURNAL = join(directory, "journal.json");
const CHECK = ["--service", "moving", "--date", "2026-11-26", "--operator", "TANAKA", "--case", "CASE-17"];
const FIRST_ID = "000102030405060708090a0b0c0d0e0f";
const LIMIT_MS = 30_000;

interface Result {
  readonly outcome: string;
  readonly triesLeft?: number;
  readonly pinObject: number;
  readonly serial: string;
  readonly sequence: number;
}

test.after(async () => {
  for (const close of closing) await close();
});

async function started(): Promise<SealedSim> {
  const terminal = await startSealedSim(directory, ["--state", join(directory, "state")]);
  closing.unshift(() => terminal.sim.stop());
  return terminal;
}

const terminal = started();
terminal.catch(() => undefined);

async function words(command: string, flags: readonly string[]): Promise<string[]> {
  const { line, key } = await terminal;
  return [command, "--line", line, "--key", key, ...flags];
}

async function counter(command: string, ...flags: readonly string[]): Promise<Ended> {
  return runCounter(...(await words(command, flags)));
}

async function verify(): Promise<Ended> {
  const { auditor } = await terminal;
  return runCounter("verify-journal", JOURNAL, "--key", auditor);
}

/** A card that is not the last one; the keys that its owner types at each prompt. */
async function putIn(card: string, keys: string): Promise<void> {
  const { sim } = await terminal;
  await sim.do({ do: "autokeys", keys });
  await sim.do({ do: "insert", card });
}

async function takeOut(): Promise<void> {
  await (await terminal).sim.do({ do: "remove" });
}

/** Asks until the terminal shows `page`; a request takes its time, so that this is no busy loop. */
async function shows(page: string): Promise<void> {
  const { sim } = await terminal;
  const endMs = performance.now() + LIMIT_MS;
  let shown: unknown;
  do shown = (await sim.do({ do: "state" }))["page"];
  while (shown !== page && performance.now() < endMs);
  is(shown, page);
}

/** What is told as JSON lines: the question, if there was one, and the result. */
function told({ stdout }: Pick<Ended, "stdout">): [string | undefined, Result] {
  const steps = stdout.trim().split("\n");
  const result = JSON.parse(steps.at(-1)!) as Result;
  return [steps.length > 1 ? (JSON.parse(steps[0]!) as Result).serial : undefined, result];
}

/** A check whose question is on the screen, waiting for go or stop. */
async function askedCheck(id: string): Promise<LoggedProcess> {
  const check = startCounter(...(await words("check-pin", [...CHECK, "--ask", "--request-id", id])));
  closing.unshift(() => check.stop());
  await check.waitFor(/^card +\d{15}, valid until [\d-]+, insertion \d+$/m, LIMIT_MS);
  return check;
}

test("the clock is set, and told as it was set", async () => {
  const { code, stdout } = await counter("set-clock", "--time", "2026-11-26T09:00:00+09:00");
  equal([code, stdout], [0, "the terminal's clock is 2026-11-26T00:00:00Z\n"]);
});

let serial = "";

test("a right PIN is OK with exit code 0; the request id is told first, and get-result tells the same again", async () => {
  await putIn("mynumber", "1234E");
  const check = await counter("check-pin", ...CHECK, "--json", "--request-id", FIRST_ID);
  is(check.code, 0, check.stderr);
  is(check.stderr, `counter: request ${FIRST_ID}\n`);
  const [asked, result] = told(check);
  equal([result.outcome, result.triesLeft, result.serial], ["OK", 3, asked]);
  serial = result.serial;
  const again = await counter("get-result", "--request-id", FIRST_ID, "--json");
  equal([again.code, told(again)[1]], [0, result]);
  await takeOut();
});

test("a wrong PIN has exit code 3 and the tries that are left, in words as well", async () => {
  await putIn("mynumber", "9999E");
  const { code, stdout } = await counter("check-pin", ...CHECK);
  is(code, 3);
  match(stdout, /^card {6}\d{15}, valid until .*\noutcome {3}WRONG\ntries {5}2\nserial {4}\d{15}\n/);
  await takeOut();
});

test("a card that is suspended is stopped before its PIN is asked for", async () => {
  await putIn("mynumber", "");
  const flags = ["--suspended", "000000000000000", "--suspended", serial, "--json"];
  const check = await counter("check-pin", ...CHECK, ...flags);
  is(check.code, 3);
  match(check.stderr, /this card is suspended: stop/);
  is(told(check)[1].outcome, "SUSPENDED");
  await takeOut();
});

test("go and stop are read from standard input", async () => {
  await putIn("mynumber", "1234E");
  const go = await askedCheck("0a".repeat(16));
  go.child.stdin.write("go\n");
  await go.waitFor(/^outcome {3}OK$/m, LIMIT_MS);
  await takeOut();
  await putIn("mynumber", "");
  const stop = await askedCheck("0b".repeat(16));
  stop.child.stdin.write("stop\n");
  await stop.waitFor(/^outcome {3}SUSPENDED$/m, LIMIT_MS);
  await takeOut();
});

test("a change of PIN asks for all three entries; a card whose applications have two PINs is told by which, and keeps both", async () => {
  const day = CHECK.slice(CHECK.indexOf("--date"));
  await putIn("mynumber", "1234E5678E5678E");
  const change = await counter("change-pin", ...day, "--birth", "1940-02-03", "--json");
  is(change.code, 3);
  const { outcome, pinObject, triesLeft } = told(change)[1];
  equal([outcome, pinObject, triesLeft], ["WRONG", 1, 2]);
  await takeOut();
  await putIn("mynumber", "1234E");
  is(told(await counter("check-pin", ...CHECK, "--json"))[1].outcome, "OK");
  await takeOut();
});

test("a change of PIN is OK where both applications have the old one: from then on the new one is right", async () => {
  const day = CHECK.slice(CHECK.indexOf("--date"));
  await putIn("mynumber-same", "1234E0203E");
  const { sim } = await terminal;
  const id = "0e".repeat(16);
  const flags = [...day, "--birth", "1940-02-03", "--request-id", id];
  const change = startCounter(...(await words("change-pin", flags)));
  closing.unshift(() => change.stop());
  await shows("change-weak");
  await sim.do({ do: "keys", keys: "E7391E7391E" });
  await change.waitFor(/^outcome {3}OK$[^]*ended with 0/m, LIMIT_MS);
  await shows("take");
  await takeOut();
  const again = await counter("get-result", "--request-id", id, "--json");
  equal([again.code, told(again)[1].outcome], [0, "OK"]);
});

test("a signal ends a check as 取消 does, and its result is told", async () => {
  const id = "0c".repeat(16);
  await putIn("mynumber", "");
  const check = startCounter(...(await words("check-pin", [...CHECK, "--request-id", id])));
  closing.unshift(() => check.stop());
  await shows("pin");
  check.child.kill("SIGINT");
  await check.waitFor(/^outcome {3}CANCELLED$[^]*ended with 3/m, LIMIT_MS);
  await takeOut();
});

test("a line that is lost while the PIN is asked for: the result is asked for, and the check is not repeated", async () => {
  const { sim } = await terminal;
  await putIn("mynumber", "");
  const check = await askedCheck("0d".repeat(16));
  check.child.stdin.write("go\n");
  await shows("pin");
  await sim.do({ do: "line", plugged: false });
  await shows("cancelled");
  await sim.do({ do: "line", plugged: true });
  await check.waitFor(/asked what came of it[^]*^outcome {3}CANCELLED$[^]*ended with 3/m, 2 * LIMIT_MS);
  await takeOut();
});

test("a terminal that loses its power before a card has no result of that check, and says so", async () => {
  const { sim } = await terminal;
  const id = "0e".repeat(16);
  await putIn("mynumber", "");
  const check = await askedCheck(id);
  await sim.do({ do: "power", on: false });
  await sim.do({ do: "power", on: true });
  check.child.stdin.write("go\n");
  await check.waitFor(/no result of this request[^]*ended with 1/m, 2 * LIMIT_MS);
  const { code, stderr } = await counter("get-result", "--request-id", id);
  is(code, 1);
  match(stderr, /no result of this request: it was never begun, or another check has followed; look into/);
  await takeOut();
});

test("the journal is printed, kept, acknowledged behind that, and verified by the auditor's key", async () => {
  const { auditor } = await terminal;
  is(statSync(auditor).mode & 0o777, 0o600);
  const printed = await counter("read-journal");
  is(printed.code, 0, printed.stderr);
  match(printed.stdout, /^ +1 {2}no clock +BOOT power-on$/m);
  match(
    printed.stdout,
    /2026-11-26T00:0\d:\d\dZ {2}OUTCOME OK, operator TANAKA, case CASE-17, insertion \d+$/m,
  );
  match(printed.stdout, /OUTCOME WRONG/);
  const refused = await counter("read-journal", "--ack");
  equal([refused.code, existsSync(JOURNAL)], [2, false]);
  const kept = await counter("read-journal", "--out", JOURNAL, "--ack", "--json");
  is(kept.code, 0, kept.stderr);
  const { added, last, acknowledged } = JSON.parse(kept.stdout) as Record<string, number>;
  equal([added, acknowledged], [last, last]);
  const verdict = await verify();
  equal([verdict.code, verdict.stderr], [0, ""]);
  match(verdict.stdout, new RegExp(`^SIMULATOR: ${last} of ${last} records verified`));
});

test("the file goes on where it ended, and is verified again", async () => {
  is((await counter("set-clock")).code, 0);
  const more = await counter("read-journal", "--out", JOURNAL);
  match(more.stdout, /journal\.json: 1 records added, the last is \d+, acknowledged up to \d+$/m);
  is((await verify()).code, 0);
});

test("one byte that was changed in the file is named by its record, with exit code 1", async () => {
  const file = JSON.parse(readFileSync(JOURNAL, "utf8")) as { records: string[] };
  const third = file.records[2]!;
  file.records[2] = `${third.slice(0, 40)}${third[40] === "0" ? "1" : "0"}${third.slice(41)}`;
  writeFileSync(JOURNAL, JSON.stringify(file));
  const { code, stdout } = await verify();
  is(code, 1);
  const count = file.records.length;
  is(stdout, `SIMULATOR: 2 of ${count} records verified\nbreak: the code of record 3 is wrong\n`);
});

test.run();
