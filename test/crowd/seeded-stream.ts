/**
 * The encrypted stream over a link by the client whose every byte is a function of its seed: as host-sim/counter/sealed-stream.ts,
 * whose random bytes are OpenSSL's, and with the same failures. All below and above it is the counter client's own.
 */
import type { CounterClock } from "../../host-sim/counter/counter-clock.ts";
import { CounterFailure, failureOf } from "../../host-sim/counter/counter-failure.ts";
import { WireEars, type CounterWire, type WireListener } from "../../host-sim/counter/counter-wire.ts";
import type { LinkStream } from "../../host-sim/counter/link-stream.ts";
import type { PairKey } from "../../host-sim/counter/sealed-stream.ts";
import { tlsFailure } from "../../host-sim/counter/tls-alerts.ts";
import { TlsClient } from "../../host-sim/host/tls-client.ts";
import { TlsAlert } from "../../firmware/protocol/tls.ts";

const HANDSHAKE_LIMIT_US = 15_000_000;
const FAREWELL_US = 2_000_000;

export class SeededStream implements CounterWire {
  private readonly ears = new WireEars();
  private readonly tls: TlsClient;
  private onOpen: () => void = () => undefined;

  private constructor(
    private readonly link: LinkStream,
    key: PairKey,
    private readonly clock: CounterClock,
    seed: number,
  ) {
    this.tls = new TlsClient(key.psk, key.identity, seed);
    link.on("data", (bytes: Buffer) => this.take(bytes));
    link.on("end", () => this.ears.end(this.ending()));
    link.on("error", (error) => this.ears.end(failureOf(error, "link")));
    link.on("close", () => this.ears.end(this.ending()));
  }

  /** Does the handshake over `link`, which must be up. When it fails the link is destroyed and the reason thrown. */
  static async open(
    link: LinkStream,
    key: PairKey,
    clock: CounterClock,
    seed: number,
  ): Promise<SeededStream> {
    const stream = new SeededStream(link, key, clock, seed);
    try {
      await stream.handshake();
      return stream;
    } catch (error) {
      stream.destroy();
      throw error;
    }
  }

  write(bytes: Uint8Array): void {
    if (this.link.writable) this.link.write(this.tls.send(bytes));
  }

  listen(listener: WireListener | undefined): void {
    this.ears.listen(listener);
  }

  async close(): Promise<void> {
    this.ears.close();
    if (this.link.destroyed) return;
    await new Promise<void>((resolve) => {
      const cancel = this.clock.after(FAREWELL_US, resolve);
      this.link.once("close", () => {
        cancel();
        resolve();
      });
      this.link.end(this.tls.closeNotify());
    });
    this.destroy();
  }

  private async handshake(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const late = new CounterFailure("tls", "the handshake did not come to its end", "connect again");
      const cancel = this.clock.after(HANDSHAKE_LIMIT_US, () => reject(late));
      this.onOpen = () => {
        cancel();
        resolve();
      };
      this.ears.listen({
        bytes: () => undefined,
        ended: (failure) => {
          cancel();
          reject(failure);
        },
      });
      this.link.write(this.tls.begin());
    });
    this.ears.listen(undefined);
  }

  private take(bytes: Uint8Array): void {
    try {
      const said = this.tls.take(bytes);
      if (said.length > 0 && this.link.writable) this.link.write(said);
    } catch (error) {
      // Noise that the frame's FCS has not seen: the tag has.
      this.ears.end(failureOf(error, "tls"));
      this.destroy();
      return;
    }
    if (this.tls.isOpen) this.onOpen();
    for (const piece of this.tls.received.splice(0)) this.ears.hear(piece);
    if (this.tls.alert !== TlsAlert.None) this.ears.end(this.ending());
  }

  private ending(): CounterFailure {
    if (this.tls.alert === TlsAlert.None) return new CounterFailure("cut", "the farewell is missing");
    if (this.tls.alert === TlsAlert.CloseNotify)
      return new CounterFailure("closed", "closed by the terminal");
    return tlsFailure(new Error(`SSL alert number ${this.tls.alert}`));
  }

  private destroy(): void {
    this.ears.close();
    this.link.destroy();
  }
}
