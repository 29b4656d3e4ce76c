import type { Duplex } from "node:stream";
import { suite } from "uvu";
import { equal, is, match } from "uvu/assert";
import type { CounterFailure } from "../../../host-sim/counter/counter-failure.ts";
import { LinkStream } from "../../../host-sim/counter/link-stream.ts";
import { SeededRandom } from "../../../host-sim/world/random.ts";
import type { TerminalLink } from "./terminal-end.ts";
import { BAUD, Bench, failure } from "./terminal-peer.ts";
import type { Noise } from "./wire-pair.ts";

const test = suite("link as a stream");
const BURST_BYTES = 3000;
const SECOND_US = 1_000_000;

function pattern(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 0xff));
}

/** All that comes until the end. */
async function wholeOf(stream: Duplex): Promise<Buffer> {
  const pieces: Buffer[] = [];
  stream.on("data", (piece: Buffer) => pieces.push(piece));
  await new Promise((resolve) => stream.once("end", resolve));
  return Buffer.concat(pieces);
}

/** Resolves with the error that ends `stream`. */
function endOf(stream: Duplex): Promise<CounterFailure> {
  return new Promise((resolve) => stream.once("error", (error) => resolve(error as CounterFailure)));
}

/** A bench whose terminal sends everything back. */
function echoBench(): Bench {
  return new Bench({ onLink: (link) => link.on("data", (bytes: Buffer) => link.write(bytes)) });
}

/** Sends a burst and waits until as much has come back. */
async function echoed(bench: Bench, link: LinkStream): Promise<Buffer> {
  let back = Buffer.alloc(0);
  const all = new Promise<void>((resolve, reject) => {
    link.on("error", reject);
    link.on("data", (bytes: Buffer) => {
      back = Buffer.concat([back, bytes]);
      if (back.length >= BURST_BYTES) resolve();
    });
  });
  link.write(pattern(BURST_BYTES));
  await bench.clock.until(all);
  return back;
}

/** Drops, doubles, cuts short and flips what is sent, as `rate` says. */
function noise(random: SeededRandom, rate: number): Noise {
  return (bytes) => {
    if (random.next() >= rate) return bytes;
    switch (random.below(4)) {
      case 0:
        return new Uint8Array();
      case 1:
        return Uint8Array.of(...bytes, ...bytes);
      case 2:
        return bytes.subarray(0, random.below(bytes.length));
      default:
        return bytes.map((byte, i) => (i === bytes.length >> 1 ? byte ^ (1 << random.below(8)) : byte));
    }
  };
}

test("what is written arrives whole and in order, and comes back so, for every length of frames", async () => {
  for (const mtu of [64, 128, 512]) {
    const bench = echoBench();
    const link = await bench.link(mtu);
    equal(await echoed(bench, link), pattern(BURST_BYTES), `frames of ${mtu}`);
    link.destroy();
  }
});

test("over a line that drops, doubles, cuts and flips, the data stay whole", async () => {
  for (let seed = 1; seed <= 8; seed++) {
    const bench = echoBench();
    bench.wires.noise(noise(new SeededRandom(seed), 0.15));
    const link = await bench.link();
    equal(await echoed(bench, link), pattern(BURST_BYTES), `seed ${seed}`);
    link.destroy();
  }
});

test("garbage before the first frame is nothing", async () => {
  const bench = echoBench();
  bench.wires.terminal.write(Uint8Array.of(0x7e, 0x03, 0x06, 0x7d, 0x7e, 0xff, 0x00, 0x73));
  const link = await bench.link();
  equal(await echoed(bench, link), pattern(BURST_BYTES));
});

test("SABM is repeated each 500 ms until a terminal that was busy answers", async () => {
  const bench = echoBench();
  bench.peer.end.accepts = false;
  const link = new LinkStream(bench.wires.pc, { baud: BAUD }, bench.clock);
  const opened = link.opened();
  await bench.clock.pass(3.2 * SECOND_US);
  bench.peer.end.accepts = true;
  await bench.clock.until(opened);
  is(bench.clock.nowUs(), 3.5 * SECOND_US);
  equal(await echoed(bench, link), pattern(BURST_BYTES));
});

test("an UA that comes twice changes nothing", async () => {
  const bench = echoBench();
  bench.wires.noise((bytes) => Uint8Array.of(...bytes, ...bytes));
  const link = await bench.link();
  equal(await echoed(bench, link), pattern(BURST_BYTES));
});

test("the answer to an older call, and what came behind it, is nothing to a newer one", async () => {
  const bench = echoBench();
  bench.peer.end.accepts = false;
  const link = new LinkStream(bench.wires.pc, { baud: BAUD, call: 0x0203 }, bench.clock);
  const opened = link.opened();
  let isUp = false;
  void opened.then(() => (isUp = true));
  // UA to call 0202, and the first frame of that link.
  bench.wires.terminal.write(frame([0x73, 1, 128, 0, 2, 2]));
  bench.wires.terminal.write(frame([0x00, ...Buffer.from("old")]));
  await bench.clock.pass(SECOND_US / 5);
  is(isUp, false);
  bench.peer.end.accepts = true;
  await bench.clock.until(opened);
  equal(await echoed(bench, link), pattern(BURST_BYTES));
});

test("without an answer the call ends after 12 s, with what to look at", async () => {
  const bench = echoBench();
  bench.peer.end.accepts = false;
  const link = new LinkStream(bench.wires.pc, { baud: BAUD }, bench.clock);
  const error = await bench.clock.until(failure<CounterFailure>(link.opened()));
  is(error.kind, "no-answer");
  match(error.message, /cable/);
  is(bench.clock.nowUs(), 12 * SECOND_US);
});

test("where something else is heard than a terminal the call ends as soon, and says so", async () => {
  const bench = echoBench();
  bench.peer.end.accepts = false;
  const link = new LinkStream(bench.wires.pc, { baud: BAUD }, bench.clock);
  const refused = failure<CounterFailure>(link.opened());
  bench.wires.terminal.write(Buffer.from("login: "));
  const error = await bench.clock.until(refused);
  is(error.kind, "no-answer");
  match(error.message, /no frame of a sealed terminal.*--baud/);
});

test("a terminal of another version refuses the call by DM", async () => {
  const bench = new Bench();
  bench.peer.end.accepts = false;
  const link = new LinkStream(bench.wires.pc, { baud: BAUD }, bench.clock);
  const refused = failure<CounterFailure>(link.opened());
  // DM, version 2, MTU 512.
  bench.wires.terminal.write(frame([0x1f, 2, 0, 2]));
  const error = await bench.clock.until(refused);
  is(error.kind, "peer");
  match(error.message, /another version/);
});

test("DISC is the end after the terminal's bytes, and no error", async () => {
  const bench = new Bench({ onLink: (link) => link.end(pattern(BURST_BYTES)) });
  const link = await bench.link();
  equal(await bench.clock.until(wholeOf(link)), pattern(BURST_BYTES));
});

test("ending the stream sends DISC when everything is acknowledged", async () => {
  let received: Promise<Buffer> | undefined;
  const bench = new Bench({
    onLink: (link) => {
      const pieces: Buffer[] = [];
      link.on("data", (piece: Buffer) => pieces.push(piece));
      received = new Promise((resolve) => link.once("close", () => resolve(Buffer.concat(pieces))));
    },
  });
  const link = await bench.link();
  link.resume();
  link.end(pattern(BURST_BYTES));
  await bench.clock.until(new Promise((resolve) => link.once("close", resolve)));
  await bench.clock.quiet();
  is(bench.peer.end.line.state(), 0);
  bench.peer.end.disconnect();
  equal(await received, pattern(BURST_BYTES));
});

test("a terminal that has started again, that is silent, and a wire that ends are told apart", async () => {
  const ends: [string, string, RegExp, (bench: Bench, link: LinkStream) => void][] = [
    ["forgotten", "link", /started again/, (bench) => bench.wires.terminal.write(frame([0x1f]))],
    ["silent", "link", /stopped answering/, (bench) => bench.wires.noise(() => new Uint8Array())],
    ["pulled", "wire", /device is gone/, (bench) => bench.wires.pull()],
  ];
  for (const [name, kind, text, happen] of ends) {
    const bench = echoBench();
    const link = await bench.link();
    const ended = endOf(link);
    happen(bench, link);
    link.write(pattern(10));
    const error = await bench.clock.until(ended);
    is(error.kind, kind, name);
    match(error.message, text);
  }
});

test("ten sendings without an acknowledgement end the link, and no sooner", async () => {
  const bench = echoBench();
  const link = await bench.link();
  let sendings = 0;
  bench.wires.noise((bytes) => {
    sendings++;
    return bytes.subarray(0, 0);
  });
  const ended = endOf(link);
  link.write(pattern(10));
  await bench.clock.until(ended);
  is(sendings, 10);
});

test("a terminal that sends what nobody reads is cut off at a bound", async () => {
  const bench = new Bench({ onLink: (link) => void link.write(pattern(2 << 20)) });
  const link = new LinkStream(bench.wires.pc, { baud: BAUD, mtu: 512 }, bench.clock);
  const error = await bench.clock.until(endOf(link));
  match(error.message, /nobody fetches/);
});

test("each opening begins anew: an old link's frames do not disturb it", async () => {
  const links: TerminalLink[] = [];
  const bench = new Bench({ onLink: (link) => links.push(link) });
  const first = await bench.link();
  first.on("error", () => undefined);
  // The terminal has a frame under way and polls while the PC's program starts anew.
  bench.peer.end.line.watch(bench.clock.nowUs());
  links[0]!.write(pattern(100));
  bench.wires.noise(() => new Uint8Array());
  first.destroy();
  bench.wires.noise((bytes) => bytes);
  const second = await bench.link();
  const whole = wholeOf(second);
  links.at(-1)!.end("fresh");
  is((await bench.clock.until(whole)).toString(), "fresh");
  is(links.length, 2);
});

test("an I frame of an old link behind the SABM is not answered by a DM", async () => {
  const bench = new Bench({ onLink: (link) => link.end("new") });
  const sent: number[][] = [];
  bench.peer.end.accepts = false;
  bench.wires.noise((bytes) => {
    sent.push([...bytes]);
    return bytes;
  });
  const link = new LinkStream(bench.wires.pc, { baud: BAUD }, bench.clock);
  const opened = link.opened();
  bench.wires.terminal.write(frame([0x02, 1, 2, 3]));
  bench.wires.terminal.write(frame([0x11]));
  await bench.clock.quiet();
  is(
    sent.some(([, control]) => control === 0x1f),
    false,
  );
  bench.peer.end.accepts = true;
  bench.peer.end.run();
  await bench.clock.until(opened);
  is((await bench.clock.until(wholeOf(link))).toString(), "new");
});

/** A frame made byte by byte: FCS-16 bit by bit (RFC 1662, C.1), nothing shared with the line's own. */
function frame(bytes: readonly number[]): Uint8Array {
  let fcs = 0xffff;
  for (const byte of bytes) {
    fcs ^= byte;
    for (let bit = 0; bit < 8; bit++) fcs = (fcs & 1) !== 0 ? (fcs >> 1) ^ 0x8408 : fcs >> 1;
  }
  const body = [...bytes, ~fcs & 0xff, (~fcs >> 8) & 0xff];
  const escaped = body.flatMap((byte) => (byte === 0x7e || byte === 0x7d ? [0x7d, byte ^ 0x20] : [byte]));
  return Uint8Array.of(0x7e, ...escaped, 0x7e);
}

test.run();
