/** The terminal's TLS server on a loopback port, alone: what it hears it says back. For stock clients and for crooked ones. */
import { randomBytes } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import type { Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { AesCcm } from "../../firmware/protocol/aes-ccm.ts";
import { HkdfSha256 } from "../../firmware/protocol/hkdf-sha256.ts";
import { HmacSha256 } from "../../firmware/protocol/hmac-sha256.ts";
import { PSK_UNKNOWN, type PskTable } from "../../firmware/protocol/tls-handshake.ts";
import { PLAIN_AT, TlsServer, TlsState } from "../../firmware/protocol/tls-server.ts";
import { NODE_CRYPTO } from "../../host-sim/engine/node-crypto.ts";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";

export const IDENTITY = "madoguchi 1|T-0001|C-0001";
export const PSK = Buffer.from(Array.from({ length: 32 }, (_, i) => (7 * i + 1) & 255));
const HMAC_MESSAGE_BYTES = 192;

/** One key under one name, and what may take its place. */
class OneKey implements PskTable {
  constructor(private readonly next: Uint8Array | undefined) {}

  find(bytes: ReadonlyBytes, at: number, length: number): number {
    const identity = Buffer.from(Array.from({ length }, (_, i) => bytes[at + i]!));
    return identity.equals(Buffer.from(IDENTITY)) ? 0 : PSK_UNKNOWN;
  }

  read(_index: number, into: Bytes): boolean {
    (into as Uint8Array).set(PSK);
    return true;
  }

  readNext(_index: number, into: Bytes): boolean {
    if (this.next !== undefined) (into as Uint8Array).set(this.next);
    return this.next !== undefined;
  }
}

/** A server of one connection. `random` fills bytes; false = it has none. `next`: the key that may take the other's place. */
export function makeTlsServer(
  random = (into: Bytes): boolean => {
    randomBytes(into.length).forEach((byte, i) => (into[i] = byte));
    return true;
  },
  next?: Uint8Array,
): TlsServer {
  const hmac = new HmacSha256(NODE_NATIVES, NODE_CRYPTO, HMAC_MESSAGE_BYTES);
  return new TlsServer(NODE_NATIVES, {
    crypto: NODE_CRYPTO,
    hmac,
    hkdf: new HkdfSha256(NODE_NATIVES, hmac),
    ccm: new AesCcm(NODE_NATIVES, NODE_CRYPTO),
    random: { fill: random },
    psks: new OneKey(next),
  });
}

/** Takes what has come and returns what is to be sent; application data go back as they came. */
export function echo(server: TlsServer, bytes: Uint8Array): Buffer {
  const sent: Uint8Array[] = [];
  const flush = (): void => {
    if (server.outputLength > 0) sent.push((server.output as Uint8Array).slice(0, server.outputLength));
    server.outputLength = 0;
  };
  for (let at = 0; at < bytes.length;) {
    at += server.take(bytes, at, bytes.length - at);
    while (server.hasWork()) server.work();
    flush();
    if (server.plainLength > 0) server.write(server.record, PLAIN_AT, server.plainLength);
    server.plainLength = 0;
    flush();
  }
  return Buffer.concat(sent);
}

export class TlsStation {
  /** One for each connection so far. */
  readonly servers: TlsServer[] = [];
  /** The key that may take the other's place, for connections from now on. */
  next: Uint8Array | undefined;
  /** Whether it was that one, of the last connection that was opened. */
  isNextUsed = false;
  private readonly tcp: Server;
  private readonly sockets = new Set<Socket>();

  constructor() {
    this.tcp = createServer((socket) => this.serve(socket));
  }

  listen(): Promise<number> {
    return new Promise((resolve) =>
      this.tcp.listen(0, "127.0.0.1", () => {
        const address = this.tcp.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      }),
    );
  }

  close(): void {
    this.tcp.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private serve(socket: Socket): void {
    const server = makeTlsServer(undefined, this.next);
    server.start();
    this.servers.push(server);
    this.sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.sockets.delete(socket));
    socket.on("data", (bytes) => {
      const answer = echo(server, bytes);
      if (server.state() === TlsState.Open) this.isNextUsed = server.handshake.isNextKey;
      if (answer.length > 0) socket.write(answer);
      if (server.state() === TlsState.Closed) socket.end();
    });
  }
}
