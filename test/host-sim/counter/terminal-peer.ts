/**
 * The terminal as stock software can play it: the firmware's answering line under Node's own TLS server, made to choose psk_ke
 * (facts: tls-psk, §1), which says Hello and then answers as a test wants. Shares nothing with the client above the line.
 */
import { constants } from "node:crypto";
import { createServer, type Server, type TlsOptions, type TLSSocket } from "node:tls";
import type { CounterClock } from "../../../host-sim/counter/counter-clock.ts";
import type { PairNames } from "../../../host-sim/counter/hello.ts";
import { LinkStream } from "../../../host-sim/counter/link-stream.ts";
import { SealedStream, type PairKey } from "../../../host-sim/counter/sealed-stream.ts";
import { CounterSession } from "../../../host-sim/counter/counter-session.ts";
import { ManualClock } from "./manual-clock.ts";
import { TerminalEnd, type TerminalLink } from "./terminal-end.ts";
import { wirePair, type WirePair } from "./wire-pair.ts";

export const NAMES: PairNames = { terminal: "TERMINAL-7", counter: "COUNTER-3" };
export const KEY: PairKey & PairNames = {
  ...NAMES,
  identity: "madoguchi 1|TERMINAL-7|COUNTER-3",
  psk: Uint8Array.from({ length: 32 }, (_, i) => 7 * i),
};
export const BAUD = 115200;

export interface PeerOptions {
  /** The terminal's keys, by identity; `undefined` for one that it does not know. */
  readonly psk?: (identity: string) => Uint8Array | undefined;
  /** Another TLS server than the terminal's. */
  readonly tls?: TlsOptions;
  /** The answer to Hello: everything behind the CCID header. */
  readonly hello?: readonly number[];
  /** Answers each request behind Hello: bytes are sent, `undefined` leaves it without an answer. */
  readonly answer?: (request: Uint8Array, socket: TLSSocket) => Uint8Array | undefined;
  /** Instead of a TLS server. */
  readonly onLink?: (link: TerminalLink) => void;
}

/** The Hello of a development terminal that was switched on. */
export function helloAnswer({ terminal, counter }: PairNames, role = 0, tail = [1, 0, 0xff]): number[] {
  const named = (name: string): number[] => [name.length, ...Buffer.from(name)];
  return [0, 1, role, ...named(terminal), ...named(counter), ...tail];
}

/** An answer to `request`: bStatus, bError, then data. */
export function reply(
  request: Uint8Array,
  type: number,
  data: readonly number[],
  status = 0,
  error = 0,
): Uint8Array {
  const length = [data.length & 0xff, data.length >> 8, 0, 0];
  return Uint8Array.of(type, ...length, 0, request[6]!, status, error, 0, ...data);
}

export class TerminalPeer {
  /** Whole requests in the order in which they came, Hello included. */
  readonly requests: Uint8Array[] = [];
  readonly identities: string[] = [];
  readonly end: TerminalEnd;
  /** The last session's server side. */
  socket: TLSSocket | undefined;
  private readonly server: Server;

  constructor(
    clock: CounterClock,
    wires: WirePair,
    private readonly options: PeerOptions = {},
  ) {
    const psk = options.psk ?? ((identity) => (identity === KEY.identity ? KEY.psk : undefined));
    this.server = createServer(
      options.tls ?? {
        minVersion: "TLSv1.3",
        ciphers: "TLS_AES_128_CCM_SHA256",
        // Not the client's: so psk_ke is what is left.
        ecdhCurve: "P-256",
        secureOptions: constants.SSL_OP_ALLOW_NO_DHE_KEX | constants.SSL_OP_NO_TICKET,
        pskCallback: (_socket, identity) => {
          this.identities.push(identity);
          return psk(identity) ?? null;
        },
      },
      (socket) => this.serve(socket),
    );
    this.server.on("tlsClientError", () => undefined);
    this.end = new TerminalEnd(wires.terminal, clock, (link) => {
      if (options.onLink === undefined) this.server.emit("connection", link);
      else options.onLink(link);
    });
  }

  private serve(socket: TLSSocket): void {
    this.socket = socket;
    let rest: Buffer = Buffer.alloc(0);
    socket.on("error", () => undefined);
    socket.on("data", (bytes: Buffer) => {
      rest = Buffer.concat([rest, bytes]);
      while (rest.length >= 10 && rest.length >= 10 + rest.readUInt32LE(1)) {
        const length = 10 + rest.readUInt32LE(1);
        this.take(Uint8Array.from(rest.subarray(0, length)), socket);
        rest = rest.subarray(length);
      }
    });
  }

  private take(request: Uint8Array, socket: TLSSocket): void {
    this.requests.push(request);
    const isHello = request[0] === 0x6b && request[10] === 0x4d && request[11] === 0x10;
    const answer = isHello
      ? reply(request, 0x83, this.options.hello ?? helloAnswer(NAMES))
      : this.options.answer?.(request, socket);
    if (answer !== undefined) socket.write(answer);
  }
}

/** A clock, a line, and a terminal at its end. */
export class Bench {
  readonly clock = new ManualClock();
  readonly wires = wirePair(this.clock);
  readonly peer: TerminalPeer;

  constructor(options?: PeerOptions) {
    this.peer = new TerminalPeer(this.clock, this.wires, options);
  }

  /** A link that is up. */
  async link(mtu?: number): Promise<LinkStream> {
    const link = new LinkStream(
      this.wires.pc,
      mtu === undefined ? { baud: BAUD } : { baud: BAUD, mtu },
      this.clock,
    );
    await this.clock.until(link.opened());
    return link;
  }

  async sealed(key: PairKey = KEY): Promise<SealedStream> {
    return this.clock.until(SealedStream.open(await this.link(), key, this.clock));
  }

  async session(key: PairKey & PairNames = KEY): Promise<CounterSession> {
    const stream = await this.sealed(key);
    return this.clock.until(CounterSession.open(stream, key, this.clock));
  }
}

/** What `promise` is rejected with. */
export async function failure<T extends Error>(promise: Promise<unknown>): Promise<T> {
  try {
    await promise;
  } catch (error) {
    return error as T;
  }
  throw new Error("it has not failed");
}
