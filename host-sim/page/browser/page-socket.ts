/** The tab's end of its channel: JSON objects both ways, bytes from the simulator. It connects again by itself. */

export interface SocketListener {
  /** A first or a new connection: nothing of the one before is still true. */
  connected(): void;
  message(value: Record<string, unknown>): void;
  bytes(bytes: Uint8Array): void;
  lost(): void;
}

const AGAIN_MS = 1000;

export class PageSocket {
  private socket: WebSocket | undefined;

  constructor(
    private readonly channel: string,
    private readonly listener: SocketListener,
  ) {
    this.connect();
  }

  /** Sends it, or forgets it when nobody is connected. */
  send(message: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private connect(): void {
    const url = new URL(`ws/${this.channel}`, location.href);
    url.protocol = "ws:";
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.addEventListener("open", () => this.listener.connected());
    socket.addEventListener("message", ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (typeof data === "string") this.listener.message(JSON.parse(data) as Record<string, unknown>);
      else this.listener.bytes(new Uint8Array(data));
    });
    socket.addEventListener("close", () => {
      this.listener.lost();
      setTimeout(() => this.connect(), AGAIN_MS);
    });
  }
}
