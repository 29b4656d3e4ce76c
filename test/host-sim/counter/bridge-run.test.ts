import { chmodSync, constants, existsSync, mkdirSync, openSync, statSync } from "node:fs";
import { join } from "node:path";
import { ReadStream } from "node:tty";
import { suite } from "uvu";
import { equal, is, match } from "uvu/assert";
import { BridgeRun } from "../../../host-sim/counter/bridge-run.ts";
import { openSession, type Terminal } from "../../../host-sim/counter/connect.ts";
import { REAL_CLOCK } from "../../../host-sim/counter/counter-clock.ts";
import { CounterFailure } from "../../../host-sim/counter/counter-failure.ts";
import { openPrivatePty } from "../../../host-sim/counter/private-pty.ts";
import { temporaryFolder } from "../cli/temporary.ts";
import { framed, request } from "./driver-host.ts";
import { BAUD, failure, KEY, reply, TerminalPeer } from "./terminal-peer.ts";
import { wirePair, type WirePair } from "./wire-pair.ts";

const test = suite("bridge at work");
const folder = temporaryFolder();

/** The driver's end of the pty, opened as pcscd does. */
class Driver {
  private readonly port: ReadStream;
  private received = Buffer.alloc(0);
  private wake: () => void = () => undefined;

  constructor(path: string) {
    this.port = new ReadStream(openSync(path, constants.O_RDWR | constants.O_NOCTTY));
    this.port.on("data", (bytes: Buffer) => {
      this.received = Buffer.concat([this.received, bytes]);
      this.wake();
    });
    this.port.on("error", () => undefined);
  }

  /** bStatus of the answer to GetSlotStatus. */
  async slotStatus(): Promise<number> {
    this.received = Buffer.alloc(0);
    this.port.write(framed(request(0x65)));
    while (this.received.length < 26) await new Promise<void>((resolve) => (this.wake = resolve));
    return this.received[13 + 2 + 7]!;
  }

  close(): void {
    this.port.destroy();
  }
}

/** Bridges whose sessions are made over lines of their own, with a terminal that has an active card; `wires` are the lines so far. */
function bridge(path: string, fails: () => CounterFailure | undefined = () => undefined) {
  const wires: WirePair[] = [];
  const notices: string[] = [];
  let tell: (text: string) => void = () => undefined;
  const open = async (): Promise<Terminal> => {
    const failing = fails();
    if (failing !== undefined) throw failing;
    const line = wirePair();
    wires.push(line);
    new TerminalPeer(REAL_CLOCK, line, {
      answer: (message) => reply(message, message[0] === 0x6b ? 0x83 : 0x81, []),
    });
    const session = await openSession(line.pc, BAUD, KEY, REAL_CLOCK);
    return { session, close: () => session.close() };
  };
  const run = { ready: Promise.resolve(""), ended: Promise.resolve() };
  let made: BridgeRun | undefined;
  run.ready = new Promise((resolve) => {
    made = new BridgeRun(path, open, REAL_CLOCK, {
      onReady: (pty, terminal) => resolve(`${pty} ${terminal.terminal}`),
      onNotice: (text) => {
        notices.push(text);
        tell(text);
      },
    });
    run.ended = made.run();
  });
  return {
    ...run,
    wires,
    notices,
    notice: (pattern: RegExp) =>
      new Promise<void>((resolve) => (tell = (text) => (pattern.test(text) ? resolve() : undefined))),
    close: () => made!.close(),
  };
}

test("a driver finds its reader on a pty of the user's alone, which goes away with the bridge", async () => {
  const path = join(folder, "reader");
  const made = bridge(path);
  is(await made.ready, `${path} TERMINAL-7`);
  const { mode, uid } = statSync(path);
  is((mode & 0o777).toString(8), "600");
  is(uid, process.getuid?.());
  const driver = new Driver(path);
  is(await driver.slotStatus(), 0);
  driver.close();
  await made.close();
  await made.ended;
  is(existsSync(path), false);
});

test("a session that ends is followed by the next one, and the host sees the card go", async () => {
  const path = join(folder, "again");
  const made = bridge(path);
  await made.ready;
  const driver = new Driver(path);
  is(await driver.slotStatus(), 0);
  const again = made.notice(/open again/);
  made.wires[0]!.pull();
  await again;
  match(made.notices[0] ?? "", /session lost: .*device is gone/);
  is(made.wires.length, 2);
  equal([await driver.slotStatus(), await driver.slotStatus()], [2, 0]);
  driver.close();
  await made.close();
});

test("what waiting does not mend ends the bridge, at the start and later", async () => {
  const key = new CounterFailure("key", "the terminal has another key for this pair");
  const refused = bridge(join(folder, "refused"), () => key);
  is((await failure<CounterFailure>(refused.ended)).kind, "key");
  is(existsSync(join(folder, "refused")), false);
  await refused.close();

  let isRekeyed = false;
  const later = bridge(join(folder, "later"), () => (isRekeyed ? key : undefined));
  await later.ready;
  isRekeyed = true;
  later.wires[0]!.pull();
  is((await failure<CounterFailure>(later.ended)).kind, "key");
  await later.close();
  is(existsSync(join(folder, "later")), false);
});

test("a directory that others may write, and one that is not there, are no place for the reader", async () => {
  const shared = join(folder, "shared");
  mkdirSync(shared);
  chmodSync(shared, 0o777);
  const refusal = (path: string): Promise<CounterFailure> =>
    failure(Promise.resolve().then(() => openPrivatePty(path, () => undefined)));
  match((await refusal(join(shared, "reader"))).message, /other users may write this directory/);
  match((await refusal(join(folder, "none", "reader"))).message, /no such directory; make it: mkdir/);
  chmodSync(shared, 0o1777);
  const line = openPrivatePty(join(shared, "reader"), () => undefined);
  is(statSync(join(shared, "reader")).mode & 0o777, 0o600);
  line.close();
});

test.run();
