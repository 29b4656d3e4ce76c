import { once } from "node:events";
import { existsSync, linkSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { createInterface } from "node:readline";
import { suite } from "uvu";
import { equal, is, match } from "uvu/assert";
import type { Controlled } from "../../../host-sim/cli/control-commands.ts";
import { openControlSocket, serveControl } from "../../../host-sim/cli/control-server.ts";
import { temporaryFolder } from "./temporary.ts";

const test = suite("control connections");
const folder = temporaryFolder();

function counting(): Controlled {
  let count = 0;
  const nothing = (): Record<string, unknown> => ({});
  return {
    insert: async () => ({}),
    remove: nothing,
    keys: nothing,
    autoKeys: nothing,
    screen: nothing,
    power: nothing,
    plugLine: nothing,
    openCase: nothing,
    turnCaseKey: nothing,
    cards: nothing,
    quit: nothing,
    state: () => ({ count: ++count }),
  };
}

async function connected(path: string): Promise<Socket> {
  const socket = connect(path);
  await once(socket, "connect");
  return socket;
}

/** All lines until the other side ends. */
async function linesOf(socket: Socket): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: socket })) lines.push(line);
  return lines;
}

function refusal(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "accepted",
    (error: Error) => error.message,
  );
}

test("the socket is its owner's alone, and gone after the end", async () => {
  const path = join(folder, "mode");
  const close = await openControlSocket(path, counting());
  is(statSync(path).mode & 0o777, 0o600);
  close();
  is(existsSync(path), false);
});

test("several connections and several commands each, answered in order", async () => {
  const path = join(folder, "many");
  const close = await openControlSocket(path, counting());
  const sockets = await Promise.all([connected(path), connected(path), connected(path)]);
  for (const socket of sockets) socket.end('{"do":"state"}\nnonsense\n{"do":"state"}');
  const answers = await Promise.all(sockets.map(linesOf));
  for (const lines of answers)
    equal(
      lines.map((line) => line.slice(0, 10)),
      ['{"ok":true', '{"ok":fals', '{"ok":true'],
    );
  const counts = answers.flat().flatMap((line) => (JSON.parse(line) as { count?: number }).count ?? []);
  equal(counts.toSorted(), [1, 2, 3, 4, 5, 6]);
  close();
});

test("a line that is too long is refused and the connection goes on", async () => {
  const path = join(folder, "long");
  const close = await openControlSocket(path, counting());
  const socket = await connected(path);
  socket.end(`${"x".repeat(1_000_000)}\n{"do":"state"}\n`);
  const lines = await linesOf(socket);
  is(lines.length, 2);
  match(lines[0], /"ok":false.*65536 bytes/);
  is(lines[1], '{"ok":true,"count":1}');
  close();
});

test("the socket of a simulator that is gone is replaced, a living one's is not", async () => {
  const path = join(folder, "stale");
  const closeFirst = await openControlSocket(path, counting());
  match(await refusal(openControlSocket(path, counting())), /another simulator serves there/);
  closeFirst();
  // A listener that ends unlinks the name that it bound; another name of the same socket stays, as after a crash.
  const other = createServer().listen(path);
  await once(other, "listening");
  linkSync(path, `${path}-left`);
  other.close();
  await once(other, "close");
  const close = await openControlSocket(`${path}-left`, counting());
  close();
});

test("another file, a missing directory and a path that is too long are refused by name", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  mkdirSync(join(folder, "directory"));
  match(await refusal(openControlSocket(file, counting())), /--control unix:.*file: something else is there/);
  match(await refusal(openControlSocket(join(folder, "directory"), counting())), /something else is there/);
  match(await refusal(openControlSocket(join(folder, "no", "such"), counting())), /--control unix:/);
  match(await refusal(openControlSocket(join(folder, "x".repeat(120)), counting())), /at most 106 bytes/);
  is(existsSync(file), true);
});

test("a stream is served until it ends", async () => {
  const input = new PassThrough();
  const output = new PassThrough();
  input.end('{"do":"state"}\n{"do":"state"}\n');
  await serveControl(input, output, counting());
  is(String(output.read()), '{"ok":true,"count":1}\n{"ok":true,"count":2}\n');
});

test("a peer that goes away in the middle harms nobody", async () => {
  const path = join(folder, "rude");
  const close = await openControlSocket(path, counting());
  const rude = await connected(path);
  rude.write('{"do":"sta');
  rude.destroy();
  const polite = await connected(path);
  polite.end('{"do":"state"}\n');
  is((await linesOf(polite)).length, 1);
  close();
});

test.run();
