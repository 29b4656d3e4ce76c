/**
 * The counter client's pipe and bridge before stock software: OpenSSL's own TLS client, and pcscd with OpenSC as they are. In the
 * terminal's place stands a stock TLS server whose CCID messages are answered by the firmware of the bench image.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import { is, match } from "uvu/assert";
import { openPtyLine } from "../../host-sim/cli/line-pty.ts";
import type { OutsideLine } from "../../host-sim/cli/outside-line.ts";
import { REAL_CLOCK } from "../../host-sim/counter/counter-clock.ts";
import type { CounterWire, WireListener } from "../../host-sim/counter/counter-wire.ts";
import { KEY_FILE, makeDevelopmentPair } from "../../host-sim/counter/development-pair.ts";
import { openSerialWire } from "../../host-sim/counter/serial-wire.ts";
import { framed } from "../host-sim/counter/driver-host.ts";
import { helloAnswer, TerminalPeer } from "../host-sim/counter/terminal-peer.ts";
import { AUTH_PIN } from "./pcsc/jpki.ts";
import { LoggedProcess } from "./pcsc/logged-process.ts";
import { MountNamespace } from "./pcsc/mount-namespace.ts";
import { startPcscd } from "./pcsc/pcscd-process.ts";
import { SimProcess } from "./pcsc/sim-process.ts";

const BUNDLE = "build/counter.mjs";
const LIMIT_MS = 20_000;

/** The bench image's line, one message after the other; what its firmware answers goes to `onAnswer`. */
class BenchReader {
  private received = Buffer.alloc(0);

  constructor(
    private readonly wire: CounterWire,
    private readonly onAnswer: (message: Uint8Array) => void,
  ) {
    wire.listen({ bytes: (bytes) => this.hear(bytes), ended: () => undefined });
  }

  ask(message: Uint8Array): void {
    this.wire.write(framed(message));
  }

  close(): Promise<void> {
    return this.wire.close();
  }

  /** Echoes are told from answers by their type: requests are below 80. */
  private hear(bytes: Uint8Array): void {
    this.received = Buffer.concat([this.received, bytes]);
    for (;;) {
      while (this.received.length > 0 && this.received[0]! >= 0x80) this.received = this.received.subarray(1);
      if (this.received.length < 13) return;
      const total = 13 + this.received.readUInt32LE(3);
      if (this.received.length < total) return;
      const message = Uint8Array.from(this.received.subarray(2, total - 1));
      this.received = this.received.subarray(total);
      if (message[0]! >= 0x80) this.onAnswer(message);
    }
  }
}

/** Everything of one run, ended in the opposite order. */
class SealedStation {
  readonly closing: (() => unknown)[] = [];
  readonly directory = mkdtempSync(join(tmpdir(), "madoguchi-sealed-"));
  readonly pair = makeDevelopmentPair(this.directory);
  peer: TerminalPeer | undefined;
  sim: SimProcess | undefined;
  private namespace: MountNamespace | undefined;

  async open(): Promise<void> {
    this.closing.unshift(() => rmSync(this.directory, { recursive: true, force: true }));
    this.namespace = await MountNamespace.open();
    this.closing.unshift(() => this.namespace?.close());
    const bench = join(this.directory, "bench");
    mkdirSync(bench);
    const sim = await SimProcess.start(bench, ["--card", "mynumber"]);
    this.sim = sim;
    this.closing.unshift(() => sim.stop());
    const reader = new BenchReader(await openSerialWire(join(bench, "tty"), 115200), (message) =>
      this.peer?.socket?.write(message),
    );
    this.closing.unshift(() => reader.close());
    const line = this.openLine(reader);
    this.closing.unshift(() => line.close());
  }

  counter(...words: string[]): LoggedProcess {
    const started = new LoggedProcess("counter", [
      process.execPath,
      "--enable-source-maps",
      BUNDLE,
      ...words,
    ]);
    this.closing.unshift(() => started.stop());
    return started;
  }

  where(name: string): string {
    return join(this.directory, name);
  }

  inside(command: readonly string[]): string[] {
    return this.namespace?.inside(command) ?? [];
  }

  /** Runs a program to its end; resolves with what it printed. */
  async run(command: readonly string[], stdin = ""): Promise<string> {
    const program = new LoggedProcess(command[0]!, this.inside(command));
    program.child.stdin.end(stdin);
    await program.waitFor(/ended with/, LIMIT_MS);
    return program.output();
  }

  async close(): Promise<void> {
    for (const close of this.closing) await close();
  }

  private openLine(reader: BenchReader): OutsideLine {
    let listener: WireListener | undefined;
    const line = openPtyLine(this.where("line"), (bytes) => listener?.bytes(Uint8Array.from(bytes)));
    const end: CounterWire = {
      write: line.write,
      listen: (one) => (listener = one),
      close: () => Promise.resolve(),
    };
    const wires = { pc: end, terminal: end, pull: () => undefined, noise: () => undefined };
    this.peer = new TerminalPeer(REAL_CLOCK, wires, {
      psk: (identity) => (identity === this.pair.identity ? this.pair.psk : undefined),
      hello: helloAnswer(this.pair),
      answer: (message) => {
        reader.ask(message);
        return undefined;
      },
    });
    this.closing.unshift(() => this.peer?.end.close());
    return line;
  }
}

const test = suite("sealed line before stock software");
const station = new SealedStation();
let problem: unknown;
test.before(async () => {
  await station.open().catch((error: unknown) => (problem = error));
});
test.after(() => station.close());

function ready(): SimProcess {
  if (station.sim === undefined || problem !== undefined) throw problem;
  return station.sim;
}

test("OpenSSL's own client opens a session through the pipe", async () => {
  ready();
  const pipe = station.counter("pipe", "--line", station.where("line"), "--tcp", "0");
  await pipe.waitFor(/^127\.0\.0\.1:\d+$/m, LIMIT_MS);
  const address = /^127\.0\.0\.1:\d+$/m.exec(pipe.output())![0];
  const psk = Buffer.from(station.pair.psk).toString("hex");
  const suiteFlags = ["-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_SHA256", "-groups", "X25519"];
  const keyFlags = ["-allow_no_dhe_kex", "-psk", psk, "-psk_identity", station.pair.identity];
  const output = await station.run(["openssl", "s_client", "-connect", address, ...suiteFlags, ...keyFlags]);
  match(output, /Reused, TLSv1\.3, Cipher is TLS_AES_128_CCM_SHA256/);
  await pipe.stop();
});

test("pcscd and OpenSC find reader, PIN pad and card through the bridge, and the session may end in between", async () => {
  const sim = ready();
  const pty = station.where("tty");
  const bridge = station.counter(
    ...["bridge", "--line", station.where("line"), "--key", station.where(KEY_FILE), "--pty", pty],
  );
  await bridge.waitFor(/\/tty$/m, LIMIT_MS);
  const daemon = await startPcscd(station.directory, "errors", (command) => station.inside(command));
  station.closing.unshift(() => daemon.stop());
  match(await station.run(["opensc-tool", "-l"]), /^0 +Yes +PIN pad +Madoguchi 00 00$/m);
  match(await station.run(["pkcs15-tool", "--read-certificate", "01"]), /-----BEGIN CERTIFICATE-----/);
  await sim.do({ do: "autokeys", keys: `${AUTH_PIN}E` });
  writeFileSync(station.where("script"), "apdu 00A4020C020018\nverify CHV128\n");
  const explorer = ["opensc-explorer", "-c", "default", "-m", "aid:D392F000260100000001"];
  match(await station.run([...explorer, station.where("script")]), /Code correct/);

  const again = bridge.waitFor(/session open again/, LIMIT_MS);
  station.peer?.end.disconnect();
  await again;
  is(/session lost/.test(bridge.output()), true);
  // The host sees the card go and come: then the same commands work.
  match(await station.run(["opensc-tool", "--wait", "-a"]), /^3b:e0:00:ff:81:31:fe:45:14$/m);
});

test.run();
