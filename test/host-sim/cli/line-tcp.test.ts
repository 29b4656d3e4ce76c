import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { suite } from "uvu";
import { equal, is, match } from "uvu/assert";
import { openTcpLine } from "../../../host-sim/cli/line-tcp.ts";

const test = suite("TCP line");

async function connected(address: string): Promise<Socket> {
  const socket = connect(Number(address.split(":")[1]), "127.0.0.1");
  await once(socket, "connect");
  return socket;
}

/** Opens the line; `heard()` waits for the next bytes from the PC. */
async function opened() {
  const waiting: ((text: string) => void)[] = [];
  const line = await openTcpLine(0, (bytes) => waiting.shift()?.(Buffer.from(bytes).toString()));
  return { line, heard: () => new Promise<string>((resolve) => waiting.push(resolve)) };
}

test("it listens on the loopback alone and carries bytes both ways", async () => {
  const { line, heard } = await opened();
  match(line.address, /^127\.0\.0\.1:\d+$/);
  const pc = await connected(line.address);
  const next = heard();
  pc.write("to the terminal");
  is(await next, "to the terminal");
  line.write(Buffer.from([0, 255, 10, 13]));
  const [answer] = (await once(pc, "data")) as [Buffer];
  equal([...answer], [0, 255, 10, 13]);
  line.close();
  await once(pc, "close");
});

test("a second PC is closed and the first one stays", async () => {
  const { line, heard } = await opened();
  const first = await connected(line.address);
  const said = heard();
  first.write("a");
  await said;
  const second = await connected(line.address);
  second.resume();
  await once(second, "end");
  const next = heard();
  first.write("still here");
  is(await next, "still here");
  second.destroy();
  line.close();
});

test("a PC may leave and come back", async () => {
  const { line, heard } = await opened();
  for (const text of ["one", "two"]) {
    const pc = await connected(line.address);
    const next = heard();
    pc.write(text);
    is(await next, text);
    pc.end();
    pc.resume();
    await once(pc, "close");
  }
  line.close();
});

test("bytes without a PC are lost, and a taken port is refused by name", async () => {
  const { line } = await opened();
  line.write(Buffer.from("nobody"));
  const port = Number(line.address.split(":")[1]);
  const error = await openTcpLine(port, () => undefined).catch((refused: Error) => refused);
  match(error instanceof Error ? error.message : "accepted", new RegExp(`--line tcp:${port}: .*EADDRINUSE`));
  line.close();
});

test.run();
