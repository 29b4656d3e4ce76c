import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { DriverHost, framed, request } from "./driver-host.ts";
import { Bench, reply } from "./terminal-peer.ts";

const test = suite("PC/SC bridge");
const SECOND_US = 1_000_000;
const FIRMWARE = [...Buffer.from("Madoguchi")];
const FEATURES = Array.from({ length: 21 }, (_, i) => i);
const PASSED = [0x62, 0x63, 0x65, 0x6f, 0x61, 0x6c, 0x6d, 0x69, 0x72];
const ANSWER_TYPES: Readonly<Record<number, number>> = {
  0x62: 0x80,
  0x6f: 0x80,
  0x69: 0x80,
  0x61: 0x82,
  0x6c: 0x82,
  0x6d: 0x82,
  0x6b: 0x83,
  0x73: 0x84,
};

function answerType(type: number): number {
  return ANSWER_TYPES[type] ?? 0x81;
}

/** A terminal with an active card. */
function terminalAnswer(message: Uint8Array): Uint8Array {
  const data =
    message[0] !== 0x6b
      ? [...message.subarray(7)]
      : message[10] === 2
        ? FIRMWARE
        : message[10] === 0x6a
          ? FEATURES
          : [];
  return reply(message, answerType(message[0]!), data, 0);
}

/**
 * A driver in front of a bridge with a session; what the terminal was asked because of the driver is in `asked()`. Messages that are
 * `mute` get no answer.
 */
async function connected({ mute = (_: Uint8Array): boolean => false } = {}) {
  const bench = new Bench({ answer: (message) => (mute(message) ? undefined : terminalAnswer(message)) });
  const driver = new DriverHost(bench.clock);
  const session = await bench.session();
  session.ended(() => driver.bridge.detach());
  await bench.clock.until(driver.bridge.attach(session));
  const before = bench.peer.requests.length;
  return { bench, driver, session, asked: () => bench.peer.requests.slice(before) };
}

test("every message that may pass reaches the terminal as it is, and its answer the driver", async () => {
  const { driver, asked } = await connected();
  for (const type of PASSED) {
    const message = request(type, [1, 2, 3], 0xc0 + PASSED.indexOf(type));
    const { echo, answer } = await driver.ask(message);
    equal([...echo], [type, 0, 0, 0, 0, 0, message[6], 1, 2, 3], "echo");
    equal([...answer], [answerType(type), 6, 0, 0, 0, 0, message[6], 0, 0, 0, 1, 2, 3, 1, 2, 3]);
    const sent = asked().at(-1)!;
    equal([...sent.subarray(0, 6), ...sent.subarray(7)], [...message.subarray(0, 6), ...message.subarray(7)]);
  }
  is(asked().length, PASSED.length);
});

test("no other type passes: each is answered failed, not supported", async () => {
  const { driver, asked } = await connected();
  for (let type = 0; type < 256; type++) {
    if (PASSED.includes(type) || type === 0x6b) continue;
    const { answer } = await driver.ask(request(type));
    equal([...answer], [answerType(type), 0, 0, 0, 0, 0, 5, 0x42, 0, 0], `type ${type}`);
  }
  is(asked().length, 0);
});

test("of Escapes those of the driver's start pass alone, none of our own", async () => {
  const { driver, asked } = await connected();
  const passed: number[] = [];
  for (let first = 0; first < 256; first++) {
    const before = asked().length;
    const { answer } = await driver.ask(request(0x6b, [first, 0x10, 0]));
    if (asked().length > before) passed.push(first);
    else equal([...answer], [0x83, 0, 0, 0, 0, 0, 5, answer[7], 0, 0], `Escape ${first}`);
  }
  equal(passed, [0x01, 0x02, 0x6a, 0xb2]);
  equal([...(await driver.ask(request(0x6b))).answer], [0x83, 0, 0, 0, 0, 0, 5, 0x40, 0, 0]);
});

test("what the bridge refuses carries the slot's last status", async () => {
  const { driver } = await connected();
  is((await driver.ask(request(0x6e))).answer[7], 0x42);
  await driver.ask(request(0x65));
  is((await driver.ask(request(0x6e))).answer[7], 0x40);
});

test("the driver's start goes through, its long Escape with the short echo", async () => {
  const { driver } = await connected();
  equal([...(await driver.ask(request(0x6b, [2]))).answer.subarray(10)], FIRMWARE);
  equal([...(await driver.ask(request(0x6b, [0x6a]))).answer.subarray(10)], FEATURES);
  const prompts = [0xb2, 0xa0, 0, 0x4d, 0x4c, ...new Array<number>(160).fill(0x20)];
  const { echo, answer } = await driver.ask(request(0x6b, prompts));
  equal([echo.length, answer.length], [10, 10]);
});

test("a card or a person that takes long is covered by a byte 80 each second, until the answer", async () => {
  const { bench, driver } = await connected({ mute: ([type]) => type === 0x69 });
  driver.received = [];
  driver.bridge.push(framed(request(0x69, [0, 30])));
  await bench.clock.pass(5.5 * SECOND_US);
  equal(driver.received.slice(13), [0x80, 0x80, 0x80, 0x80, 0x80]);
  const secure = bench.peer.requests.at(-1)!;
  bench.peer.socket?.write(reply(secure, 0x80, [0x90, 0]));
  const { timeRequests, answer } = await bench.clock.until(driver.answered());
  is(timeRequests, 5);
  equal([...answer.subarray(10)], [0x90, 0]);
  await bench.clock.pass(3 * SECOND_US);
  is(driver.received.at(-1), framed(answer).at(-1), "nothing after the answer");
});

test("an Escape of the start, for which the driver waits 100 ms, is covered each 50 ms", async () => {
  let isSlow = false;
  const { bench, driver } = await connected({ mute: (message) => isSlow && message[0] === 0x6b });
  isSlow = true;
  driver.received = [];
  driver.bridge.push(framed(request(0x6b, [0x6a])));
  await bench.clock.pass(0.12 * SECOND_US);
  equal(driver.received.slice(13), [0x80, 0x80]);
});

test("while a message is under way another one is answered busy, and Abort passes", async () => {
  const { bench, driver, asked } = await connected({ mute: ([type]) => type === 0x69 });
  driver.bridge.push(framed(request(0x69, [0, 30], 1)));
  await bench.clock.quiet();
  equal([...(await driver.ask(request(0x65, [], 2))).answer], [0x81, 0, 0, 0, 0, 0, 2, 0x42, 0xe0, 0]);
  is((await driver.ask(request(0x72, [], 3))).answer[0], 0x81);
  equal(
    asked().map((message) => message[0]),
    [0x69, 0x72],
  );
});

test("a frame with a wrong LRC is answered NAK, and NAK fetches the last frame again", async () => {
  const { bench, driver, asked } = await connected();
  const { answer } = await driver.ask(request(0x65));
  driver.received = [];
  driver.bridge.push(Uint8Array.of(0x03, 0x15, 0x16));
  equal(driver.received, [...framed(answer)]);
  const damaged = framed(request(0x62));
  damaged[damaged.length - 1]! ^= 1;
  driver.received = [];
  driver.bridge.push(damaged);
  driver.bridge.push(Uint8Array.of(0x03, 0x15, 0x16));
  await bench.clock.quiet();
  equal(driver.received, [0x03, 0x15, 0x16], "and there is nothing to repeat then");
  is(asked().length, 1);
});

test("half a frame is forgotten after 500 ms, and so is one that is too long", async () => {
  const { bench, driver } = await connected();
  for (const start of [
    [0x03, 0x06, 0x65, 0],
    [0x03, 0x06, 0x6f, 0xff, 0xff, 0, 0, 0, 1, 0, 0, 0, 1, 2],
  ]) {
    driver.bridge.push(Uint8Array.from(start));
    await bench.clock.pass(0.5 * SECOND_US);
    is((await driver.ask(request(0x65))).answer[0], 0x81);
  }
});

test("without a session the slot is empty, and the driver's start goes through all the same", async () => {
  const { bench, driver, asked } = await connected();
  bench.wires.pull();
  await bench.clock.quiet();
  const expected: readonly [number, readonly number[]][] = [
    [0x65, [0x81, 0x02, 0]],
    [0x63, [0x81, 0x02, 0]],
    [0x72, [0x81, 0x02, 0]],
    [0x62, [0x80, 0x42, 0xfe]],
    [0x6f, [0x80, 0x42, 0xfe]],
    [0x69, [0x80, 0x42, 0xfe]],
    [0x61, [0x82, 0x42, 0xfe]],
    [0x6e, [0x81, 0x42, 0x00]],
  ];
  for (const [type, answer] of expected) {
    const found = (await driver.ask(request(type, [1]))).answer;
    equal([found[0], found[7], found[8]], answer, `type ${type}`);
  }
  equal([...(await driver.ask(request(0x6b, [2]))).answer.subarray(10)], FIRMWARE);
  equal([...(await driver.ask(request(0x6b, [0x6a]))).answer.subarray(10)], FEATURES);
  is((await driver.ask(request(0x6b, [0xb2]))).answer[7], 0x02);
  is((await driver.ask(request(0x6b, [0x4d, 0x10]))).answer[7], 0x42);
  is(asked().length, 0);
});

test("a message that was under way when the session ended is answered as if the card were gone", async () => {
  const { bench, driver } = await connected({ mute: ([type]) => type === 0x6f });
  driver.received = [];
  driver.bridge.push(framed(request(0x6f, [0])));
  await bench.clock.quiet();
  bench.wires.pull();
  const { answer } = await bench.clock.until(driver.answered());
  equal([...answer], [0x80, 0, 0, 0, 0, 0, 5, 0x42, 0xfe, 0]);
});

test("a new session is told to the host as a card that was pulled, by one GetSlotStatus, before anything passes", async () => {
  const { bench, driver, session } = await connected();
  bench.peer.end.disconnect();
  await bench.clock.until(session.close());
  const next = await bench.session();
  await bench.clock.until(driver.bridge.attach(next));
  const before = bench.peer.requests.length;
  equal([...(await driver.ask(request(0x6f, [0]))).answer.subarray(7, 9)], [0x42, 0xfe]);
  is((await driver.ask(request(0x65))).answer[7], 0x02);
  is(bench.peer.requests.length, before);
  is((await driver.ask(request(0x65))).answer[7], 0x00);
  is(bench.peer.requests.length, before + 1);
});

test.run();
