/** A browser's tab, as far as the server sees one. */
import { once } from "node:events";
import { request, type IncomingMessage, type OutgoingHttpHeaders } from "node:http";
import { WebSocket } from "ws";

export interface Got {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** One request, its Host header included as it is told. */
export async function get(url: string, headers: OutgoingHttpHeaders = {}, method = "GET"): Promise<Got> {
  const sent = request(url, { method, headers: { connection: "close", ...headers } });
  sent.end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  let body = "";
  for await (const chunk of response.setEncoding("utf8")) body += String(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

type Message = Record<string, unknown>;

/** One open tab. */
export class TabPeer {
  readonly messages: Message[] = [];
  readonly frames: Uint8Array[] = [];
  private waiting: (() => void)[] = [];

  private constructor(readonly socket: WebSocket) {
    socket.on("message", (data: Buffer, isBinary) => {
      if (isBinary) this.frames.push(Uint8Array.from(data));
      else this.messages.push(JSON.parse(data.toString()) as Message);
      const waiting = this.waiting;
      this.waiting = [];
      for (const look of waiting) look();
    });
  }

  /** Opens `channel` below the page's address; rejects with the status of a refusal. */
  static open(address: string, channel: string, origin = new URL(address).origin): Promise<TabPeer> {
    const url = `${address.replace("http:", "ws:")}ws/${channel}`;
    const socket = new WebSocket(url, origin === "" ? {} : { origin });
    const peer = new TabPeer(socket);
    return new Promise((resolve, reject) => {
      socket.on("open", () => resolve(peer));
      socket.on("unexpected-response", (_request, { statusCode }) =>
        reject(new Error(`status ${statusCode}`)),
      );
      socket.on("error", () => undefined);
    });
  }

  send(message: object | string): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** The first message that is as wanted, of those that came and those that come. */
  async message(isWanted: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const found = this.messages.find(isWanted);
      if (found !== undefined) return found;
      await new Promise<void>((look) => this.waiting.push(look));
    }
  }

  /** Waits until `isSo`, looking each time something has come. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((look) => this.waiting.push(look));
  }

  /** The close code, once it is closed. */
  async closed(): Promise<number> {
    if (this.socket.readyState === WebSocket.CLOSED) return 0;
    const [code] = (await once(this.socket, "close")) as [number];
    return code;
  }

  end(): void {
    this.socket.terminate();
  }
}
