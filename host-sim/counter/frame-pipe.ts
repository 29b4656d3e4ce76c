/**
 * The reliable frames alone, as a TCP port of the loopback for any TLS client: each connection is one link, from SABM to DISC.
 * There is one at a time. A client that connects again at once may be here before its last connection is told to be over: one more
 * waits a little for its turn, its bytes unread.
 */
import { createServer, type Server, type Socket } from "node:net";
import type { CounterClock } from "./counter-clock.ts";
import { CounterFailure, failureOf } from "./counter-failure.ts";
import type { CounterWire } from "./counter-wire.ts";
import { LinkStream, type LinkSettings } from "./link-stream.ts";

export interface PipeEvents {
  /** The line itself has ended: nothing more can come of this. */
  onLineLost(failure: CounterFailure): void;
  onNotice(text: string): void;
}

/** DISC takes one exchange on the line; whoever is still there after this is another program. */
const TURN_LIMIT_US = 3_000_000;

export class FramePipe {
  private readonly server: Server;
  private client: Socket | undefined;
  private waiting: Socket | undefined;
  private link: LinkStream | undefined;
  /** Takes the limit of the one that waits away. */
  private onTurn: () => void = () => undefined;

  /** `wire` stays the caller's. */
  constructor(
    private readonly wire: CounterWire,
    private readonly settings: LinkSettings,
    private readonly clock: CounterClock,
    private readonly events: PipeEvents,
  ) {
    this.server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.connected(client));
    this.waitForClient();
  }

  /** Listens on `port` of the loopback, 0 for any free one. Resolves with the address. */
  async listen(port: number): Promise<string> {
    const bound = await new Promise<number>((resolve, reject) => {
      this.server.once("error", (error) =>
        reject(new CounterFailure("file", `--tcp ${port}: ${error.message}`)),
      );
      this.server.listen(port, "127.0.0.1", () => {
        const address = this.server.address();
        resolve(typeof address === "object" && address !== null ? address.port : port);
      });
    });
    return `127.0.0.1:${bound}`;
  }

  close(): void {
    this.server.close();
    this.waiting?.destroy();
    this.client?.destroy();
    this.link?.destroy();
  }

  private connected(client: Socket): void {
    client.on("error", () => client.destroy());
    if (this.client === undefined) this.serve(client);
    else if (this.waiting === undefined) this.hold(client);
    else this.turnAway(client);
  }

  private hold(client: Socket): void {
    this.waiting = client;
    const cancel = this.clock.after(TURN_LIMIT_US, () => this.turnAway(client));
    client.on("close", () => {
      cancel();
      if (this.waiting === client) this.waiting = undefined;
    });
    this.onTurn = cancel;
  }

  private turnAway(client: Socket): void {
    this.events.onNotice("a second client was closed: another one has the line");
    client.destroy();
  }

  private serve(client: Socket): void {
    const link = new LinkStream(this.wire, this.settings, this.clock);
    this.client = client;
    this.link = link;
    client.pipe(link).pipe(client);
    link.on("error", (error) => {
      const failure = failureOf(error, "link");
      if (failure.kind === "wire") this.events.onLineLost(failure);
      else this.events.onNotice(failure.message);
    });
    // DISC, or our own: after its bytes nothing comes any more. Any other end cuts the client off.
    link.on("end", () => client.destroySoon());
    link.on("close", () => (link.readableEnded ? undefined : client.destroy()));
    client.on("close", () => {
      link.destroy();
      this.client = undefined;
      this.next();
    });
  }

  private next(): void {
    const client = this.waiting;
    this.waiting = undefined;
    this.onTurn();
    if (client === undefined || client.destroyed) this.waitForClient();
    else this.serve(client);
  }

  private waitForClient(): void {
    this.wire.listen({ bytes: () => undefined, ended: (failure) => this.events.onLineLost(failure) });
  }
}
