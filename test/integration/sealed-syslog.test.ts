/** The journal of a running terminal in Debian's rsyslogd: what it understands of each line, over TCP and over UDP. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import { equal, is, match } from "uvu/assert";
import { RsyslogdProcess } from "./pcsc/rsyslogd-process.ts";
import { runCounter, startSealedSim, type Ended, type SealedSim } from "./pcsc/sealed-sim.ts";

const test = suite("the journal in rsyslogd");
const directory = mkdtempSync(join(tmpdir(), "madoguchi-syslog-"));
const closing: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
/** RFC 5424: facility 13 (log audit), severity notice. */
const AUDIT_NOTICE = "109";

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

test("no collector there is told, and the terminal is free again", async () => {
  const gone = await collector("gone");
  await gone.stop();
  const { code, stderr } = await counter("syslog", "--collector", `tcp:127.0.0.1:${gone.tcpPort}`);
  is(code, 1);
  match(stderr, /^counter: tcp:127\.0\.0\.1:\d+: connection refused; look at --collector/);
  is((await counter("info")).code, 0);
});

test.run();
