/** The journal of a running terminal in Debian's rsyslogd: what it understands of each line, over TCP and over UDP. */
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import { equal, is, match } from "uvu/assert";
import { RsyslogdProcess } from "./pcsc/rsyslogd-process.ts";
import { runCounter, startCounter, startSealedSim, type Ended, type SealedSim } from "./pcsc/sealed-sim.ts";

const test = suite("the journal in rsyslogd");
const directory = mkdtempSync(join(tmpdir(), "madoguchi-syslog-"));
const closing: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
/** RFC 5424: facility 13 (log audit), severity notice. */
const AUDIT_NOTICE = "109";
const LIMIT_MS = 20_000;

test.after(async () => {
  for (const close of closing) await close();
});

async function started(): Promise<SealedSim> {
  const terminal = await startSealedSim(directory);
  closing.unshift(() => terminal.sim.stop());
  return terminal;
}

async function collector(name: string): Promise<RsyslogdProcess> {
  const own = join(directory, name);
  mkdirSync(own);
  const made = await RsyslogdProcess.start(own);
  closing.unshift(() => made.stop());
  return made;
}

const terminal = started();
terminal.catch(() => undefined);

async function counter(command: string, ...flags: readonly string[]): Promise<Ended> {
  const { line, key } = await terminal;
  return runCounter(command, "--line", line, "--key", key, ...flags);
}

for (const kind of ["tcp", "udp"] as const) {
  test(`over ${kind} every record is a line whose fields are found`, async () => {
    const rsyslogd = await collector(kind);
    is((await counter("set-clock", "--time", "2026-11-26T09:00:00+09:00")).code, 0);
    const port = kind === "tcp" ? rsyslogd.tcpPort : rsyslogd.udpPort;
    const { code, stdout, stderr } = await counter(
      "syslog",
      "--collector",
      `${kind}:127.0.0.1:${port}`,
      "--json",
    );
    equal([code, stderr], [0, ""]);
    const { sent, last } = JSON.parse(stdout) as { sent: number; last: number };
    is(sent, last, "from the first on");
    const lines = await rsyslogd.lines("madoguchi", sent);
    is(lines.length, sent);
    equal(lines[0], [
      AUDIT_NOTICE,
      "SIMULATOR",
      "madoguchi",
      "-",
      "BOOT",
      '[journal@32473 sequence="1" detail="0"]',
    ]);
    equal(lines.at(-1)!.slice(0, 5), [AUDIT_NOTICE, "SIMULATOR", "madoguchi", "-", "CLOCK"]);
    match(lines.at(-1)![5]!, new RegExp(`^\\[journal@32473 sequence="${last}" `));
    const rest = await counter(
      "syslog",
      "--collector",
      `${kind}:127.0.0.1:${port}`,
      "--from",
      String(last + 1),
    );
    equal([rest.code, rest.stdout], [0, "no records\n"]);
  });
}

test("--follow sends what is new, leaves the line to other commands, and ends at a signal; its place outlives it", async () => {
  const { line, key } = await terminal;
  const rsyslogd = await collector("followed");
  const flags = ["--collector", `tcp:127.0.0.1:${rsyslogd.tcpPort}`, "--place", join(directory, "place")];
  const follow = startCounter("syslog", "--line", line, "--key", key, ...flags, "--follow", "--every", "1");
  closing.unshift(() => follow.stop());
  await follow.waitFor(/ records sent to /, LIMIT_MS);
  const before = Number(/the last is (\d+)/.exec(follow.output())?.[1]);
  is((await rsyslogd.lines("madoguchi", before)).length, before);
  // The key is the other program's for the moment of a turn.
  while ((await counter("set-clock", "--time", "2026-11-26T10:00:00+09:00")).code !== 0);
  is((await rsyslogd.lines("madoguchi", before + 1)).length, before + 1);
  const ended = once(follow.child, "close");
  follow.child.kill("SIGTERM");
  equal(await ended, [0, null]);
  is((await counter("set-clock", "--time", "2026-11-26T11:00:00+09:00")).code, 0);
  const rest = await counter("syslog", ...flags);
  match(rest.stdout, new RegExp(`^1 records sent to .*, the last is ${before + 2}\n$`));
  const lines = await rsyslogd.lines("madoguchi", before + 2);
  equal(
    lines.map((fields) => Number(/sequence="(\d+)"/.exec(fields[5]!)?.[1])),
    Array.from({ length: before + 2 }, (_, at) => at + 1),
  );
});

test("no collector there is told, and the terminal is free again", async () => {
  const gone = await collector("gone");
  await gone.stop();
  const { code, stderr } = await counter("syslog", "--collector", `tcp:127.0.0.1:${gone.tcpPort}`);
  is(code, 1);
  match(stderr, /^counter: tcp:127\.0\.0\.1:\d+: connection refused; look at --collector/);
  is((await counter("info")).code, 0);
});

test.run();
