/**
 * Lines of RFC 5424 on their way to a collector: over TCP by octet counting (RFC 6587, 3.4.1), over UDP a datagram each (RFC 5426).
 * Neither is answered: what was sent over TCP was taken by the collector's machine, what went out over UDP may be lost.
 */
import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import { CounterFailure, failureOf } from "./counter-failure.ts";
import type { Collector } from "./option-values.ts";

/** For the connection, and for all that was written to be taken. */
const LIMIT_MS = 15_000;
const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "the host's name cannot be looked up now",
  ETIMEDOUT: "no answer",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ECONNRESET: "the connection was cut",
  EPIPE: "the connection was cut",
};

/** Resolves when every line has gone out. Rejects with the cause; how many had arrived then is not known. */
export async function sendSyslog(
  lines: readonly string[],
  collector: Collector,
  limitMs = LIMIT_MS,
): Promise<void> {
  try {
    await (collector.kind === "tcp" ? overTcp : overUdp)(lines, collector, limitMs);
  } catch (error) {
    throw failureAt(collector, error);
  }
}

/** `MSG-LEN SP SYSLOG-MSG`, the length in octets. */
export function octetCounted(line: string): Buffer {
  const bytes = Buffer.from(line, "utf8");
  return Buffer.concat([Buffer.from(`${bytes.length} `), bytes]);
}

async function overTcp(lines: readonly string[], { host, port }: Collector, limitMs: number): Promise<void> {
  const socket = connect({ host, port });
  let late = Object.assign(new Error(), { code: "ETIMEDOUT" });
  const limit = setTimeout(() => socket.destroy(late), limitMs);
  try {
    await once(socket, "connect");
    late = Object.assign(new Error(`it has not taken every line in ${limitMs} ms`), { code: "" });
    const closed = once(socket, "close");
    // It says nothing; but only a stream that is read hears of its end.
    socket.resume();
    socket.end(Buffer.concat(lines.map(octetCounted)));
    await closed;
  } finally {
    clearTimeout(limit);
    socket.destroy();
  }
}

async function overUdp(lines: readonly string[], { host, port }: Collector, limitMs: number): Promise<void> {
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  // The first one is told below; others may follow.
  socket.on("error", () => undefined);
  const limit = setTimeout(() => {
    socket.emit("error", Object.assign(new Error(), { code: "ETIMEDOUT" }));
  }, limitMs);
  try {
    socket.connect(port, host);
    await once(socket, "connect");
    // A port where nobody listens is heard of with a later line, if at all.
    const failed = once(socket, "close");
    for (const line of lines) await Promise.race([sent(socket, line), failed]);
  } finally {
    clearTimeout(limit);
    socket.close();
  }
}

function sent(socket: UdpSocket, line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(Buffer.from(line, "utf8"), (error) => (error === null ? resolve() : reject(error)));
  });
}

function failureAt({ kind, host, port }: Collector, error: unknown): CounterFailure {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const cause = CAUSES[code] ?? failureOf(error, "wire").why;
  return new CounterFailure(
    "wire",
    `${kind}:${host}:${port}: ${cause}`,
    "look at --collector; does the collector run, and take this kind?",
  );
}
