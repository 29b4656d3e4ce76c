/**
 * Serves the page on the loopback, to whoever knows the token of this run and to nobody else on the web: the address is in the
 * path, the Host header must be ours (a name that a foreign site has pointed here is not), and so must be whoever asks (Origin,
 * Sec-Fetch-Site). Nothing is loaded from elsewhere. A tab can come, go, hang or send nonsense: it never reaches the terminal.
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type RawData, type WebSocket } from "ws";
import { PageRefusal, type PageChannel, type PageConversation, type PagePeer } from "./page-channel.ts";
import type { PageFiles } from "./page-files.ts";

const HOST = "127.0.0.1";
/** Where the first simulator of a machine serves; the next ones follow. */
export const FIRST_PORT = 8650;
const PORTS = 100;
const TOKEN_BYTES = 16;
/** A message of a tab: a scenario is the longest. */
export const LONGEST_MESSAGE_BYTES = 1 << 18;
/** What waits for a tab that does not read; more, and it is dropped. */
const UNREAD_LIMIT_BYTES = 4 << 20;
const MOST_TABS = 32;
/** A foreign byte after another: nobody holds a connection open. */
const REQUEST_LIMIT_MS = 10_000;

const enum Close {
  Unsupported = 1003,
  GoingAway = 1001,
}

export interface PageServerOptions {
  readonly files: PageFiles;
  readonly channels: Readonly<Record<string, PageChannel>>;
  /** The first free from `FIRST_PORT` on unless told; 0 is any. */
  readonly port?: number;
  /** A tab's message has made the simulator fail: the tab is told so, and so is this. */
  readonly onFailure?: (error: unknown) => void;
}

function headers(port: number): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ws://${HOST}:${port}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ];
  return {
    "Content-Security-Policy": policy.join("; "),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
  };
}

export class PageServer {
  private readonly token = randomBytes(TOKEN_BYTES).toString("base64url");
  private readonly sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LONGEST_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  private readonly server: Server;
  private port = 0;

  constructor(private readonly options: PageServerOptions) {
    this.server = createServer({ requestTimeout: REQUEST_LIMIT_MS, headersTimeout: REQUEST_LIMIT_MS });
    this.server.on("request", (request, response) => this.answer(request, response));
    this.server.on("upgrade", (request, socket, head) => this.upgrade(request, socket, head));
    this.server.on("clientError", (_error, socket) => void socket.destroy());
  }

  /** What to open in a browser. */
  get address(): string {
    return `${this.origin}/${this.token}/`;
  }

  /** Rejects with a sentence when the port is taken. */
  async open(): Promise<void> {
    const { port } = this.options;
    if (port !== undefined) {
      if (!(await this.listen(port))) throw new Error(`--port ${port}: ${TAKEN}`);
    } else if (!(await this.listenFrom(FIRST_PORT))) {
      throw new Error(
        `every port from ${FIRST_PORT} to ${FIRST_PORT + PORTS - 1} is taken; give a free --port`,
      );
    }
    const address = this.server.address();
    if (typeof address === "object" && address !== null) this.port = address.port;
  }

  close(): void {
    for (const socket of this.sockets.clients) socket.close(Close.GoingAway);
    this.server.close();
    this.server.closeAllConnections();
    for (const channel of Object.values(this.options.channels)) channel.close?.();
    // What was said last is on its way; nobody is waited for.
    for (const socket of this.sockets.clients) setImmediate(() => socket.terminate());
  }

  private get origin(): string {
    return `http://${HOST}:${this.port}`;
  }

  private async listenFrom(first: number): Promise<boolean> {
    for (let port = first; port < first + PORTS; port++) if (await this.listen(port)) return true;
    return false;
  }

  /** Whether it listens there now; false when somebody else does. */
  private listen(port: number): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const failed = (error: NodeJS.ErrnoException): void => {
        if (error.code === "EADDRINUSE") resolve(false);
        else reject(new Error(`--port ${port}: ${error.message}`));
      };
      this.server.once("error", failed);
      this.server.listen({ port, host: HOST, exclusive: true }, () => {
        this.server.off("error", failed);
        resolve(true);
      });
    });
  }

  /** The name below the token, or undefined for whoever is to be told nothing. */
  private nameFor(request: IncomingMessage): string | undefined {
    const { host, origin } = request.headers;
    if (host !== `${HOST}:${this.port}`) return undefined;
    if (origin !== undefined && origin !== this.origin) return undefined;
    const site = request.headers["sec-fetch-site"];
    if (site !== undefined && site !== "same-origin" && site !== "none") return undefined;
    const [, token, ...rest] = (request.url ?? "").split("?")[0].split("/");
    return this.isToken(token ?? "") && rest.length > 0 ? rest.join("/") : undefined;
  }

  private isToken(said: string): boolean {
    const [mine, other] = [Buffer.from(this.token), Buffer.from(said)];
    return mine.length === other.length && timingSafeEqual(mine, other);
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const name = this.nameFor(request);
    const file = name === undefined ? undefined : this.options.files.get(name);
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (file === undefined || !isRead) {
      response.writeHead(404, headers(this.port)).end();
      return;
    }
    response.writeHead(200, {
      ...headers(this.port),
      "Content-Type": file.type,
      "Content-Length": file.bytes.length,
    });
    response.end(request.method === "HEAD" ? undefined : file.bytes);
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    const name = this.nameFor(request);
    const channelName = name?.startsWith("ws/") === true ? name.slice(3) : "";
    const { channels } = this.options;
    // A browser always says where its script comes from.
    const isOurs = request.headers.origin === this.origin && Object.hasOwn(channels, channelName);
    if (!isOurs || this.sockets.clients.size >= MOST_TABS) {
      socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    this.sockets.handleUpgrade(request, socket, head, (tab) => this.converse(tab, channels[channelName]));
  }

  private converse(tab: WebSocket, channel: PageChannel): void {
    const peer: PagePeer = {
      send: (message) => this.send(tab, JSON.stringify(message)),
      sendBytes: (bytes) => this.send(tab, bytes),
    };
    tab.on("error", () => tab.terminate());
    let conversation: PageConversation;
    try {
      conversation = channel.open(peer);
    } catch (error) {
      this.options.onFailure?.(error);
      return tab.terminate();
    }
    tab.on("close", () => conversation.closed());
    tab.on("message", (data, isBinary) => {
      if (isBinary) return tab.close(Close.Unsupported, "only text is taken");
      void this.hear(conversation, data, peer);
    });
  }

  private async hear(conversation: PageConversation, data: RawData, peer: PagePeer): Promise<void> {
    try {
      await conversation.message(objectOf(data));
    } catch (error) {
      if (!(error instanceof PageRefusal)) this.options.onFailure?.(error);
      const said = error instanceof PageRefusal ? error.message : "the simulator could not do that";
      peer.send({ type: "refused", error: said });
    }
  }

  private send(tab: WebSocket, data: string | Uint8Array): void {
    if (tab.readyState !== tab.OPEN) return;
    if (tab.bufferedAmount > UNREAD_LIMIT_BYTES) return tab.terminate();
    tab.send(data);
  }
}

const TAKEN = "something else listens there; choose another, or leave --port out for the next free one";

function objectOf(data: RawData): object {
  let value: unknown;
  try {
    value = JSON.parse((Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)).toString());
  } catch {
    throw new PageRefusal("not JSON: a message is one object");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new PageRefusal("not an object: a message is one object");
  return value;
}
