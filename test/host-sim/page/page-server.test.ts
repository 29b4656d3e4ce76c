import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { suite } from "uvu";
import { equal, is, match, not, ok } from "uvu/assert";
import { PageRefusal, type PagePeer } from "../../../host-sim/page/page-channel.ts";
import type { PageFiles } from "../../../host-sim/page/page-files.ts";
import { LONGEST_MESSAGE_BYTES, PageServer } from "../../../host-sim/page/page-server.ts";
import { get, TabPeer } from "./page-peer.ts";

const test = suite("page server");
const HTML = "<!doctype html><title>t</title>";
const FILES: PageFiles = new Map([
  ["", { type: "text/html; charset=utf-8", bytes: Buffer.from(HTML) }],
  ["page.css", { type: "text/css; charset=utf-8", bytes: Buffer.from("body{}") }],
]);
const open = new Set<PageServer>();

/** What a channel has lived through. */
interface Lived {
  readonly peers: PagePeer[];
  readonly messages: object[];
  readonly failures: unknown[];
  gone: number;
  ended: number;
}

async function served(port = 0): Promise<{ server: PageServer; lived: Lived }> {
  const lived: Lived = { peers: [], messages: [], failures: [], gone: 0, ended: 0 };
  const channel = {
    open: (peer: PagePeer) => {
      lived.peers.push(peer);
      return {
        message: (value: object) => {
          lived.messages.push(value);
          if ("refuse" in value) throw new PageRefusal("not now");
          if ("fail" in value) throw new Error("broken inside");
          peer.send({ type: "echo", value });
        },
        closed: () => void lived.gone++,
      };
    },
    close: () => void lived.ended++,
  };
  const server = new PageServer({
    files: FILES,
    channels: { terminal: channel },
    port,
    onFailure: (error) => lived.failures.push(error),
  });
  await server.open();
  open.add(server);
  return { server, lived };
}

test.after.each(() => {
  for (const server of open) server.close();
  open.clear();
});

test("the page is served to whoever has its address, with a policy that lets nothing in from elsewhere", async () => {
  const { server } = await served();
  match(server.address, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{22}\/$/);
  const { status, headers, body } = await get(server.address);
  equal([status, body], [200, HTML]);
  const policy = String(headers["content-security-policy"]);
  for (const part of [
    /^default-src 'none';/,
    /script-src 'self';/,
    /frame-ancestors 'none'/,
    /base-uri 'none'/,
  ])
    match(policy, part);
  not.match(policy, /unsafe|\*/);
  is(headers["cache-control"], "no-store");
  is(headers["referrer-policy"], "no-referrer");
  is(headers["x-content-type-options"], "nosniff");
  is(headers["content-type"], "text/html; charset=utf-8");
  is((await get(`${server.address}page.css`)).headers["content-type"], "text/css; charset=utf-8");
});

test("two runs have two tokens", async () => {
  const tokens = [(await served()).server, (await served()).server].map(
    ({ address }) => address.split("/")[3] ?? "",
  );
  is(new Set(tokens).size, 2);
});

test("whoever lacks the token, comes by another name or from another site gets an empty 404", async () => {
  const { server } = await served();
  const { origin, host, port } = new URL(server.address);
  const token = server.address.split("/")[3] ?? "";
  const requests: readonly (readonly [string, Record<string, string>, string?])[] = [
    [`${origin}/`, {}],
    [`${origin}/${"A".repeat(22)}/`, {}],
    [`${origin}/${token.slice(0, -1)}/`, {}],
    [`${origin}/${token}`, {}],
    [`${server.address}nothing`, {}],
    [`${server.address}../page.css`, {}],
    [`${server.address}%2e%2e/page.css`, {}],
    [server.address, { host: `evil.example:${port}` }],
    [server.address, { host: "127.0.0.1" }],
    [server.address, { host: `localhost:${port}` }],
    [server.address, { origin: "http://evil.example" }],
    [server.address, { origin: "null" }],
    [server.address, { "sec-fetch-site": "cross-site" }],
    [server.address, { "sec-fetch-site": "same-site" }],
    [server.address, {}, "POST"],
  ];
  for (const [url, headers, method] of requests) {
    const { status, body } = await get(url, { host, ...headers }, method);
    equal([status, body], [404, ""], `${method ?? "GET"} ${url} ${JSON.stringify(headers)}`);
  }
  is((await get(server.address, { host, origin, "sec-fetch-site": "same-origin" })).status, 200);
});

test("a tab speaks to its channel alone, from our own page alone", async () => {
  const { server, lived } = await served();
  const { origin } = new URL(server.address);
  const refused: readonly (readonly [string, string, string])[] = [
    [server.address, "terminal", "http://evil.example"],
    [server.address, "terminal", ""],
    [`${origin}/${"A".repeat(22)}/`, "terminal", origin],
    [server.address, "other", origin],
    [server.address, "__proto__", origin],
  ];
  for (const [address, channel, from] of refused) {
    const told = await TabPeer.open(address, channel, from).then(
      () => "opened",
      (error: Error) => error.message,
    );
    is(told, "status 404", `${address} ${channel} ${from}`);
  }
  is(lived.peers.length, 0);
  const tab = await TabPeer.open(server.address, "terminal");
  tab.send({ do: "x" });
  equal(await tab.message(() => true), { type: "echo", value: { do: "x" } });
  tab.end();
});

test("nonsense is answered, and the tab goes on", async () => {
  const { server, lived } = await served();
  const tab = await TabPeer.open(server.address, "terminal");
  for (const nonsense of ["", "{", "[]", "null", "7", '"text"', "\u0000"]) tab.send(nonsense);
  tab.send({ refuse: true });
  tab.send({ fail: true });
  tab.send({ last: true });
  await tab.message(({ type }) => type === "echo");
  equal(
    tab.messages.map(({ type }) => type),
    [...Array.from({ length: 9 }, () => "refused"), "echo"],
  );
  is(tab.messages[7]["error"], "not now");
  equal(lived.messages, [{ refuse: true }, { fail: true }, { last: true }]);
  is(lived.failures.length, 1);
  not.match(JSON.stringify(tab.messages), /broken inside/);
  tab.end();
});

test("bytes and messages that are too long close the tab, and no other", async () => {
  const { server, lived } = await served();
  const [binary, long, other] = await Promise.all(
    [0, 1, 2].map(() => TabPeer.open(server.address, "terminal")),
  );
  binary.socket.send(Buffer.of(1, 2, 3));
  is(await binary.closed(), 1003);
  long.send("x".repeat(LONGEST_MESSAGE_BYTES + 1));
  is(await long.closed(), 1009);
  other.send({ still: "here" });
  await other.message(({ type }) => type === "echo");
  is(lived.gone, 2);
  is(lived.messages.length, 1);
  other.end();
});

test("a tab that does not read is dropped, and one that reads gets everything", async () => {
  const { server, lived } = await served();
  const [slow, good] = [
    await TabPeer.open(server.address, "terminal"),
    await TabPeer.open(server.address, "terminal"),
  ];
  slow.socket.pause();
  const bytes = new Uint8Array(1 << 20);
  // Beyond what the kernel takes for one that does not read.
  for (let i = 0; i < 64 && lived.gone === 0; i++) {
    lived.peers[0].sendBytes(bytes);
    lived.peers[1].sendBytes(bytes);
    await good.until(() => good.frames.length > i);
  }
  is(lived.gone, 1);
  lived.peers[0].sendBytes(bytes);
  lived.peers[1].send({ done: true });
  await good.message(({ done }) => done === true);
  slow.end();
  good.end();
});

test("more tabs than a person has are refused", async () => {
  const { server } = await served();
  const tabs = await Promise.all(Array.from({ length: 32 }, () => TabPeer.open(server.address, "terminal")));
  const one = await TabPeer.open(server.address, "terminal").catch((error: Error) => error.message);
  is(one, "status 404");
  for (const tab of tabs) tab.end();
});

test("a port that is taken is an error that names it; without one the next free is taken", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const told = await served(port).then(
    () => "",
    (error: Error) => error.message,
  );
  match(told, new RegExp(`^--port ${port}: something else listens there; choose another`));
  other.close();
  const servers = [0, 1].map(() => new PageServer({ files: FILES, channels: {} }));
  for (const server of servers) {
    await server.open();
    open.add(server);
  }
  const [first, second] = servers.map(({ address }) => Number(new URL(address).port));
  ok(first >= 8650 && second > first, `${first} ${second}`);
});

test("the end of a run closes every tab, and tells the channel", async () => {
  const { server, lived } = await served();
  is(lived.ended, 0);
  const tab = await TabPeer.open(server.address, "terminal");
  tab.send({ do: "x" });
  await tab.message(() => true);
  server.close();
  is(lived.ended, 1);
  is(await tab.closed(), 1001);
  is(lived.gone, 1);
});

test.run();
