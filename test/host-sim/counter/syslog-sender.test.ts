/** Lines on their way to a collector, and collectors that are not there, cut the connection, or take nothing. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { suite } from "uvu";
import { equal, is, match } from "uvu/assert";
import type { CounterFailure } from "../../../host-sim/counter/counter-failure.ts";
import { octetCounted, sendSyslog } from "../../../host-sim/counter/syslog-sender.ts";
import { failure } from "./terminal-peer.ts";

const test = suite("syslog sender");
const LINES = ["<109>1 - A madoguchi - BOOT -", "<109>1 - A madoguchi - 窓口 -"];

async function listening(onSocket: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => undefined);
    onSocket(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, port: (server.address() as AddressInfo).port };
}

function to(kind: "tcp" | "udp", port: number) {
  return { kind, host: "127.0.0.1", port } as const;
}

test("a line is counted in octets, not in characters (RFC 6587, 3.4.1)", () => {
  is(octetCounted("abc").toString(), "3 abc");
  is(octetCounted("窓口").toString(), "6 窓口");
});

test("over TCP the collector has every line when it has closed", async () => {
  let came = "";
  const { server, port } = await listening((socket) => {
    socket.setEncoding("utf8").on("data", (text: string) => (came += text));
    socket.on("end", () => socket.end());
  });
  await sendSyslog(LINES, to("tcp", port));
  is(came, `29 ${LINES[0]!}31 ${LINES[1]!}`);
  server.close();
});

test("over UDP each line is a datagram", async () => {
  const socket = createSocket("udp4");
  const came: string[] = [];
  const whole = new Promise<void>((resolve) => {
    socket.on("message", (bytes) => {
      came.push(bytes.toString("utf8"));
      if (came.length === LINES.length) resolve();
    });
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  await sendSyslog(LINES, to("udp", socket.address().port));
  await whole;
  equal(came, LINES);
  socket.close();
});

test("nobody there is told with where, why and what next", async () => {
  const { server, port } = await listening(() => undefined);
  server.close();
  await once(server, "close");
  const error = await failure<CounterFailure>(sendSyslog(LINES, to("tcp", port)));
  is(error.kind, "wire");
  is(error.why, `tcp:127.0.0.1:${port}: connection refused`);
  match(error.next, /--collector/);
});

test("a UDP port where nobody listens is told, when there are lines enough to hear of it", async () => {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  const many = Array.from({ length: 2000 }, () => LINES[0]!);
  match((await failure<CounterFailure>(sendSyslog(many, to("udp", port)))).why, /connection refused/);
});

test("a collector that takes nothing is given up", async () => {
  const sockets: Socket[] = [];
  const { server, port } = await listening((socket) => void sockets.push(socket));
  const error = await failure<CounterFailure>(sendSyslog(LINES, to("tcp", port), 50));
  match(error.why, /it has not taken every line in 50 ms/);
  for (const socket of sockets) socket.destroy();
  server.close();
});

test("a collector that cuts the connection is told", async () => {
  const { server, port } = await listening((socket) => socket.resetAndDestroy());
  const error = await failure<CounterFailure>(sendSyslog(LINES, to("tcp", port)));
  match(error.why, /the connection was cut/);
  server.close();
});

test.run();
