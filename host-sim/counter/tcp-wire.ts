/** The counter line as raw bytes over TCP: the simulator's `--line tcp:PORT`, or a serial device server near the terminal. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { CounterFailure } from "./counter-failure.ts";
import { WireEars, type CounterWire } from "./counter-wire.ts";

/** A host that drops packets silently is given up after this. */
const CONNECT_MS = 5000;
/** How long the other end has to say that the connection is over for it as well. */
const CLOSE_MS = 1000;

const CAUSES: Readonly<Record<string, readonly [string, string]>> = {
  ECONNREFUSED: ["connection refused", "is the simulator running, and on this port?"],
  ENOTFOUND: ["no such host", "look at the name"],
  EAI_AGAIN: ["the host's name cannot be looked up now", "look at the network"],
  ETIMEDOUT: ["no answer", "look at the address and the network"],
  EHOSTUNREACH: ["the host cannot be reached", "look at the address and the network"],
  ENETUNREACH: ["the network cannot be reached", "look at the address and the network"],
  ECONNRESET: ["the connection was cut", "is the simulator still running?"],
  EPIPE: ["the connection was cut", "is the simulator still running?"],
};

function failureAt(where: string, error: Error): CounterFailure {
  const code = "code" in error ? String(error.code) : "";
  const [cause, next] = CAUSES[code] ?? [error.message, ""];
  return new CounterFailure("wire", `${where}: ${cause}`, next);
}

async function connected(host: string, port: number, where: string): Promise<Socket> {
  const socket = connect({ host, port });
  const limit = setTimeout(() => {
    socket.destroy(Object.assign(new Error(), { code: "ETIMEDOUT" }));
  }, CONNECT_MS);
  try {
    await once(socket, "connect");
  } catch (error) {
    throw failureAt(where, error instanceof Error ? error : new Error(String(error)));
  } finally {
    clearTimeout(limit);
  }
  return socket.setNoDelay(true);
}

/** Rejects with the cause when nobody answers at `host` and `port`. */
export async function openTcpWire(host: string, port: number): Promise<CounterWire> {
  const where = `tcp:${host}:${port}`;
  const socket = await connected(host, port, where);
  const ears = new WireEars();
  socket.on("data", (bytes: Buffer) => ears.hear(bytes));
  socket.on("error", (error) => ears.end(failureAt(where, error)));
  socket.on("close", () => {
    const cause = `${where}: the other end has closed the connection`;
    ears.end(new CounterFailure("wire", cause, "is another counter connected, or the simulator gone?"));
  });
  return {
    write(bytes) {
      if (socket.writable) socket.write(bytes);
    },
    listen: (listener) => ears.listen(listener),
    async close() {
      ears.close();
      if (socket.destroyed) return;
      // The line serves one at a time: it is free for the next call when the other end has closed, too.
      const isOver = new Promise<void>((resolve) => void socket.once("close", () => resolve()));
      const limit = setTimeout(() => socket.destroy(), CLOSE_MS);
      socket.end();
      await isOver;
      clearTimeout(limit);
    },
  };
}
