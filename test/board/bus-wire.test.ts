import { suite } from "uvu";
import { equal, is, ok, throws } from "uvu/assert";
import { makeWireEvents } from "../../board/bus-events.ts";
import { BusDuplexSpi } from "../../board/bus-memory.ts";
import { BusWire } from "../../board/bus-wire.ts";
import type { BusEvents, PeripheralBus } from "../../hal/bus.ts";
import { BusDecoder, encodeIdleAnswer } from "../../host-sim/engine/bus-decoder.ts";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { makeBusEvents } from "../../host-sim/world/world-bus.ts";

import { checkBusMemory } from "../portable/bus-memory.cases.ts";

const test = suite("bus-wire");
const LATE_US = 0x1fffffffffffff;

/** Writes down every call as the world would get it. */
function recordingBus(calls: unknown[]): PeripheralBus {
  const note =
    (name: string, answer = 0) =>
    (...args: unknown[]): number => {
      calls.push([name, ...args.map((one) => (one instanceof Uint8Array ? [...one] : one))]);
      return answer;
    };
  const outputs = { uartSetup: note("uartSetup"), cardUartSetup: note("cardUartSetup"), pwm: note("pwm") };
  const questions = { pinsRead: note("pinsRead", -0x7fffffff), matrixScan: note("matrixScan", 0xa5c3) };
  const [uartTx, spi, backupWrite] = [note("uartTx"), note("spi"), note("backupWrite")];
  const [backupRead, noise, backupWasOpened] = [note("backupRead"), note("noise"), note("backupWasOpened")];
  return {
    ...outputs,
    ...questions,
    pinsSet: note("pinsSet"),
    watchdogStart: note("watchdogStart"),
    progress: note("progress"),
    boot: note("boot", 0x0201),
    view: note("view"),
    uartTx: (port, bytes, from, length) =>
      void uartTx(port, [...(bytes as Uint8Array)].slice(from, from + length)),
    spi: (port, select, bytes, length) => void spi(port, select, [...(bytes as Uint8Array)].slice(0, length)),
    spiExchange: (port, select, bytes, length) => {
      spi(port, select, [...(bytes as Uint8Array)].slice(0, length));
      for (let i = 0; i < length; i++) bytes[i] = 255 - bytes[i]!;
    },
    noise: (into, length) => {
      noise(length);
      for (let i = 0; i < length; i++) into[i] = 0xa0 + i;
    },
    backupRead: (at, length, into) => {
      backupRead(at, length);
      for (let i = 0; i < length; i++) into[i] = at + i + 1;
    },
    backupWrite: (at, length, bytes) => void backupWrite(at, [...(bytes as Uint8Array)].slice(0, length)),
    backupWasOpened: () => backupWasOpened() === 0,
    backupForgetOpening: note("backupForgetOpening"),
  };
}

/** Both ends in one process; `pieceBytes` is how the stream is cut on its way. */
class Ends {
  readonly calls: unknown[] = [];
  readonly buffers: Uint8Array[] = [];
  readonly untilUs: number[] = [];
  readonly wire: BusWire;
  exchanges = 0;
  events: BusEvents = makeBusEvents();

  constructor(pieceBytes = 1) {
    const decoder = new BusDecoder(recordingBus(this.calls));
    const natives = {
      ...NODE_NATIVES,
      allocate: (lengthBytes: number) => {
        const bytes = new Uint8Array(lengthBytes);
        this.buffers.push(bytes);
        return bytes;
      },
    };
    this.wire = new BusWire(natives, {
      exchange: (request, length, answer) => {
        this.exchanges++;
        for (let at = 0; ; at += pieceBytes) {
          const asked = decoder.obey();
          if (asked?.kind === "idle") this.untilUs.push(asked.untilUs);
          const bytes = asked?.kind === "answer" ? asked.bytes : encodeIdleAnswer(this.events);
          if (asked !== undefined) {
            (answer as Uint8Array).set(bytes);
            return bytes.length;
          }
          if (at >= length) throw new Error("the last request is not answered");
          decoder.take((request as Uint8Array).slice(at, Math.min(length, at + pieceBytes)));
        }
      },
    });
  }
}

const BYTES = Uint8Array.of(9, 1, 2, 3, 255);

for (const pieceBytes of [1, 7, 4096]) {
  test(`every call arrives as it was made, the stream cut at ${pieceBytes}`, () => {
    const { wire, calls } = new Ends(pieceBytes);
    const view = { page: 2, purpose: 3, language: 1, digits: 16, triesLeft: 255 };
    wire.uartTx(1, BYTES, 1, 3);
    wire.uartSetup(0, 921600);
    wire.cardUartSetup(372, 266, 1);
    wire.pinsSet(0x8001, 0x8000);
    wire.pwm(1, 70000);
    wire.watchdogStart(31);
    wire.progress(7);
    wire.view(view);
    wire.spi(0, 2, BYTES, 5);
    equal(calls, [
      ["uartTx", 1, [1, 2, 3]],
      ["uartSetup", 0, 921600],
      ["cardUartSetup", 372, 266, 1],
      ["pinsSet", 0x8001, 0x8000],
      ["pwm", 1, 70000],
      ["watchdogStart", 31],
      ["progress", 7],
      ["view", view],
      ["spi", 0, 2, [9, 1, 2, 3, 255]],
    ]);
  });
}

test("answers come back whole, the highest bit included", () => {
  const { wire } = new Ends();
  is(wire.pinsRead(), -0x7fffffff);
  is(wire.matrixScan(), 0xa5c3);
});

test("a chip's bytes come back in place of those sent, and no others change", () => {
  const { wire, calls, buffers } = new Ends(7);
  const bytes = Uint8Array.of(3, 0, 16, 0xee);
  wire.spiExchange(1, 0, bytes, 3);
  equal([...bytes], [252, 255, 239, 0xee]);
  equal(calls, [["spi", 1, 0, [3, 0, 16]]]);
  for (const buffer of buffers) ok(buffer.every((value) => value === 0));
});

test("noise and the backup memory are asked for by number, and leave nothing in a buffer", () => {
  const { wire, calls, buffers } = new Ends(7);
  const into = new Uint8Array(4).fill(0xee);
  wire.noise(into, 3);
  equal([...into], [0xa0, 0xa1, 0xa2, 0xee]);
  wire.backupRead(124, 2, into);
  equal([...into], [125, 126, 0xa2, 0xee]);
  wire.backupWrite(127, 1, into);
  is(wire.backupWasOpened(), true);
  wire.backupForgetOpening();
  equal(calls, [
    ["noise", 3],
    ["backupRead", 124, 2],
    ["backupWrite", 127, [125]],
    ["backupWasOpened"],
    ["backupForgetOpening"],
  ]);
  for (const buffer of buffers) ok(buffer.every((value) => value === 0));
});

test("the portable cases hold in Node", () => {
  checkBusMemory({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

test("an exchange may have bytes of its own for what comes in", () => {
  const { wire } = new Ends();
  const spi = new BusDuplexSpi(NODE_NATIVES, wire, 1);
  const [sent, came] = [Uint8Array.of(1, 2, 3), new Uint8Array(3)];
  spi.exchange(0, sent, 2, came);
  equal(
    [[...sent], [...came]],
    [
      [1, 2, 3],
      [254, 253, 0],
    ],
  );
});

test("a boot asks with what the processor knows, and is told reason and part", () => {
  const { wire, calls } = new Ends();
  is(wire.boot(255, 255), 1 + 256 * 2);
  is(wire.boot(2, 30), 1 + 256 * 2);
  equal(calls, [
    ["boot", 255, 255],
    ["boot", 2, 30],
  ]);
});

test("idle carries times beyond 32 bits, edges and characters", () => {
  const ends = new Ends();
  const events = makeWireEvents(NODE_NATIVES);
  ends.events = { ...makeBusEvents(), nowUs: LATE_US - 5, edges: -0x80000000, count: 64 };
  for (let i = 0; i < 64; i++) {
    ends.events.ports[i] = i & 1;
    ends.events.values[i] = 255 - i;
    ends.events.flags[i] = i & 3;
    ends.events.timesUs[i] = LATE_US - 100 + i;
  }
  ends.wire.idle(LATE_US, events);
  equal(ends.untilUs, [LATE_US]);
  equal(events, ends.events);
});

test("outputs wait for an answered request, and travel before the buffer overflows", () => {
  const ends = new Ends(4096);
  for (let i = 0; i < 300; i++) ends.wire.pinsSet(1, i);
  is(ends.exchanges, 0);
  const line = new Uint8Array(600).fill(0x55);
  for (let i = 0; i < 20; i++) ends.wire.uartTx(0, line, 0, 600);
  ok(ends.exchanges > 1);
  ends.wire.matrixScan();
  is(ends.calls.filter((call) => Array.isArray(call) && call[0] === "uartTx").length, 20);
});

test("progress alone fills the buffer no further than it is long", () => {
  const ends = new Ends(4096);
  for (let i = 0; i < 3000; i++) ends.wire.progress(i & 15);
  ends.wire.matrixScan();
  ok(ends.exchanges > 2);
  equal(
    ends.calls.filter((call) => Array.isArray(call) && call[0] === "progress"),
    Array.from({ length: 3000 }, (_, i) => ["progress", i & 15]),
  );
});

test("no byte that was sent or received stays in a buffer", () => {
  const ends = new Ends();
  ends.events = { ...makeBusEvents(), nowUs: 5, count: 1 };
  ends.events.values[0] = 0x31;
  ends.wire.uartTx(1, BYTES, 0, 5);
  ends.wire.idle(1000, makeWireEvents(NODE_NATIVES));
  for (const bytes of ends.buffers) ok(bytes.every((value) => value === 0));
  ends.wire.matrixScan();
  for (const bytes of ends.buffers) ok(bytes.every((value) => value === 0));
});

test("the decoder refuses what it does not know", () => {
  const decoder = new BusDecoder(recordingBus([]));
  decoder.take(Uint8Array.of(1, 0, 0x17));
  throws(() => decoder.obey(), /request 23 with 0 bytes is not known/);
});

for (const [what, bytes, message] of [
  ["a watchdog for no number of parts", [1, 0, 8], /watchdogStart with 0 bytes: the length is wrong/],
  ["a watchdog with a byte too many", [3, 0, 8, 5, 0], /watchdogStart with 2 bytes: the length is wrong/],
  ["progress of no part", [1, 0, 6], /progress with 0 bytes: the length is wrong/],
  ["noise of no length", [1, 0, 0x13], /noise with 0 bytes: the length is wrong/],
  ["the backup memory without an operation", [1, 0, 0x15], /backup with 0 bytes: the length is wrong/],
  ["a read of the backup memory without a length", [3, 0, 0x15, 0, 5], /backup .*: operation 0 is not known/],
  ["a write of the backup memory without a place", [2, 0, 0x15, 1], /backup .*: operation 1 is not known/],
  ["a latch with a byte too many", [3, 0, 0x15, 2, 0], /backup .*: operation 2 is not known/],
  [
    "an operation of the backup memory that nobody knows",
    [2, 0, 0x15, 4],
    /backup .*: operation 4 is not known/,
  ],
  ["a boot without a part", [2, 0, 0x16, 255], /boot with 1 bytes: the length is wrong/],
  ["a boot with a byte too many", [4, 0, 0x16, 255, 255, 0], /boot with 3 bytes: the length is wrong/],
  ["a boot for a reason that nobody knows", [3, 0, 0x16, 4, 255], /boot with 2 bytes: reason 4 is not known/],
] as const) {
  test(`the decoder refuses ${what}`, () => {
    const calls: unknown[] = [];
    const decoder = new BusDecoder(recordingBus(calls));
    decoder.take(Uint8Array.from(bytes));
    throws(() => decoder.obey(), message);
    equal(calls, []);
  });
}

test.run();
