import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { suite } from "uvu";
import { equal, is, match } from "uvu/assert";
import { openPtyLine } from "../../../host-sim/cli/line-pty.ts";
import { openTcpLine } from "../../../host-sim/cli/line-tcp.ts";
import type { CounterFailure } from "../../../host-sim/counter/counter-failure.ts";
import type { CounterWire } from "../../../host-sim/counter/counter-wire.ts";
import { openSerialWire } from "../../../host-sim/counter/serial-wire.ts";
import { openTcpWire } from "../../../host-sim/counter/tcp-wire.ts";
import { temporaryFolder } from "../cli/temporary.ts";
import { failure } from "./terminal-peer.ts";

const test = suite("wires of the counter");
const folder = temporaryFolder();
const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, i) => i));

/** The first `count` bytes that come. */
function heard(wire: CounterWire, count: number): Promise<Buffer> {
  let all = Buffer.alloc(0);
  return new Promise((resolve, reject) => {
    wire.listen({
      bytes: (bytes) => {
        all = Buffer.concat([all, bytes]);
        if (all.length >= count) resolve(all);
      },
      ended: reject,
    });
  });
}

function ended(wire: CounterWire): Promise<CounterFailure> {
  return new Promise((resolve) => wire.listen({ bytes: () => undefined, ended: resolve }));
}

/** A pty in the terminal's place: `heard()` is what the PC has sent. */
function device(name: string) {
  let all = Buffer.alloc(0);
  let wake: () => void = () => undefined;
  const line = openPtyLine(join(folder, name), (bytes) => {
    all = Buffer.concat([all, bytes]);
    wake();
  });
  const heardOf = async (count: number): Promise<Buffer> => {
    while (all.length < count) await new Promise<void>((resolve) => (wake = resolve));
    return all;
  };
  return { line, path: line.address, heard: heardOf };
}

test("a serial device carries all 256 values both ways, at any of the line's rates", async () => {
  for (const baud of [9600, 115200, 921600]) {
    const { line, path, heard: sent } = device("serial");
    const wire = await openSerialWire(path, baud);
    const back = heard(wire, 256);
    wire.write(EVERY_BYTE);
    line.write(EVERY_BYTE);
    equal(await sent(256), EVERY_BYTE);
    equal(await back, EVERY_BYTE);
    await wire.close();
    line.close();
  }
});

test("a device in use is refused to a second program, and free when the first has closed it", async () => {
  const { line, path } = device("locked");
  const wire = await openSerialWire(path, 115200);
  const error = await failure<CounterFailure>(openSerialWire(path, 115200));
  is(error.kind, "wire");
  match(error.message, /locked: another program uses it; end that program/);
  await wire.close();
  await (await openSerialWire(path, 115200)).close();
  line.close();
});

test("no device, and what is none, are refused by their cause", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  const none = await failure<CounterFailure>(openSerialWire(join(folder, "none"), 9600));
  match(none.message, /none: there is no such device; look for its name/);
  match((await failure(openSerialWire(file, 9600))).message, /file: this is no serial device/);
  match((await failure(openSerialWire(folder, 9600))).message, /this is no serial device/);
});

test("a device that goes away is told, once", async () => {
  const { line, path } = device("gone");
  const wire = await openSerialWire(path, 115200);
  const end = ended(wire);
  line.close();
  match((await end).message, /gone: the device/);
  wire.write(EVERY_BYTE);
  await wire.close();
});

/** A server on the loopback; `peer` is its first connection. */
async function served(): Promise<{ server: Server; port: number; peer: Promise<Socket> }> {
  const server = createServer();
  const peer = once(server, "connection").then(([socket]) => socket as Socket);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return { server, port: typeof address === "object" ? (address?.port ?? 0) : 0, peer };
}

test("TCP carries bytes both ways, and what was written leaves before it closes", async () => {
  const { server, port, peer } = await served();
  const wire = await openTcpWire("127.0.0.1", port);
  const socket = await peer;
  const back = heard(wire, 256);
  socket.write(EVERY_BYTE);
  equal(await back, EVERY_BYTE);
  let all = Buffer.alloc(0);
  socket.on("data", (bytes: Buffer) => (all = Buffer.concat([all, bytes])));
  wire.write(EVERY_BYTE);
  await Promise.all([wire.close(), once(socket, "end")]);
  equal(all, EVERY_BYTE);
  server.close();
});

test("TCP is closed when the other end is, so that the next call finds the line free", async () => {
  const calls: string[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.resume();
    socket.on("end", () => {
      calls.push("told");
      setImmediate(() => socket.end(() => calls.push("over")));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const wire = await openTcpWire("127.0.0.1", typeof address === "object" ? (address?.port ?? 0) : 0);
  await wire.close();
  equal(calls, ["told", "over"]);
  server.close();
});

test("a counter that calls again and again is never turned away by the simulator's line", async () => {
  const line = await openTcpLine(0, (bytes) => line.write(bytes));
  const port = Number(line.address.split(":")[1]);
  for (let call = 0; call < 200; call++) {
    const wire = await openTcpWire("127.0.0.1", port);
    const echo = heard(wire, 1);
    wire.write(EVERY_BYTE.subarray(0, 1));
    is((await echo).length, 1);
    await wire.close();
  }
  line.close();
});

test("TCP that nobody answers is refused with the next step, and one that ends is told", async () => {
  const { server, port, peer } = await served();
  const wire = await openTcpWire("localhost", port);
  const end = ended(wire);
  (await peer).destroy();
  match((await end).message, /tcp:localhost:\d+: (the other end has closed|the connection was cut)/);
  await wire.close();
  server.close();
  await once(server, "close");
  const refused = await failure<CounterFailure>(openTcpWire("127.0.0.1", port));
  match(refused.message, /connection refused; is the simulator running/);
});

test("a wire that has ended tells a listener who comes later", async () => {
  const { server, port, peer } = await served();
  const wire = await openTcpWire("127.0.0.1", port);
  const first = ended(wire);
  (await peer).destroy();
  await first;
  const { server: second, port: other, peer: late } = await served();
  const unheard = await openTcpWire("127.0.0.1", other);
  const socket = await late;
  const closed = once(socket, "close");
  socket.destroy();
  await closed;
  is((await ended(unheard)).kind, "wire");
  server.close();
  second.close();
});

test.run();
