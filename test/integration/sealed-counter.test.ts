/** The counter client before the sealed simulator, both as processes: who is there, what fails with which cause, kept memory, the bridge alone. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import { equal, is, match } from "uvu/assert";
import { KEY_FILE, makeDevelopmentPair } from "../../host-sim/counter/development-pair.ts";
import { openTerminal } from "../../host-sim/counter/connect.ts";
import { REAL_CLOCK } from "../../host-sim/counter/counter-clock.ts";
import { readKeyFile, writeKeyFile } from "../../host-sim/counter/key-file.ts";
import { nextPskOf } from "../../host-sim/counter/next-key.ts";
import { openSerialWire } from "../../host-sim/counter/serial-wire.ts";
import { call } from "../../host-sim/counter/terminal-call.ts";
import { framed } from "../host-sim/counter/driver-host.ts";
import { runCounter, startBridge, startSealedSim, type Ended, type SealedSim } from "./pcsc/sealed-sim.ts";

const test = suite("counter client before a sealed terminal");
const directory = mkdtempSync(join(tmpdir(), "madoguchi-sealed-"));
const closing: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
const REKEY = 0x35;
let count = 0;

test.after(async () => {
  for (const close of closing) await close();
});

/** Each with a directory of its own. */
async function started(...flags: readonly string[]): Promise<SealedSim> {
  const own = join(directory, String(++count));
  mkdirSync(own);
  const terminal = await startSealedSim(own, flags);
  closing.unshift(() => terminal.sim.stop());
  return terminal;
}

function info({ line, key }: Pick<SealedSim, "line" | "key">, ...more: readonly string[]): Promise<Ended> {
  return runCounter("info", "--line", line, "--key", key, ...more);
}

/** Starts with `flags`, must fail; resolves with what it said. */
async function refusalOf(...flags: readonly string[]): Promise<string> {
  const outcome: unknown = await started(...flags).catch((error: unknown) => error);
  if (outcome instanceof Error) return outcome.message;
  throw new Error("it has started");
}

const terminal = started();
terminal.catch(() => undefined);

test("info tells who the terminal is, its image and why it started", async () => {
  const { code, stdout, stderr } = await info(await terminal);
  equal([code, stderr], [0, ""]);
  equal(stdout.trim().split("\n"), [
    "terminal  SIMULATOR",
    "counter   COUNTER-1",
    "image     development",
    "started   power-on",
  ]);
  const found = JSON.parse((await info(await terminal, "--json")).stdout) as object;
  equal(found, {
    terminal: "SIMULATOR",
    counter: "COUNTER-1",
    image: "development",
    reason: "power-on",
    part: "none",
  });
});

test("state tells mode, line, key, power, case and cable", async () => {
  const { sim, line, key } = await terminal;
  const state = await sim.do({ do: "state" });
  const shown = ["mode", "key", "power", "case", "plugged", "page"].map((name) => state[name]);
  equal(shown, ["sealed", key, "on", "closed", true, "insert"]);
  is(`tcp:${String(state["line"])}`, line);
  is(statSync(key).mode & 0o777, 0o600);
});

test("an opened case is told with what to do about it: the terminal's keys are gone", async () => {
  const opened = await started();
  is((await info(opened)).code, 0);
  await opened.sim.do({ do: "case" });
  const { code, stderr } = await info(opened);
  is(code, 1);
  match(stderr, /cannot use its keys: its case was opened, .*\(alert 80\); .*provision it anew/);
  const { stdout } = await info(opened, "--json");
  is((JSON.parse(stdout) as { error: { kind: string } }).error.kind, "key");
});

const OTHERS: readonly (readonly [string, { terminal: string; counter: string }, RegExp])[] = [
  [
    "a key of other secret",
    { terminal: "SIMULATOR", counter: "COUNTER-1" },
    /another key for this pair \(alert 51\); use the key file of this terminal's pairing/,
  ],
  [
    "a key of another pair",
    { terminal: "SIMULATOR", counter: "COUNTER-9" },
    /does not know this pair \(alert 115\); use the key file of this terminal's pairing/,
  ],
];
for (const [who, names, told] of OTHERS) {
  test(`${who} has exit code 1, the cause and the next step`, async () => {
    const { line } = await terminal;
    const other = join(directory, `other-${++count}`);
    mkdirSync(other, { mode: 0o700 });
    makeDevelopmentPair(other, names);
    const { code, stdout, stderr } = await info({ line, key: join(other, KEY_FILE) });
    equal([code, stdout], [1, ""]);
    match(stderr, told);
    is((await info(await terminal)).code, 0, "the right one is served");
  });
}

test("no key file, and no simulator there, have exit code 1, the cause and the next step", async () => {
  const { line } = await terminal;
  const none = await info({ line, key: join(directory, "no.key") });
  is(none.code, 1);
  match(none.stderr, /no\.key: there is no such file; --key names the file that the pairing wrote/);
  const gone = await started();
  // It takes its key away with it.
  const key = join(directory, KEY_FILE);
  writeFileSync(key, readFileSync(gone.key), { mode: 0o600 });
  await gone.sim.stop();
  is(existsSync(gone.key), false);
  const { code, stderr } = await info({ line: gone.line, key });
  is(code, 1);
  match(
    stderr,
    /^counter: tcp:127\.0\.0\.1:\d+: connection refused; is the simulator running, and on this port\?/,
  );
});

test("a town image shows 使用中止 and does not know a pair that was made for development", async () => {
  const town = await started("--mode", "town");
  is((await town.sim.do({ do: "state" }))["page"], "out-of-service");
  const { code, stderr } = await info(town);
  is(code, 1);
  match(stderr, /does not know this pair \(alert 115\)/);
});

test("a terminal whose case was opened is out of service and proves itself to nobody", async () => {
  const opened = await started();
  is((await info(opened)).code, 0);
  equal(await opened.sim.do({ do: "case" }), { ok: true, case: "opened" });
  is((await info(opened)).code, 1);
  const state = await opened.sim.do({ do: "state" });
  equal([state["case"], state["page"]], ["opened", "tamper"]);
});

test("--state outlives a simulator that is killed, and nobody else uses it meanwhile", async () => {
  const state = join(directory, "kept");
  const first = await started("--state", state);
  is(first.key, join(state, KEY_FILE));
  is((await info(first)).code, 0);
  match(await refusalOf("--state", state), /the simulator with process number \d+ uses it; choose another/);
  first.sim.process.child.kill("SIGKILL");
  await once(first.sim.process.child, "close");
  const key = readFileSync(first.key);
  const second = await started("--state", state);
  is(readFileSync(second.key).equals(key), true);
  is((await info(second)).code, 0);
  await second.sim.stop();
  is(existsSync(second.key), true, "a directory of the user's stays");
  rmSync(second.key);
  match(await refusalOf("--state", state), /a terminal's memory is there, but no counter\.key/);
  writeFileSync(second.key, key, { mode: 0o600 });
  const memory = join(state, "memory.bin");
  const damaged = readFileSync(memory).subarray(1);
  writeFileSync(memory, damaged);
  match(await refusalOf("--state", state), /memory\.bin is damaged; it was left as it is/);
  is(readFileSync(memory).equals(damaged), true);
});

test("the emergency stop holds until staff with the case key end it", async () => {
  const sealed = await started();
  const staff = (command: string): ReturnType<typeof runCounter> =>
    runCounter(
      command,
      "--line",
      sealed.line,
      "--key",
      sealed.key,
      "--operator",
      "SATO",
      "--case",
      "CASE-99",
    );
  const page = async (): Promise<unknown> => (await sealed.sim.do({ do: "state" }))["page"];
  equal(await staff("suspend"), { code: 0, stdout: "SIMULATOR: suspended\n", stderr: "" });
  is(await page(), "out-of-service");
  const check = ["--service", "moving", "--date", "2026-11-26", "--operator", "SATO", "--case", "CASE-99"];
  const refused = await runCounter("check-pin", "--line", sealed.line, "--key", sealed.key, ...check);
  is(refused.code, 1);
  match(refused.stderr, /the terminal is suspended; end the emergency stop with resume/);
  for (const command of ["resume", "release"]) {
    const { code, stderr } = await staff(command);
    is(code, 1);
    match(stderr, /nobody of the staff stands at the terminal; turn the key switch/);
  }
  await sealed.sim.do({ do: "casekey", service: true });
  is((await staff("release")).code, 0);
  is((await staff("resume")).code, 0);
  is(await page(), "insert");
});

function rekey({ line, key }: Pick<SealedSim, "line" | "key">): Promise<Ended> {
  return runCounter("rekey", "--line", line, "--key", key);
}

/** The details of the journal's KEY records. */
async function keyRecords({ line, key }: SealedSim): Promise<number[]> {
  const { stdout } = await runCounter("read-journal", "--line", line, "--key", key, "--json");
  const { records } = JSON.parse(stdout) as { records: { event: string; detail: number }[] };
  return records.filter(({ event }) => event === "KEY").map(({ detail }) => detail);
}

test("rekey replaces the key: a copy of the old file is of no use, and the new one outlives a restart", async () => {
  const state = join(directory, "rekeyed");
  const first = await started("--state", state);
  const copy = join(directory, "old.key");
  writeFileSync(copy, readFileSync(first.key), { mode: 0o600 });
  for (let i = 0; i < 2; i++) {
    const { code, stdout } = await rekey(first);
    equal([code, stdout], [0, "SIMULATOR: rekeyed\n"]);
  }
  is(statSync(first.key).mode & 0o777, 0o600);
  const old = await info({ line: first.line, key: copy });
  is(old.code, 1);
  match(old.stderr, /another key for this pair \(alert 51\)/);
  equal(await keyRecords(first), [1, 2, 1, 2]);
  await first.sim.stop();
  const second = await started("--state", state);
  is((await info(second)).code, 0);
  is((await info({ line: second.line, key: copy })).code, 1);
  await second.sim.stop();
  writeFileSync(first.key, readFileSync(copy), { mode: 0o600 });
  match(await refusalOf("--state", state), /counter\.key is not of the pair that this terminal has/);
});

test("a rekey that a restart has cut in two comes to its end, with the file on either side of its step", async () => {
  for (const isWritten of [false, true]) {
    const state = join(directory, `cut-${String(isWritten)}`);
    const first = await started("--state", state);
    const key = readKeyFile(first.key);
    const port = Number(first.line.split(":").at(-1));
    const address = { kind: "tcp", host: "127.0.0.1", port, baud: 115200 } as const;
    const open = await openTerminal(address, key, REAL_CLOCK);
    await call(open.session, REKEY, new Uint8Array());
    await open.close();
    if (isWritten) writeKeyFile(first.key, { ...key, psk: nextPskOf(key.psk, key) });
    await first.sim.stop();
    const second = await started("--state", state);
    if (isWritten) is((await info(second)).code, 0);
    else equal([(await info(second)).code, (await rekey(second)).code], [0, 0]);
    equal(await keyRecords(second), [1, 2], `written: ${String(isWritten)}`);
    const now = readKeyFile(second.key);
    equal(now.psk, nextPskOf(key.psk, key));
    writeKeyFile(second.key, key);
    match((await info(second)).stderr, /alert 51/, "the old one");
    await second.sim.stop();
  }
});

test("the serial line does as well", async () => {
  const pty = join(directory, "line");
  const serial = await started("--line", `pty:${pty}`);
  is((await info({ line: pty, key: serial.key })).code, 0);
});

/** PC_to_RDR_Escape, and a question that the driver asks at its start. */
function escape(...data: readonly number[]): Uint8Array {
  return framed(Uint8Array.of(0x6b, data.length, 0, 0, 0, 0, 1, 0, 0, 0, ...data));
}

test("the bridge passes none of the terminal's own commands, and its pty is this user's alone", async () => {
  const sealed = await terminal;
  const pty = join(directory, "reader");
  const bridge = await startBridge(sealed, pty);
  closing.unshift(() => bridge.stop());
  equal([statSync(pty).mode & 0o777, statSync(directory).mode & 0o077], [0o600, 0]);
  const wire = await openSerialWire(pty, 115200);
  const answerTo = (request: Uint8Array): Promise<Buffer> =>
    new Promise((resolve) => {
      let came = Buffer.alloc(0);
      wire.listen({
        bytes(bytes) {
          came = Buffer.concat([came, bytes]);
          const at = came.indexOf(Buffer.of(0x03, 0x06, 0x83));
          if (at >= 0 && came.length > at + 12) resolve(came.subarray(at + 2));
        },
        ended: () => undefined,
      });
      wire.write(request);
    });
  for (const own of [[0x4d, 0x01], [0x4d, 0x10, 1, 1], [0x4d, 0x20], [0x4d, 0x40, 0, 0, 0, 0], [0x4d]]) {
    const answer = await answerTo(escape(...own));
    equal([answer[1], answer[7]! & 0x40, answer[8]], [0, 0x40, 0], `4D ${own[1]}: failed, not supported`);
  }
  const firmware = await answerTo(escape(0x02));
  equal([firmware[7]! & 0x40, firmware[1]! > 0], [0, true], "the driver's own question passes");
  await wire.close();
  await bridge.stop();
  is(existsSync(pty), false);
  is((await info(sealed)).code, 0, "the line is free again");
});

test.run();
