/** Control connections: a Unix socket (mode 0600) or standard input and output. One line in, one line out, in order. */
import { lstatSync, renameSync, statSync, unlinkSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import type { Readable, Writable } from "node:stream";
import { answerLine, refusedLine, type Controlled } from "./control-commands.ts";
import { LineReader, LONGEST_LINE_BYTES, type ReadLine } from "./line-reader.ts";

/** sun_path of sockaddr_un, its closing zero left out. */
const LONGEST_SOCKET_PATH_BYTES = 107;
const EARLY_SUFFIX = "~";
const TOO_LONG = refusedLine(`a line has at most ${LONGEST_LINE_BYTES} bytes`);

async function answerAll(lines: readonly ReadLine[], output: Writable, on: Controlled): Promise<void> {
  for (const line of lines) {
    const answer = line === "too long" ? TOO_LONG : await answerLine(line.text, on);
    if (!output.write(`${answer}\n`)) await drained(output);
  }
}

/** Waits until a peer has fetched its answers: it is not read on before. */
function drained(output: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      output.off("drain", done).off("close", done);
      resolve();
    };
    output.on("drain", done).on("close", done);
  });
}

/** Answers until `input` ends. */
export async function serveControl(input: Readable, output: Writable, on: Controlled): Promise<void> {
  const reader = new LineReader();
  try {
    // The default iterator would close the peer's end with its last answers still to come.
    for await (const chunk of input.iterator({ destroyOnReturn: false }))
      await answerAll(reader.push(Buffer.from(chunk)), output, on);
    await answerAll(reader.end(), output, on);
  } catch {
    // The peer has gone.
  }
}

/** Whether a simulator answers at the socket `path`. */
function isServed(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.on("connect", () => resolve(true)).on("error", () => resolve(false));
    probe.on("connect", () => probe.destroy());
  });
}

async function makeRoom(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw new Error("something else is there already; remove it or choose another path");
  if (await isServed(path)) throw new Error("another simulator serves there; choose another path");
  unlinkSync(path);
}

function listen(server: Server, path: string): Promise<void> {
  const mask = process.umask(0o177);
  return new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    // Binds within the call: the socket has its mode from its first moment.
    server.listen(path, resolve);
    process.umask(mask);
  });
}

/** A bound socket refuses until it listens: it gets its name only then, so that whoever sees it can connect. */
async function listenAt(server: Server, path: string): Promise<void> {
  const early = `${path}${EARLY_SUFFIX}`;
  if (Buffer.byteLength(early) > LONGEST_SOCKET_PATH_BYTES) {
    throw new Error(`a socket's path has at most ${LONGEST_SOCKET_PATH_BYTES - EARLY_SUFFIX.length} bytes`);
  }
  const folder = dirname(path);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new Error(`there is no directory ${folder}; make it, or choose another path`);
  await makeRoom(path);
  await makeRoom(early);
  await listen(server, early);
  renameSync(early, path);
}

function inodeOf(path: string): number | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.ino;
}

/** Listens at `path`; the result ends it and removes the socket. Rejects with a sentence when that cannot be. */
export async function openControlSocket(path: string, on: Controlled): Promise<() => void> {
  const peers = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    peers.add(socket);
    socket.on("error", () => socket.destroy()).on("close", () => peers.delete(socket));
    void serveControl(socket, socket, on).then(() => socket.end());
  });
  try {
    await listenAt(server, path);
  } catch (error) {
    throw new Error(`--control unix:${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const own = inodeOf(path);
  return () => {
    server.close();
    if (inodeOf(path) === own) unlinkSync(path);
    for (const peer of peers) peer.destroySoon();
  };
}
