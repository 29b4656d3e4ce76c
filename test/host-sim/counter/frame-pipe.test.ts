import { constants } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { suite } from "uvu";
import { equal, is, match, not } from "uvu/assert";
import { REAL_CLOCK, type CounterClock } from "../../../host-sim/counter/counter-clock.ts";
import type { CounterFailure } from "../../../host-sim/counter/counter-failure.ts";
import { FramePipe } from "../../../host-sim/counter/frame-pipe.ts";
import { BAUD, failure, KEY, TerminalPeer, type PeerOptions } from "./terminal-peer.ts";
import { wirePair } from "./wire-pair.ts";

const test = suite("pipe of frames");
const TURN_LIMIT_US = 3_000_000;
const MOST_TURNS = 100_000;

/** A pipe to a terminal. The answers come at once, so that the clock of the process is never waited for. */
async function piped(options: PeerOptions, clock: CounterClock = REAL_CLOCK) {
  const wires = wirePair();
  const peer = new TerminalPeer(REAL_CLOCK, wires, options);
  const notices: string[] = [];
  const lost: CounterFailure[] = [];
  const events = {
    onLineLost: (end: CounterFailure) => lost.push(end),
    onNotice: (text: string) => notices.push(text),
  };
  const pipe = new FramePipe(wires.pc, { baud: BAUD }, clock, events);
  const address = await pipe.listen(0);
  return { wires, peer, pipe, address, port: Number(address.split(":")[1]), notices, lost };
}

async function client(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  return socket;
}

async function wholeOf(socket: Socket): Promise<string> {
  let text = "";
  socket.setEncoding("utf8").on("data", (piece: string) => (text += piece));
  await once(socket, "close");
  return text;
}

const ECHO: PeerOptions = {
  onLink: (link) => link.on("data", (bytes: Buffer) => link.write(bytes)),
};

test("it listens on the loopback and carries bytes both ways", async () => {
  const { pipe, address, port } = await piped(ECHO);
  match(address, /^127\.0\.0\.1:\d+$/);
  const socket = await client(port);
  const everyByte = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
  socket.write(everyByte);
  let back = Buffer.alloc(0);
  while (back.length < 256) back = Buffer.concat([back, ((await once(socket, "data")) as [Buffer])[0]]);
  equal(back, everyByte);
  socket.destroy();
  pipe.close();
});

/** The process' own, but that nothing waits for a limit of seconds: a test lets it pass. */
class Limits implements CounterClock {
  private readonly open = new Set<() => void>();

  nowUs(): number {
    return REAL_CLOCK.nowUs();
  }

  after(delayUs: number, action: () => void): () => void {
    if (delayUs !== TURN_LIMIT_US) return REAL_CLOCK.after(delayUs, action);
    this.open.add(action);
    return () => this.open.delete(action);
  }

  count(): number {
    return this.open.size;
  }

  pass(): void {
    for (const action of this.open) action();
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; !holds(); turns++) {
    if (turns === MOST_TURNS) throw new Error("it never comes to that");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function echoed(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  return String(((await once(socket, "data")) as [Buffer])[0]);
}

test("a client that connects again before its last connection is over gets its turn, and no byte is lost", async () => {
  const limits = new Limits();
  const { pipe, port, peer, notices } = await piped(ECHO, limits);
  let last = await client(port);
  is(await echoed(last, "0"), "0");
  for (let round = 1; round <= 5; round++) {
    const next = await client(port);
    const answer = echoed(
      next.on("error", () => undefined),
      `round ${round}`,
    );
    answer.catch(() => undefined);
    await until(() => limits.count() === 1);
    if (round % 2 === 0) last.end();
    else last.destroy();
    last.resume();
    is(await answer, `round ${round}`);
    is(limits.count(), 0);
    last = next;
  }
  is(peer.end.calls, 6);
  equal(notices, []);
  last.destroy();
  pipe.close();
});

test("a second client is closed when the first one stays, and is told; a third one at once", async () => {
  const limits = new Limits();
  const { pipe, port, notices } = await piped(ECHO, limits);
  const first = await client(port);
  is(await echoed(first, "a"), "a");
  const second = await client(port);
  await until(() => limits.count() === 1);
  const third = await client(port);
  third.on("error", () => undefined);
  await once(third, "close");
  is(notices.length, 1);
  is(limits.count(), 1);
  second.on("error", () => undefined);
  limits.pass();
  second.resume();
  await once(second, "close");
  equal(new Set(notices), new Set(["a second client was closed: another one has the line"]));
  is(notices.length, 2);
  is(await echoed(first, "b"), "b");
  // The place of the one that waits is free again.
  const fourth = await client(port);
  const answer = echoed(fourth, "c");
  await until(() => limits.count() === 1);
  first.destroy();
  is(await answer, "c");
  fourth.destroy();
  pipe.close();
});

test("a client that waits ends with the pipe", async () => {
  const limits = new Limits();
  const { pipe, port, peer } = await piped(ECHO, limits);
  const first = await client(port);
  is(await echoed(first, "a"), "a");
  const second = await client(port);
  await until(() => limits.count() === 1);
  const closed = [first, second].map((one) => once(one.on("error", () => undefined).resume(), "close"));
  pipe.close();
  await Promise.all(closed);
  is(limits.count(), 0);
  is(peer.end.calls, 1);
});

test("DISC closes the connection after its bytes", async () => {
  const text = "x".repeat(5000);
  const { pipe, port, notices } = await piped({ onLink: (link) => link.end(text) });
  is(await wholeOf(await client(port)), text);
  equal(notices, []);
  pipe.close();
});

test("each connection begins with SABM, also after a client that has left without a word", async () => {
  const { pipe, port, peer } = await piped(ECHO);
  for (let round = 1; round <= 3; round++) {
    const socket = await client(port);
    socket.write(`round ${round}`);
    is(String(((await once(socket, "data")) as [Buffer])[0]), `round ${round}`);
    is(peer.end.calls, round);
    const closed = once(socket, "close");
    if (round === 1) socket.end();
    else socket.destroy();
    socket.resume();
    await closed;
    // The pipe's own end of the connection follows a turn later.
    while (peer.end.line.state() !== 0) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
  pipe.close();
});

test("a link that fails cuts the client off, and the next one may come", async () => {
  const { pipe, port, peer, notices } = await piped(ECHO);
  const socket = await client(port);
  socket.on("error", () => undefined);
  socket.write("a");
  await once(socket, "data");
  // The terminal starts again and knows nothing of the link: DM.
  peer.end.forget();
  socket.write("b");
  await once(socket, "close");
  match(notices[0] ?? "", /started again/);
  const next = await client(port);
  next.write("c");
  is(String(((await once(next, "data")) as [Buffer])[0]), "c");
  next.destroy();
  pipe.close();
});

test("a line that is lost is told, with a client and without one", async () => {
  const idle = await piped(ECHO);
  idle.wires.pull();
  is(idle.lost[0]?.kind, "wire");
  idle.pipe.close();
  const used = await piped(ECHO);
  const socket = await client(used.port);
  socket.on("error", () => undefined);
  socket.write("a");
  await once(socket, "data");
  used.wires.pull();
  await once(socket, "close");
  is(used.lost[0]?.kind, "wire");
  used.pipe.close();
});

test("a taken port is refused by name", async () => {
  const { pipe, port } = await piped(ECHO);
  const other = new FramePipe(wirePair().pc, { baud: BAUD }, REAL_CLOCK, {
    onLineLost: () => undefined,
    onNotice: () => undefined,
  });
  const error = await failure<CounterFailure>(other.listen(port));
  match(error.message, new RegExp(`--tcp ${port}: .*EADDRINUSE`));
  pipe.close();
});

test("a stock TLS client over the pipe does the whole handshake and says Hello", async () => {
  const { pipe, port, peer } = await piped({});
  const socket = connectTls({
    port,
    host: "127.0.0.1",
    minVersion: "TLSv1.3",
    ciphers: "TLS_AES_128_CCM_SHA256",
    ecdhCurve: "X25519",
    secureOptions: constants.SSL_OP_ALLOW_NO_DHE_KEX,
    pskCallback: () => ({ psk: KEY.psk, identity: KEY.identity }),
    checkServerIdentity: () => new Error("a certificate"),
  });
  await once(socket, "secureConnect");
  const names = [10, ...Buffer.from("TERMINAL-7"), 9, ...Buffer.from("COUNTER-3")];
  const data = [0x4d, 0x10, 1, 1, ...names];
  socket.write(Uint8Array.of(0x6b, data.length, 0, 0, 0, 0, 1, 0, 0, 0, ...data));
  const [answer] = (await once(socket, "data")) as [Buffer];
  equal([...answer.subarray(10, 13)], [0, 1, 0]);
  not.equal(peer.socket, undefined);
  const ended = once(socket, "close");
  peer.socket?.end();
  socket.resume();
  await ended;
  pipe.close();
});

test.run();
