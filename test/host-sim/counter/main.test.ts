/** The counter client as users start it: bundled, in a process of its own, in real time. Few, for each takes a moment. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { constants } from "node:crypto";
import { once } from "node:events";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { suite } from "uvu";
import { equal, is, match } from "uvu/assert";
import { openTcpLine } from "../../../host-sim/cli/line-tcp.ts";
import { openPtyLine } from "../../../host-sim/cli/line-pty.ts";
import type { OutsideLine } from "../../../host-sim/cli/outside-line.ts";
import { REAL_CLOCK } from "../../../host-sim/counter/counter-clock.ts";
import type { WireListener } from "../../../host-sim/counter/counter-wire.ts";
import { makeDevelopmentPair } from "../../../host-sim/counter/development-pair.ts";
import { nextPskOf } from "../../../host-sim/counter/next-key.ts";
import { temporaryFolder } from "../cli/temporary.ts";
import { bundleProgram } from "../../program-bundle.ts";
import { helloAnswer, reply, TerminalPeer } from "./terminal-peer.ts";

const test = suite("counter client");
const folder = temporaryFolder();
let bundle = "";
const KEY_PATH = join(folder, "counter.key");
const pair = makeDevelopmentPair(folder);
const children = new Set<ChildProcessWithoutNullStreams>();
process.on("exit", () => children.forEach((child) => child.kill("SIGKILL")));

test.before(() => {
  bundle = bundleProgram("host-sim/counter/main.ts", "counter-test");
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Client {
  readonly child: ChildProcessWithoutNullStreams;
  /** The first line that it prints. */
  readonly firstLine: Promise<string>;
  readonly ended: Promise<Ended>;
}

function start(...words: string[]): Client {
  const child = spawn(process.execPath, [bundle, ...words]);
  children.add(child);
  let stdout = "";
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const firstLine = new Promise<string>((found) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      if (stdout.includes("\n")) found(stdout.slice(0, stdout.indexOf("\n")));
    });
  });
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return { child, firstLine, ended };
}

const REKEY = 0x35;

/** A key of its own, and a terminal that takes `keys` and does not answer Rekey when `onRekey` says so. */
async function rekeyed(
  name: string,
  onSession: (session: number, kill: () => void) => void = () => undefined,
  onRekey: (kill: () => void) => boolean = () => true,
) {
  const own = join(folder, name);
  mkdirSync(own);
  const { psk, ...names } = makeDevelopmentPair(own);
  const path = join(own, "counter.key");
  const keys = [psk, nextPskOf(psk, names)];
  const hexInFile = (): string => (JSON.parse(readFileSync(path, "utf8")) as { psk: string }).psk;
  let sessions = 0;
  let client: Client | undefined;
  const kill = (): void => void client?.child.kill("SIGKILL");
  let listener: WireListener | undefined;
  const line = await openTcpLine(0, (bytes) => listener?.bytes(Uint8Array.from(bytes)));
  const end = {
    write: line.write,
    listen: (one: WireListener | undefined) => void (listener = one),
    close: () => Promise.resolve(),
  };
  const peer = new TerminalPeer(
    REAL_CLOCK,
    { pc: end, terminal: end, pull: () => undefined, noise: () => undefined },
    {
      psk: () => {
        onSession(++sessions, kill);
        // The peer's client says itself which key it has: it is in the file.
        return keys.find((key) => Buffer.from(key).toString("hex") === hexInFile());
      },
      hello: helloAnswer(names, 0, [1, 1, 0]),
      answer: (message) => (message[11] === REKEY && onRekey(kill) ? reply(message, 0x83, [0]) : undefined),
    },
  );
  const run = (...more: string[]): Promise<Ended> =>
    (client = start("rekey", "--line", `tcp:${line.address}`, "--key", path, ...more)).ended;
  const close = (): void => {
    peer.end.close();
    line.close();
  };
  return { path, own, hexes: keys.map((key) => Buffer.from(key).toString("hex")), hexInFile, run, close };
}

/** A terminal of this pair at the other end of a line that other processes can open. */
async function terminal(
  kind: "pty" | "tcp",
  psk = pair.psk,
  behindHello: "answers" | "hangs up" = "answers",
): Promise<OutsideLine> {
  let listener: WireListener | undefined;
  const hear = (bytes: Uint8Array): void => listener?.bytes(Uint8Array.from(bytes));
  const line = kind === "pty" ? openPtyLine(join(folder, "line"), hear) : await openTcpLine(0, hear);
  const end = {
    write: line.write,
    listen: (one: WireListener | undefined) => void (listener = one),
    close: () => Promise.resolve(),
  };
  const peer = new TerminalPeer(
    REAL_CLOCK,
    { pc: end, terminal: end, pull: () => undefined, noise: () => undefined },
    {
      psk: () => psk,
      hello: helloAnswer(pair, 0, [1, 1, 0]),
      answer(message) {
        if (behindHello === "hangs up") return void setImmediate(() => peer.end.disconnect());
        return reply(message, message[0] === 0x6b ? 0x83 : 0x81, []);
      },
    },
  );
  return {
    ...line,
    close() {
      peer.end.close();
      line.close();
    },
  };
}

test("info tells who the terminal is, over a serial device, and leaves no lock", async () => {
  const line = await terminal("pty");
  const { code, stdout, stderr } = await start("info", "--line", line.address, "--key", KEY_PATH).ended;
  equal([code, stderr], [0, ""]);
  equal(stdout.trim().split("\n"), [
    "terminal  SIMULATOR",
    "counter   COUNTER-1",
    "image     development",
    "started   watchdog, part keypad",
  ]);
  is(existsSync(`${KEY_PATH}.lock`), false);
  line.close();
});

test("info --json prints one object, over TCP", async () => {
  const line = await terminal("tcp");
  const { code, stdout } = await start("info", "--line", `tcp:${line.address}`, "--key", KEY_PATH, "--json")
    .ended;
  is(code, 0);
  equal(JSON.parse(stdout), {
    terminal: "SIMULATOR",
    counter: "COUNTER-1",
    image: "development",
    reason: "watchdog",
    part: "keypad",
  });
  line.close();
});

test("a failure has the exit code 1, its cause on standard error and with --json as one object", async () => {
  const line = await terminal("tcp", new Uint8Array(32));
  const { code, stdout, stderr } = await start(
    "info",
    "--line",
    `tcp:${line.address}`,
    "--key",
    KEY_PATH,
    "--json",
  ).ended;
  is(code, 1);
  is((JSON.parse(stdout) as { error: { kind: string } }).error.kind, "key");
  match(stderr, /^counter: the terminal has another key for this pair/);
  line.close();
});

test("an answer that was lost is told with what may be done: what is harmless may be run again", async () => {
  const line = await terminal("tcp", pair.psk, "hangs up");
  const at = ["--line", `tcp:${line.address}`, "--key", KEY_PATH];
  const { code, stdout, stderr } = await start("set-clock", ...at).ended;
  equal([code, stdout], [1, ""]);
  match(stderr, /the outcome is not known: .*; run it again: it does no harm when it was done already\n$/);
  is(existsSync(`${KEY_PATH}.lock`), false);
  line.close();
});

test("a terminal that does not know a command refuses it, and the key's lock is gone", async () => {
  const line = await terminal("tcp");
  const at = ["--line", `tcp:${line.address}`, "--key", KEY_PATH, "--json"];
  const { code, stdout, stderr } = await start("read-journal", ...at).ended;
  is(code, 1);
  is((JSON.parse(stdout) as { error: { kind: string } }).error.kind, "refused");
  match(stderr, /does not do command 64 now: no result/);
  is(existsSync(`${KEY_PATH}.lock`), false);
  line.close();
});

test("rekey tells its steps, replaces the file with mode 600, and leaves neither lock nor half a file", async () => {
  const bench = await rekeyed("rekey");
  const { code, stdout, stderr } = await bench.run("--json");
  equal([code, JSON.parse(stdout)], [0, { terminal: "SIMULATOR", counter: "COUNTER-1", done: "rekeyed" }]);
  equal(stderr.trim().split("\n"), [
    "counter: the terminal takes the next key as well as the old one",
    "counter: the key file has the new key",
  ]);
  equal([bench.hexInFile(), statSync(bench.path).mode & 0o777], [bench.hexes[1], 0o600]);
  equal(readdirSync(bench.own), ["counter.key"]);
  bench.close();
});

test("rekey through a link replaces what it names", async () => {
  const bench = await rekeyed("rekey-link");
  const real = join(bench.own, "real.key");
  renameSync(bench.path, real);
  symlinkSync(real, bench.path);
  equal([(await bench.run()).stdout, lstatSync(bench.path).isSymbolicLink()], ["SIMULATOR: rekeyed\n", true]);
  is((JSON.parse(readFileSync(real, "utf8")) as { psk: string }).psk, bench.hexes[1]);
  bench.close();
});

test("a rekey that is killed has the old key in its file before the answer, and the new one behind it; again it comes to its end", async () => {
  let isToDie = true;
  const before = await rekeyed("rekey-killed", undefined, (kill) => {
    if (isToDie) kill();
    return !isToDie;
  });
  is((await before.run()).code, null);
  is(before.hexInFile(), before.hexes[0]);
  isToDie = false;
  equal(
    [(await before.run()).code, before.hexInFile()],
    [0, before.hexes[1]],
    "a dead process's lock is taken over",
  );
  before.close();

  const behind = await rekeyed("rekey-killed-later", (session, kill) => {
    if (session === 2) kill();
  });
  const { code, stdout } = await behind.run();
  equal([code, stdout, behind.hexInFile()], [null, "", behind.hexes[1]]);
  behind.close();
});

test("wrong usage has the exit code 2, help 0", async () => {
  const [wrong, help] = await Promise.all([start("info").ended, start("--help").ended]);
  equal([wrong.code, wrong.stdout], [2, ""]);
  equal([help.code, help.stderr], [0, ""]);
});

test("pipe serves a stock TLS client and ends at a signal", async () => {
  const line = await terminal("tcp");
  const client = start("pipe", "--line", `tcp:${line.address}`, "--tcp", "0");
  const address = await client.firstLine;
  match(address, /^127\.0\.0\.1:\d+$/);
  const socket = connectTls({
    port: Number(address.split(":")[1]),
    minVersion: "TLSv1.3",
    ciphers: "TLS_AES_128_CCM_SHA256",
    ecdhCurve: "X25519",
    secureOptions: constants.SSL_OP_ALLOW_NO_DHE_KEX,
    pskCallback: () => ({ psk: pair.psk, identity: pair.identity }),
  });
  await once(socket, "secureConnect");
  is(socket.isSessionReused(), true);
  socket.on("error", () => undefined);
  client.child.kill("SIGTERM");
  is((await client.ended).code, 0);
  line.close();
});

test("bridge makes its pty, holds the key's lock, and takes both away at a signal", async () => {
  const line = await terminal("tcp");
  const pty = join(folder, "reader");
  const client = start("bridge", "--line", `tcp:${line.address}`, "--key", KEY_PATH, "--pty", pty);
  is(await client.firstLine, pty);
  is(statSync(pty).mode & 0o777, 0o600);
  const second = await start("info", "--line", `tcp:${line.address}`, "--key", KEY_PATH).ended;
  is(second.code, 1);
  match(second.stderr, new RegExp(`process ${client.child.pid} uses this key`));
  client.child.kill("SIGINT");
  is((await client.ended).code, 0);
  equal([existsSync(pty), existsSync(`${KEY_PATH}.lock`)], [false, false]);
  line.close();
});

test("a pipe whose simulator ends is over, with the cause", async () => {
  const line = await terminal("tcp");
  const client = start("pipe", "--line", `tcp:${line.address}`, "--tcp", "0", "--json");
  const { address } = JSON.parse(await client.firstLine) as { address: string };
  connect(Number(address.split(":")[1]), "127.0.0.1").on("error", () => undefined);
  line.close();
  const { code, stderr } = await client.ended;
  is(code, 1);
  match(stderr, /counter: tcp:127\.0\.0\.1:\d+: the (other end|connection)/);
});

test.run();
