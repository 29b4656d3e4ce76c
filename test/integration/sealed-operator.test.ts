/** Operators from the command line, both programs as processes: sign-in by card and keys, checks in a name, the end of an emergency stop. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import { equal, is, match, ok } from "uvu/assert";
import { runCounter, startCounter, startSealedSim, type Ended, type SealedSim } from "./pcsc/sealed-sim.ts";

const test = suite("operators from the command line");
const directory = mkdtempSync(join(tmpdir(), "madoguchi-operator-"));
const closing: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
const LIMIT_MS = 30_000;
const PIN = "4649";
const OPERATOR = ["--operator", "OPERATOR-1", "--case", "CASE-17"];
const OTHER = ["--operator", "TANAKA", "--case", "CASE-17"];
const CHECK = ["--service", "moving", "--date", "2026-11-26"];
const said: string[] = [];
let count = 0;

test.after(async () => {
  for (const close of closing) await close();
});

async function started(...flags: readonly string[]): Promise<SealedSim> {
  const own = join(directory, String(++count));
  mkdirSync(own);
  const terminal = await startSealedSim(own, flags);
  closing.unshift(() => terminal.sim.stop());
  return terminal;
}

const trace = join(directory, "trace");
const terminal = started("--operators", "required", "--trace", trace);
terminal.catch(() => undefined);

async function words(command: string, flags: readonly string[]): Promise<string[]> {
  const { line, key } = await terminal;
  return [command, "--line", line, "--key", key, ...flags];
}

async function counter(command: string, ...flags: readonly string[]): Promise<Ended> {
  const ended = await runCounter(...(await words(command, flags)));
  said.push(ended.stdout, ended.stderr);
  return ended;
}

async function putIn(card: string, keys: string): Promise<void> {
  const { sim } = await terminal;
  await sim.do({ do: "autokeys", keys });
  await sim.do({ do: "insert", card });
}

async function takeOut(): Promise<void> {
  await (await terminal).sim.do({ do: "remove" });
}

async function signIn(card: string, keys: string, ...flags: readonly string[]): Promise<Ended> {
  await putIn(card, keys);
  const ended = await counter("sign-in", ...flags);
  await takeOut();
  return ended;
}

test("a check without an operator tells who is missing and what to do", async () => {
  const { code, stderr } = await counter("check-pin", ...CHECK, ...OPERATOR);
  is(code, 1);
  match(
    stderr,
    /the operator in whose name the check is asked for is not signed in at the terminal; sign in with/,
  );
});

test("a wrong PIN has exit code 3, the tries left and whose card it is", async () => {
  const { code, stdout, stderr } = await signIn("operator", "0000E");
  equal([code, stderr], [3, "counter: put the operator card into the terminal\n"]);
  equal(stdout, "outcome   WRONG\ntries     2\noperator  OPERATOR-1\n");
});

test("a card that is not genuine, and a resident's, have exit code 3", async () => {
  const forged = await signIn("operator-forged", `${PIN}E`, "--json");
  is(forged.code, 3);
  equal(JSON.parse(forged.stdout), {
    terminal: "SIMULATOR",
    outcome: "NOT_GENUINE",
    triesLeft: 3,
    operator: "OPERATOR-1",
  });
  const resident = await signIn("mynumber", "1234E");
  equal(
    [resident.code, resident.stdout],
    [3, "outcome   UNSUPPORTED\ntries     not known\noperator  none was read\n"],
  );
});

test("signed in, checks in the operator's name are made, and in no other", async () => {
  const signed = await signIn("operator", `${PIN}E`, "--language", "en", "--json");
  is(signed.code, 0, signed.stderr);
  equal(JSON.parse(signed.stdout), {
    terminal: "SIMULATOR",
    outcome: "OK",
    triesLeft: 3,
    operator: "OPERATOR-1",
  });
  await putIn("mynumber", "1234E");
  is((await counter("check-pin", ...CHECK, ...OPERATOR)).code, 0);
  const other = await counter("check-pin", ...CHECK, ...OTHER);
  is(other.code, 1);
  match(other.stderr, /is not signed in at the terminal; .*name the operator who is signed in/);
  await takeOut();
});

test("after the emergency stop an operator signs in and resumes; another name does not", async () => {
  is((await counter("suspend", ...OTHER)).code, 0);
  is((await counter("resume", ...OPERATOR)).code, 1);
  is((await signIn("operator", `${PIN}E`)).code, 0);
  const other = await counter("resume", ...OTHER);
  is(other.code, 1);
  match(other.stderr, /nobody of the staff stands at the terminal; turn the key switch .* or sign in/);
  equal((await counter("resume", ...OPERATOR)).stdout, "SIMULATOR: in service\n");
});

test("sign-out ends it", async () => {
  equal(await counter("sign-out"), { code: 0, stdout: "SIMULATOR: signed out\n", stderr: "" });
  is((await counter("check-pin", ...CHECK, ...OPERATOR)).code, 1);
});

test("a signal to sign-in ends it at the terminal as well", async () => {
  const { sim } = await terminal;
  const waiting = startCounter(...(await words("sign-in", [])));
  closing.unshift(() => waiting.stop());
  const endMs = performance.now() + LIMIT_MS;
  let page: unknown;
  do page = (await sim.do({ do: "state" }))["page"];
  while (page !== "insert-operator" && performance.now() < endMs);
  is(page, "insert-operator");
  waiting.child.kill("SIGTERM");
  await waiting.waitFor(/^outcome +CANCELLED$/m, LIMIT_MS);
});

test("the journal says it all in words, and no PIN was said or written anywhere", async () => {
  const { stdout } = await counter("read-journal");
  const lines = stdout.split("\n").map((line) => line.replace(/^ *\d+ +no clock +/, ""));
  const told = lines.filter((line) => /^(OPERATOR|ATTEMPT PIN object 6)/.test(line));
  equal(told[0], "ATTEMPT PIN object 6, operator OPERATOR-1, insertion 1");
  ok(told.includes("OPERATOR not genuine, operator OPERATOR-1, insertion 2"), told.join("\n"));
  ok(told.includes("OPERATOR ended, operator OPERATOR-1"), told.join("\n"));
  equal(told.at(-1), "OPERATOR signed out, operator OPERATOR-1");
  const { sim } = await terminal;
  await sim.stop();
  // Four digits may stand in a request's random number by chance.
  is(
    said
      .join("\n")
      .replace(/\b[0-9a-f]{32}\b/g, "")
      .includes(PIN),
    false,
    "a PIN was said",
  );
  // Four digits alone stand in a trace by chance; as the card gets them they do not.
  const written = [...said, sim.process.output(), readFileSync(trace, "latin1")].join("\n");
  is(written.includes(Buffer.from(PIN).toString("hex")), false, "a PIN was written");
  ok(written.includes("card-out"), "the trace has the card's wire");
});

test("--operators belongs to sealed terminals", async () => {
  const outcome: unknown = await startSealedSim(directory, [
    "--mode",
    "open",
    "--operators",
    "required",
  ]).catch((error: unknown) => error);
  match(outcome instanceof Error ? outcome.message : "it has started", /--operators: required belongs to/);
});

test.run();
