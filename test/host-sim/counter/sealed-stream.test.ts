import { suite } from "uvu";
import { equal, is, match } from "uvu/assert";
import type { CounterFailure } from "../../../host-sim/counter/counter-failure.ts";
import type { SealedStream } from "../../../host-sim/counter/sealed-stream.ts";
import { selfSigned } from "./self-signed.ts";
import { Bench, failure, KEY } from "./terminal-peer.ts";

const test = suite("sealed stream");

/** How the stream ends; `heard` is what came before. */
function endOf(stream: SealedStream): Promise<{ failure: CounterFailure; heard: string }> {
  let heard = "";
  return new Promise((resolve) => {
    stream.listen({
      bytes: (bytes) => (heard += Buffer.from(bytes).toString()),
      ended: (failure) => resolve({ failure, heard }),
    });
  });
}

/** Why the handshake fails. */
async function refused(bench: Bench, key = KEY): Promise<CounterFailure> {
  return failure(bench.sealed(key));
}

test("the pair's key alone opens it, by psk_ke and AES-128-CCM", async () => {
  const bench = new Bench();
  const stream = await bench.sealed();
  const { socket, identities } = bench.peer;
  equal(identities, ["madoguchi 1|TERMINAL-7|COUNTER-3"]);
  is(socket?.getProtocol(), "TLSv1.3");
  is(socket?.getCipher().standardName, "TLS_AES_128_CCM_SHA256");
  is(socket?.isSessionReused(), true);
  await bench.clock.until(stream.close());
});

test("the first flight is one record that fits the terminal, with psk_ke and X25519 alone", async () => {
  const flight: Buffer[] = [];
  const bench = new Bench({ onLink: (link) => link.on("data", (bytes: Buffer) => flight.push(bytes)) });
  const opening = failure<CounterFailure>(bench.sealed());
  const late = await opening;
  match(late.message, /handshake did not come to its end/);
  const hello = Buffer.concat(flight);
  is(hello[0], 22);
  is(hello.readUInt16BE(3) + 5, hello.length);
  is(hello.length < 320, true, `${hello.length} bytes`);
  // supported_groups: X25519 alone; psk_key_exchange_modes: psk_ke is one of them.
  is(hello.includes(Buffer.from("000a00040002001d", "hex")), true);
  is(hello.includes(Buffer.from("002d00", "hex")), true);
});

test("records of the PC are short, whatever is written", async () => {
  let raw = Buffer.alloc(0);
  const bench = new Bench();
  const stream = await bench.sealed();
  const { socket, end } = bench.peer;
  const received = new Promise<number>((resolve) => {
    let count = 0;
    socket?.removeAllListeners("data");
    socket?.on("data", (bytes: Buffer) => {
      count += bytes.length;
      if (count === 3000) resolve(count);
    });
  });
  end.onRaw = (bytes) => (raw = Buffer.concat([raw, bytes]));
  stream.write(Buffer.alloc(3000, 0x55));
  is(await bench.clock.until(received), 3000);
  let records = 0;
  for (let at = 0; at < raw.length; at += 5 + raw.readUInt16BE(at + 3), records++) {
    is(raw.readUInt16BE(at + 3) <= 512 + 1 + 16, true);
  }
  is(records, 6);
});

test("a wrong key and a pair that the terminal does not know are told as such", async () => {
  const wrong = await refused(new Bench({ psk: () => new Uint8Array(32) }));
  is(wrong.kind, "key");
  match(wrong.message, /another key for this pair.*pair them again/);
});

const ALERTS: readonly [number, string, RegExp][] = [
  [51, "key", /another key for this pair/],
  [80, "key", /its case was opened.*provision it anew/],
  [115, "key", /does not know this pair/],
  [40, "tls", /does not speak these TLS settings/],
  [70, "tls", /TLS 1\.3 alone/],
  [22, "tls", /longer than 1,024/],
  [10, "tls", /did not expect/],
  [86, "tls", /ended TLS/],
];
for (const [number, kind, text] of ALERTS) {
  test(`alert ${number} of the terminal has its cause`, async () => {
    const alert = Uint8Array.of(21, 3, 3, 0, 2, 2, number);
    const error = await refused(
      new Bench({ onLink: (link) => void link.once("data", () => link.write(alert)) }),
    );
    is(error.kind, kind);
    match(error.message, text);
    match(error.message, new RegExp(`alert ${number}\\b`));
  });
}

test("a server with a certificate is refused, of whatever kind and version it is", async () => {
  for (const kind of ["ec", "ed25519"] as const) {
    for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
      const { key, cert } = await selfSigned(kind);
      const ciphers = "TLS_AES_128_CCM_SHA256:ECDHE-ECDSA-AES128-GCM-SHA256";
      const error = await refused(new Bench({ tls: { key, cert, maxVersion, ciphers } }));
      is(error.kind, "tls", kind);
      match(error.message, /certificate|alert 40|alert 70/);
    }
  }
});

test("a certificate of the only kind that the client's own settings let through is refused as such", async () => {
  const { key, cert } = await selfSigned("ed25519");
  const bench = new Bench({ tls: { key, cert, ciphers: "TLS_AES_128_CCM_SHA256" } });
  const error = await refused(bench);
  match(error.message, /no terminal of this pair: it showed a certificate/);
});

test("what is no TLS, such as a bench image's frame, is no terminal of this pair", async () => {
  const frame = Uint8Array.of(0x03, 0x15, 0x16, 0x03, 0x15, 0x16, 0x03, 0x15, 0x16);
  const error = await refused(
    new Bench({ onLink: (link) => void link.once("data", () => link.write(frame)) }),
  );
  is(error.kind, "tls");
  match(error.message, /no terminal of this pair/);
});

test("the terminal's farewell is an end in order, after what it said", async () => {
  const bench = new Bench();
  const stream = await bench.sealed();
  const ended = endOf(stream);
  bench.peer.socket?.end("last words");
  const { failure: reason, heard } = await bench.clock.until(ended);
  is(heard, "last words");
  is(reason.kind, "closed");
});

test("a farewell and DISC that come in one piece are an end in order", async () => {
  const bench = new Bench();
  const ended = endOf(await bench.sealed());
  const held: number[] = [];
  bench.wires.noise((bytes) => {
    held.push(...bytes);
    return new Uint8Array();
  });
  bench.peer.socket?.end();
  await bench.clock.quiet();
  bench.peer.end.disconnect();
  bench.wires.noise((bytes) => bytes);
  bench.wires.terminal.write(Uint8Array.from(held));
  is((await bench.clock.until(ended)).failure.kind, "closed");
});

test("DISC without the farewell is a cut", async () => {
  const bench = new Bench();
  const stream = await bench.sealed();
  const ended = endOf(stream);
  bench.peer.socket?.write("half of");
  await bench.clock.quiet();
  bench.peer.end.disconnect();
  const { failure: reason, heard } = await bench.clock.until(ended);
  is(heard, "half of");
  is(reason.kind, "cut");
});

test("a link that is lost and a wire that ends are told with their own cause", async () => {
  const bench = new Bench();
  const ended = endOf(await bench.sealed());
  bench.wires.pull();
  is((await bench.clock.until(ended)).failure.kind, "wire");

  const silent = new Bench();
  const stream = await silent.sealed();
  const lost = endOf(stream);
  silent.wires.noise(() => new Uint8Array());
  stream.write(Buffer.from("anybody there"));
  const { failure: reason } = await silent.clock.until(lost);
  is(reason.kind, "link");
  match(reason.message, /stopped answering/);
});

test("a byte that was changed behind the frames' own check ends the session", async () => {
  const bench = new Bench();
  const stream = await bench.sealed();
  const ended = endOf(stream);
  // A record of 20 bytes that no key has made.
  bench.peer.end.currentLink()?.write(Uint8Array.of(23, 3, 3, 0, 20, ...new Uint8Array(20)));
  const { failure: reason } = await bench.clock.until(ended);
  is(reason.kind, "tls");
  match(reason.message, /changed on its way/);
});

test("closing says farewell and ends the link", async () => {
  const bench = new Bench();
  const stream = await bench.sealed();
  const farewell = new Promise<void>((resolve) => bench.peer.socket?.once("end", resolve));
  await bench.clock.until(Promise.all([stream.close(), farewell]));
  is(bench.peer.end.line.state(), 0);
  // The farewell's limit was not needed.
  is(bench.clock.nowUs() < 2_000_000, true);
});

test.run();
