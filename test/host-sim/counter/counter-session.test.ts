import { suite } from "uvu";
import { equal, is, match, throws } from "uvu/assert";
import { CcidStream } from "../../../host-sim/counter/ccid-stream.ts";
import { CONNECT_AGAIN, CONNECT_ONCE, openSession, withRetries } from "../../../host-sim/counter/connect.ts";
import { CounterFailure, type FailureKind } from "../../../host-sim/counter/counter-failure.ts";
import { CounterSession } from "../../../host-sim/counter/counter-session.ts";
import { readHello } from "../../../host-sim/counter/hello.ts";
import { SeededRandom } from "../../../host-sim/world/random.ts";
import { ManualClock } from "./manual-clock.ts";
import { BAUD, Bench, failure, helloAnswer, KEY, NAMES, reply } from "./terminal-peer.ts";

const test = suite("counter session");
const SECOND_US = 1_000_000;

/** GetSlotStatus under the host's own number 0x77. */
const STATUS = Uint8Array.of(0x65, 0, 0, 0, 0, 0, 0x77, 0, 0, 0);

function answersStatus(request: Uint8Array): Uint8Array | undefined {
  return request[0] === 0x65 ? reply(request, 0x81, [], 1) : undefined;
}

test("Hello says role and names, and the terminal is who it says", async () => {
  const bench = new Bench();
  const session = await bench.session();
  equal(session.info(), { ...NAMES, image: "development", reason: "power-on", part: "none" });
  const [hello] = bench.peer.requests;
  const data = [0x4d, 0x10, 1, 1, 10, ...Buffer.from("TERMINAL-7"), 9, ...Buffer.from("COUNTER-3")];
  equal([...hello!.subarray(0, 6), ...hello!.subarray(7)], [0x6b, data.length, 0, 0, 0, 0, 0, 0, 0, ...data]);
});

test("image, reason and part of the start are told by their names", () => {
  const info = readHello(NAMES, 0, Uint8Array.from(helloAnswer(NAMES, 0, [2, 1, 2]).slice(1)));
  equal([info.image, info.reason, info.part], ["town", "watchdog", "line"]);
});

const OTHER_TERMINAL = { ...NAMES, terminal: "TERMINAL-8" };
const OTHER_COUNTER = { ...NAMES, counter: "COUNTER-4" };
const REFUSED_HELLOS: readonly [string, readonly number[], RegExp][] = [
  ["another terminal", helloAnswer(OTHER_TERMINAL), /says that it is TERMINAL-8, not TERMINAL-7/],
  ["another counter", helloAnswer(OTHER_COUNTER), /takes this PC for COUNTER-4/],
  ["the role of a counter", helloAnswer(NAMES, 1), /does not say that it is a terminal/],
  ["another version", [0, 2, ...helloAnswer(NAMES).slice(2)], /another version of the messages/],
  ["no image", helloAnswer(NAMES, 0, [3, 0, 0xff]), /something else than expected/],
  ["too few bytes", helloAnswer(NAMES, 0, [1, 0]), /something else than expected/],
  ["too many bytes", helloAnswer(NAMES, 0, [1, 0, 0xff, 0]), /something else than expected/],
  ["a name that runs out of the answer", [0, 1, 0, 200, 65], /something else than expected/],
  ["result 1", [1], /another version/],
  ["result 2", [2], /does not take this PC for a counter/],
  ["result 3", [3], /other names/],
  ["result 9", [9], /result 9/],
];
for (const [name, hello, text] of REFUSED_HELLOS) {
  test(`a Hello answered by ${name} closes the session`, async () => {
    const bench = new Bench({ hello });
    const error = await failure<CounterFailure>(bench.session());
    is(error.kind, "peer");
    match(error.message, text);
    await bench.clock.quiet();
    is(bench.peer.end.line.state(), 0);
  });
}

test("a line that is lost during Hello is told as such: nothing comes of a Hello, and it may be tried again", async () => {
  const bench = new Bench();
  const stream = await bench.sealed();
  bench.wires.noise(() => new Uint8Array());
  const opening = CounterSession.open(stream, KEY, bench.clock);
  const error = await bench.clock.until(failure<CounterFailure>(opening));
  is(error.kind, "link");
  match(error.message, /stopped answering/);
});

test("names are printed as nothing that a screen would obey", () => {
  const evil = helloAnswer({ terminal: "\u001b[2J", counter: "X" }).slice(1);
  throws(() => readHello(NAMES, 0, Uint8Array.from(evil)), /says that it is \?\?2J, not/);
});

test("an exchange resolves with the terminal's answer under the caller's own number", async () => {
  const bench = new Bench({ answer: answersStatus });
  const session = await bench.session();
  const first = await bench.clock.until(session.exchange(STATUS));
  const second = await bench.clock.until(session.exchange(STATUS));
  const answer = Uint8Array.of(0x81, 0, 0, 0, 0, 0, 0x77, 1, 0, 0);
  equal(first, answer);
  equal(second, answer);
  const numbers = bench.peer.requests.map((request) => request[6]);
  is(new Set(numbers).size, 3, "on the line each message has a number of its own");
});

test("answers find their questions, whatever order they come in", async () => {
  const held: Uint8Array[] = [];
  const bench = new Bench({
    answer: (request, socket) => {
      held.push(request);
      if (held.length === 3) for (const one of held.reverse()) socket.write(reply(one, 0x81, [], one[9]));
      return undefined;
    },
  });
  const session = await bench.session();
  const asked = [0, 1, 2].map((n) => session.exchange(Uint8Array.of(...STATUS.subarray(0, 9), n)));
  const answers = await bench.clock.until(Promise.all(asked));
  equal(
    answers.map((answer) => answer[7]),
    [0, 1, 2],
  );
});

test("abort goes past what is under way", async () => {
  let entry: Uint8Array | undefined;
  const bench = new Bench({
    answer: (request, socket) => {
      if (request[0] === 0x69) entry = request;
      if (request[0] !== 0x72) return undefined;
      socket.write(reply(entry!, 0x80, [], 0x40, 0xff));
      return reply(request, 0x81, []);
    },
  });
  const session = await bench.session();
  const secure = session.exchange(Uint8Array.of(0x69, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 30));
  const [aborted, ended] = await bench.clock.until(Promise.all([session.abort(), secure]));
  is(aborted[0], 0x81);
  equal([...ended.subarray(7, 9)], [0x40, 0xff]);
});

test("a command of the terminal's own resolves with result and data", async () => {
  const bench = new Bench({ answer: (request) => reply(request, 0x83, [7, 1, 2, 3]) });
  const session = await bench.session();
  const { result, data } = await bench.clock.until(session.escape(0x20, Uint8Array.of(9, 8)));
  is(result, 7);
  equal([...data], [1, 2, 3]);
  equal([...bench.peer.requests[1]!.subarray(10)], [0x4d, 0x20, 9, 8]);
});

test("a command that the terminal does not know is refused, and the session goes on", async () => {
  const bench = new Bench({
    answer: (request) => (request[0] === 0x6b ? reply(request, 0x83, [], 0x42, 0) : answersStatus(request)),
  });
  const session = await bench.session();
  const error = await failure<CounterFailure>(bench.clock.until(session.escape(0x55, new Uint8Array())));
  is(error.kind, "refused");
  match(error.message, /command 85/);
  is((await bench.clock.until(session.exchange(STATUS)))[0], 0x81);
});

const LOSSES: readonly [string, (bench: Bench) => void, RegExp][] = [
  ["the cable", (bench) => bench.wires.pull(), /device is gone/],
  ["the terminal's link", (bench) => bench.peer.end.disconnect(), /cut off/],
  ["the session", (bench) => void bench.peer.socket?.end(), /closed the session/],
];
for (const [name, lose, text] of LOSSES) {
  test(`losing ${name} in the middle of an exchange leaves its outcome unknown, and it is not sent again`, async () => {
    const bench = new Bench();
    const session = await bench.session();
    const lost = failure<CounterFailure>(session.exchange(STATUS));
    await bench.clock.quiet();
    lose(bench);
    const error = await bench.clock.until(lost);
    is(error.kind, "unknown");
    match(error.message, /outcome is not known: .*do not repeat it/);
    match(error.message, text);
    is(bench.peer.requests.length, 2);
    const next = await failure<CounterFailure>(session.exchange(STATUS));
    is(next.kind, "unsent");
  });
}

test("a terminal that does not answer in time ends the session", async () => {
  const bench = new Bench();
  const session = await bench.session();
  const beganUs = bench.clock.nowUs();
  const late = await bench.clock.until(failure<CounterFailure>(session.exchange(STATUS, 3 * SECOND_US)));
  is(late.kind, "unknown");
  match(late.message, /in time/);
  is(bench.clock.nowUs() - beganUs, 3 * SECOND_US);
  is((await failure<CounterFailure>(session.exchange(STATUS))).kind, "unsent");
});

const LIMITS: readonly [string, readonly number[], number][] = [
  ["a status", [...STATUS], 10],
  ["power", [0x62, 0, 0, 0, 0, 0, 0, 1, 0, 0], 60],
  ["an entry of 30 s", [0x69, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 30], 120],
  ["an entry of 200 s", [0x69, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 200], 230],
  ["a card's block", [0x6f, 0, 0, 0, 0, 0, 0, 0, 0, 0], 240],
];
test("a message has the time that a card or a person may take", async () => {
  for (const [name, request, seconds] of LIMITS) {
    const bench = new Bench();
    const session = await bench.session();
    const beganUs = bench.clock.nowUs();
    await bench.clock.until(failure(session.exchange(Uint8Array.from(request))));
    is(bench.clock.nowUs() - beganUs, seconds * SECOND_US, name);
  }
});

test("an answer that nobody asked for, of a wrong type or too long, ends the session", async () => {
  const wrong: readonly ((request: Uint8Array) => Uint8Array)[] = [
    (request) =>
      reply(
        Uint8Array.from(request, (byte, i) => (i === 6 ? byte + 1 : byte)),
        0x81,
        [],
      ),
    (request) => reply(request, 0x80, []),
    () => Uint8Array.of(0x81, 0, 0, 0, 0x10, 0, 0, 0, 0, 0),
  ];
  for (const answer of wrong) {
    const bench = new Bench({ answer });
    const session = await bench.session();
    const error = await bench.clock.until(failure<CounterFailure>(session.exchange(STATUS)));
    is(error.kind, "unknown");
    match(error.message, /nobody asked|a message of/);
  }
});

test("the session's end is told once, also to who asks late", async () => {
  const bench = new Bench();
  const session = await bench.session();
  const ends: FailureKind[] = [];
  session.ended((end) => ends.push(end.kind));
  bench.wires.pull();
  await bench.clock.quiet();
  await bench.clock.until(session.close());
  equal(ends, ["wire"]);
  session.ended((end) => ends.push(end.kind));
  equal(ends, ["wire", "wire"]);
});

test("messages are cut out of the stream wherever its pieces end", () => {
  const random = new SeededRandom(3);
  const messages = Array.from({ length: 40 }, (_, i) =>
    reply(
      Uint8Array.of(0, 0, 0, 0, 0, 0, i),
      0x80,
      Array.from({ length: random.below(300) }, () => random.below(256)),
    ),
  );
  const stream = Buffer.concat(messages);
  const cutter = new CcidStream();
  const found: Uint8Array[] = [];
  for (let at = 0; at < stream.length;) {
    const count = random.below(40);
    found.push(...cutter.push(stream.subarray(at, at + count)));
    at += count;
  }
  equal(
    found.map((one) => [...one]),
    messages.map((one) => [...one]),
  );
});

test("a new session over the same line follows an old one", async () => {
  const bench = new Bench({ answer: answersStatus });
  for (let round = 0; round < 3; round++) {
    const session = await bench.clock.until(openSession(bench.wires.pc, BAUD, KEY, bench.clock));
    is((await bench.clock.until(session.exchange(STATUS)))[0], 0x81);
    await bench.clock.until(session.close());
  }
  is(bench.peer.end.calls, 3);
});

test("connecting is tried again where waiting may help, with waits that double up to a bound", async () => {
  const clock = new ManualClock();
  const atMs: number[] = [];
  const kinds: FailureKind[] = ["wire", "no-answer", "link", "cut", "closed", "wire", "wire", "wire", "wire"];
  const connected = withRetries(
    () => {
      atMs.push(clock.nowUs() / 1000);
      const kind = kinds.shift();
      return kind === undefined ? Promise.resolve("session") : Promise.reject(new CounterFailure(kind, "x"));
    },
    CONNECT_AGAIN,
    clock,
  );
  is(await clock.until(connected), "session");
  equal(atMs, [0, 500, 1500, 3500, 7500, 15500, 31500, 61500, 91500, 121500]);
});

test("connecting is not tried again with a wrong key, or another terminal, or when its tries are used up", async () => {
  const clock = new ManualClock();
  for (const kind of ["key", "peer", "tls", "file"] as const) {
    let tried = 0;
    const never = (): Promise<never> => (tried++, Promise.reject(new CounterFailure(kind, "x")));
    is((await clock.until(failure<CounterFailure>(withRetries(never, CONNECT_AGAIN, clock)))).kind, kind);
    is(tried, 1);
  }
  let tried = 0;
  const cut = (): Promise<never> => (tried++, Promise.reject(new CounterFailure("cut", "x")));
  await clock.until(failure(withRetries(cut, CONNECT_ONCE, clock)));
  is(tried, 3);
});

test("connecting that is given up is not tried again, also when that happens in the middle of a wait", async () => {
  const clock = new ManualClock();
  const giving = new AbortController();
  let tried = 0;
  const never = (): Promise<never> => {
    if (++tried === 3) clock.after(1000, () => giving.abort());
    return Promise.reject(new CounterFailure("wire", "x"));
  };
  await clock.until(failure(withRetries(never, CONNECT_AGAIN, clock, { signal: giving.signal })));
  equal([tried, clock.nowUs()], [3, 1_501_000], "0.5 s and 1 s between the tries, 1 ms of the next wait");
});

test.run();
