/** The counter line as TCP on the loopback, raw bytes: one PC at a time, another one is told so and closed. */
import { createServer, type Server, type Socket } from "node:net";
import { UNREAD_LIMIT_BYTES, type LineListener, type OutsideLine } from "./outside-line.ts";

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(new Error(`--line tcp:${port}: ${error.message}`)));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

/** Listens on `port`, 0 for any free one. Rejects when it is taken. */
export async function openTcpLine(port: number, onBytes: LineListener): Promise<OutsideLine> {
  let peer: Socket | undefined;
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    if (peer !== undefined) return void socket.end();
    peer = socket;
    socket.setNoDelay(true);
    socket.on("data", onBytes);
    // Free as soon as this one has said that it is over, before it is told the same: it may call again at once.
    const free = () => {
      if (peer === socket) peer = undefined;
    };
    socket.on("end", free);
    socket.on("close", free);
  });
  const bound = await listen(server, port);
  return {
    address: `127.0.0.1:${bound}`,
    write(bytes) {
      if (peer !== undefined && !peer.destroyed && peer.writableLength < UNREAD_LIMIT_BYTES)
        peer.write(bytes);
    },
    isConnected: () => peer !== undefined && !peer.destroyed,
    close() {
      server.close();
      peer?.destroy();
    },
  };
}
