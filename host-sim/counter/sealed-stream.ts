/**
 * The encrypted stream over a link: Node's own TLS client with the one setting that the terminal answers (docs/protocol.md). A
 * session counts only when the key of the pair was used: Node would take a certificate, too. Its end without close_notify is a
 * failure of its own: what came before may not be all.
 */
import { constants } from "node:crypto";
import { connect, type ConnectionOptions, type TLSSocket } from "node:tls";
import type { CounterClock } from "./counter-clock.ts";
import { CounterFailure } from "./counter-failure.ts";
import { WireEars, type CounterWire, type WireListener } from "./counter-wire.ts";
import type { LinkStream } from "./link-stream.ts";
import { otherServer, tlsFailure } from "./tls-alerts.ts";

export interface PairKey {
  /** What the PC names the key by: `madoguchi 1|TERMINAL|COUNTER`. */
  readonly identity: string;
  /** 32 bytes. */
  readonly psk: Uint8Array;
}

const CIPHER = "TLS_AES_128_CCM_SHA256";
/** OpenSSL's shortest, so that a record with its overhead stays below the terminal's 1,024 bytes. */
const LONGEST_SENT_BYTES = 512;
/** Handshake of 450 bytes at 9600 bit/s, with repeated frames. */
const HANDSHAKE_LIMIT_US = 15_000_000;
/** For the farewell's acknowledgement; a terminal that has gone gives none. */
const FAREWELL_US = 2_000_000;

const CUT = new CounterFailure(
  "cut",
  "the encrypted stream was cut off: the terminal's farewell is missing",
  "connect again; what was under way must be asked for",
);
const CLOSED = new CounterFailure("closed", "the terminal has closed the session", "connect again");

function settings(link: LinkStream, key: PairKey): ConnectionOptions {
  return {
    socket: link,
    minVersion: "TLSv1.3",
    maxVersion: "TLSv1.3",
    ciphers: CIPHER,
    // Alone: OpenSSL 3.5 would offer ML-KEM as well, and a hello of more than 1,024 bytes.
    ecdhCurve: "X25519",
    sigalgs: "ed25519",
    secureOptions: constants.SSL_OP_ALLOW_NO_DHE_KEX | constants.SSL_OP_NO_TICKET,
    pskCallback: () => ({ psk: key.psk, identity: key.identity }),
    // No certificate is ever good: none is trusted, and none has the right name. Said aloud, for an environment variable could
    // switch the check off.
    ca: [],
    rejectUnauthorized: true,
    checkServerIdentity: () => otherServer("it showed a certificate"),
  };
}

export class SealedStream implements CounterWire {
  private readonly ears = new WireEars();
  private isCut = false;

  private constructor(
    private readonly socket: TLSSocket,
    private readonly link: LinkStream,
    private readonly clock: CounterClock,
  ) {
    socket.on("data", (bytes: Buffer) => this.ears.hear(bytes));
    // The farewell's "end" comes before that of the link below it.
    link.prependListener("end", () => (this.isCut = !socket.readableEnded));
    socket.on("end", () => this.ears.end(this.isCut ? CUT : CLOSED));
    socket.on("error", (error) => this.ears.end(tlsFailure(error)));
    link.on("error", (error) => this.ears.end(tlsFailure(error)));
    socket.on("close", () => this.ears.end(CUT));
  }

  /** Does the handshake over `link`, which must be up. When it fails the link is destroyed and the reason thrown. */
  static async open(link: LinkStream, key: PairKey, clock: CounterClock): Promise<SealedStream> {
    const socket = connect(settings(link, key));
    const stream = new SealedStream(socket, link, clock);
    try {
      if (!socket.setMaxSendFragment(LONGEST_SENT_BYTES)) throw new Error("records cannot be kept short");
      await stream.handshake();
      return stream;
    } catch (error) {
      stream.destroy();
      throw error;
    }
  }

  write(bytes: Uint8Array): void {
    if (this.socket.writable) this.socket.write(bytes);
  }

  listen(listener: WireListener | undefined): void {
    this.ears.listen(listener);
  }

  /** Says farewell and ends the link in order, or after a while without. */
  async close(): Promise<void> {
    this.ears.close();
    if (this.link.destroyed) return this.destroy();
    await new Promise<void>((resolve) => {
      const cancel = this.clock.after(FAREWELL_US, resolve);
      this.link.once("close", () => {
        cancel();
        resolve();
      });
      this.socket.end();
    });
    this.destroy();
  }

  private async handshake(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const late = new CounterFailure("tls", "the handshake did not come to its end", "connect again");
      const cancel = this.clock.after(HANDSHAKE_LIMIT_US, () => reject(late));
      this.socket.once("secureConnect", () => {
        cancel();
        resolve();
      });
      this.ears.listen({
        bytes: () => undefined,
        ended: (failure) => {
          cancel();
          reject(failure);
        },
      });
    });
    this.ears.listen(undefined);
    // For Node a session by external PSK is one that was resumed.
    if (!this.socket.isSessionReused()) throw otherServer("it has not used the key");
    const { standardName } = this.socket.getCipher();
    if (standardName !== CIPHER) throw otherServer(`it chose ${standardName}`);
  }

  private destroy(): void {
    this.ears.close();
    this.socket.destroy();
    this.link.destroy();
  }
}
