/**
 * `vpcd:PORT`: a TCP listener on the loopback for one card that speaks the vpcd protocol (vsmartcard's vicc connects to it).
 * A connection is a card put into the slot once it has told its ATR; its end is the card taken out. Speaks T=1 itself towards
 * the terminal; the protocol is the first that the card's ATR offers.
 */
import { createServer, type Server, type Socket } from "node:net";
import { T1Endpoint } from "./t1-endpoint.ts";
import { frame, LONGEST_MESSAGE, VpcdStream } from "./vpcd-stream.ts";
import { VpcdApplication } from "./vpcd-application.ts";
import type { SimCard } from "./sim-card.ts";

const POWER_ON = Uint8Array.of(1);
const GET_ATR = Uint8Array.of(4);

export interface VpcdOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** Puts the card in. When that throws, for another card is in the slot, the peer is turned away. */
  readonly insert: (card: SimCard) => void;
  /** Takes the card out, which somebody may have done before. */
  readonly remove: (card: SimCard) => void;
  /**
   * Runs `action`, which came from outside, in the world: at its present time, waking whatever waits. Without one it is
   * simply called.
   */
  readonly enter?: (action: () => void) => void;
}

export class VpcdPort {
  private readonly server: Server;
  private peer: Socket | undefined;

  constructor(private readonly options: VpcdOptions) {
    this.server = createServer((socket) => this.connected(socket));
  }

  /** Listens; the result is the port. Rejects when it is taken. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(this.options.port, "127.0.0.1", () => {
        const address = this.server.address();
        resolve(typeof address === "object" && address !== null ? address.port : this.options.port);
      });
    });
  }

  /** Ends the connection and the listening. A card in the slot stays where it is. */
  close(): Promise<void> {
    const peer = this.peer;
    this.peer = undefined;
    peer?.destroy();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  /** One card at a time: a second one is turned away. */
  private connected(socket: Socket): void {
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    if (this.peer !== undefined) return void socket.destroy();
    this.peer = socket;
    const application = new VpcdApplication((payload) => sendTo(socket, payload));
    let card: SimCard | undefined;
    const stream = new VpcdStream((payload) => {
      if (card !== undefined) return this.enter(() => application.received(payload));
      card = new T1Endpoint(`vpcd:${this.options.port}`, application, { atr: payload });
      this.insertOrRefuse(card, socket);
    });
    socket.on("data", (chunk: Buffer) => stream.push(chunk));
    socket.on("close", () => this.disconnected(socket, card));
    sendTo(socket, POWER_ON);
    sendTo(socket, GET_ATR);
  }

  private insertOrRefuse(card: SimCard, socket: Socket): void {
    this.enter(() => {
      try {
        this.options.insert(card);
      } catch {
        socket.destroy();
      }
    });
  }

  private disconnected(socket: Socket, card: SimCard | undefined): void {
    if (this.peer !== socket) return;
    this.peer = undefined;
    if (card !== undefined) this.enter(() => this.options.remove(card));
  }

  private enter(action: () => void): void {
    if (this.options.enter === undefined) action();
    else this.options.enter(action);
  }
}

function sendTo(socket: Socket, payload: Uint8Array): void {
  if (!socket.destroyed && payload.length <= LONGEST_MESSAGE) socket.write(frame(payload));
}
