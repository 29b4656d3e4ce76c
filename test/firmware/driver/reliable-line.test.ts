/** The reliable line by its frames and its clock: what is sent when, byte for byte, to a PC that a test plays by hand. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { FrameLine } from "../../../firmware/driver/frame-line.ts";
import { LinkState, ReliableLine } from "../../../firmware/driver/reliable-line.ts";
import { AsyncFrameDecoder, AsyncFrameEncoder, FrameEvent } from "../../../firmware/protocol/async-frame.ts";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import type { Bytes, ReadonlyBytes } from "../../../hal/bytes.ts";

const test = suite("reliable line");
const BAUD = 115200;
const SABM = 0x3f;
/** A version, an MTU, and the number of a call. */
const OFFER_128 = [1, 128, 0, 7, 3];

interface Sent {
  readonly atUs: number;
  readonly control: number;
  readonly information: readonly number[];
}

class Bench {
  nowUs = 0;
  readonly sent: Sent[] = [];
  readonly line: ReliableLine;
  private inbox: number[] = [];
  private readonly decoder = new AsyncFrameDecoder(NODE_NATIVES);
  private readonly encoder = new AsyncFrameEncoder(NODE_NATIVES);

  constructor() {
    const uart = {
      write: (bytes: ReadonlyBytes, from: number, length: number): void => {
        for (let i = from; i < from + length; i++) this.wrote(bytes[i]!);
      },
      read: (into: Bytes, at: number, max: number): number => {
        const taken = this.inbox.splice(0, max);
        taken.forEach((byte, i) => (into[at + i] = byte));
        return taken.length;
      },
    };
    this.line = new ReliableLine(NODE_NATIVES, new FrameLine(NODE_NATIVES, uart, BAUD));
  }

  /** The PC sends a frame, now; what it brings is returned. */
  hear(control: number, information: readonly number[] = []): number[] {
    const length = this.encoder.encode(control, Uint8Array.from(information), information.length);
    return this.hearBytes((this.encoder.frame as Uint8Array).slice(0, length));
  }

  hearBytes(bytes: Uint8Array): number[] {
    this.inbox.push(...bytes);
    const came: number[] = [];
    while (this.line.receive(this.nowUs)) {
      came.push(...(this.line.information as Uint8Array).slice(0, this.line.receivedLength));
      this.line.receivedLength = 0;
    }
    this.line.step(this.nowUs);
    return came;
  }

  up(): this {
    this.hear(SABM, OFFER_128);
    this.line.accept(this.nowUs);
    this.sent.length = 0;
    return this;
  }

  say(length: number): void {
    this.line.send(new Uint8Array(length).fill(0x61), 0, length);
    this.line.step(this.nowUs);
  }

  /** Lets time pass, frame for frame. */
  runFor(us: number): void {
    const endUs = this.nowUs + us;
    for (;;) {
      const dueUs = this.line.step(this.nowUs);
      if (dueUs > endUs) break;
      this.nowUs = Math.max(this.nowUs + 1, dueUs);
    }
    this.nowUs = endUs;
  }

  controls(): number[] {
    return this.sent.map(({ control }) => control);
  }

  private wrote(byte: number): void {
    if (this.decoder.push(byte) !== FrameEvent.Frame) return;
    const information = [
      ...(this.decoder.information as Uint8Array).slice(0, this.decoder.informationLength),
    ];
    this.sent.push({ atUs: this.nowUs, control: this.decoder.control, information });
  }
}

/** The time that `length` bytes of information take, flags, control and FCS counted. */
function frameUs(length: number): number {
  return Math.floor(((length + 5) * 10 * 1e6) / BAUD);
}

test("SABM is answered by UA with the smaller MTU and the number of the call, when it is accepted and not before", () => {
  for (const [offered, agreed] of [
    [64, 64],
    [128, 128],
    [512, 512],
    [1500, 512],
  ] as const) {
    const bench = new Bench();
    bench.hear(SABM, [1, offered & 255, offered >> 8, offered & 127, 200]);
    is(bench.line.state(), LinkState.Asked);
    bench.runFor(5e6);
    equal(bench.sent, []);
    bench.line.accept(bench.nowUs);
    equal(bench.sent.at(-1)?.information, [1, agreed & 255, agreed >> 8, offered & 127, 200]);
    is(bench.line.longest(), agreed);
  }
});

test("another version, a short offer and a tiny MTU are refused by DM with what is spoken", () => {
  for (const offer of [[2, 128, 0, 0, 0], [1, 128], [1, 128, 0, 9], [], [1, 63, 0, 0, 0]]) {
    const bench = new Bench();
    bench.hear(SABM, offer);
    equal(
      bench.sent.map(({ control, information }) => [control, ...information]),
      [[0x1f, 1, 0, 2]],
    );
    is(bench.line.state(), LinkState.Down);
  }
});

test("frames are numbered 0 to 7, delivered once, and acknowledged again when they come again", () => {
  const bench = new Bench().up();
  for (let i = 0; i < 20; i++) {
    const control = (i & 7) << 1;
    equal(bench.hear(control, [i]), [i]);
    equal(bench.hear(control, [i]), [], "the same again");
    const wanted = (((i + 1) & 7) << 5) | 1;
    equal(bench.controls().slice(-2), [wanted, wanted]);
  }
});

test("a damaged, an aborted and an empty frame are nothing; what follows counts", () => {
  const bench = new Bench().up();
  const encoder = new AsyncFrameEncoder(NODE_NATIVES);
  const whole = (encoder.frame as Uint8Array).slice(0, encoder.encode(0, Uint8Array.of(1, 0x7e, 0x7d), 3));
  for (let at = 1; at < whole.length - 1; at++) {
    const bent = Uint8Array.from(whole);
    bent[at]! ^= 0x04;
    equal(bench.hearBytes(bent), [], `byte ${at}`);
  }
  equal(bench.hearBytes(Uint8Array.of(...whole.slice(0, 4), 0x7d, 0x7e, 0x7e, 0x7e)), []);
  equal(bench.hearBytes(whole), [1, 0x7e, 0x7d]);
});

test("a frame without answer is repeated after the round trip, twice as late each time, ten times in all", () => {
  const bench = new Bench().up();
  bench.say(100);
  bench.runFor(frameUs(100) + 1000);
  bench.hear(0x21);
  bench.sent.length = 0;
  bench.say(100);
  bench.runFor(20e6);
  const gaps = bench.sent.slice(1).map(({ atUs }, i) => atUs - bench.sent[i]!.atUs - frameUs(100));
  is(bench.sent.length, 10);
  const patience = gaps.map((gap) => gap - frameUs(128));
  equal(
    patience,
    [20e3, 40e3, 80e3, 160e3, 320e3, 640e3, 1e6, 1e6, 1e6],
    "the measured round trip is shorter than the least",
  );
  is(bench.line.state(), LinkState.Down);
});

test("lost frame: at 115200 and MTU 128 its repeat has left within 60 ms", () => {
  const bench = new Bench().up();
  bench.say(128);
  bench.runFor(frameUs(128) + 700);
  bench.hear(0x21);
  bench.sent.length = 0;
  bench.say(128);
  bench.runFor(100e3);
  const lostMs = (bench.sent[1]!.atUs - bench.sent[0]!.atUs) / 1000;
  ok(lostMs <= 60, `${lostMs} ms`);
});

test("of a frame that was sent twice no round trip is measured", () => {
  const bench = new Bench().up();
  /** Sends and acknowledges `roundUs` after the last bit of sending `times`. */
  const exchange = (number: number, roundUs: number, times: number): void => {
    bench.say(10);
    while (bench.sent.filter(({ control }) => (control & 1) === 0).length < times) bench.runFor(1000);
    bench.runFor(frameUs(10) + roundUs);
    bench.hear((((number + 1) & 7) << 5) | 1);
    bench.sent.length = 0;
  };
  for (let i = 0; i < 8; i++) exchange(i, 200e3, 1);
  // The answer to the first copy, which comes just behind the second, says nothing of the line.
  for (let i = 0; i < 40; i++) exchange(i & 7, 100, 2);
  bench.say(10);
  bench.runFor(frameUs(10) + 200e3);
  is(bench.sent.length, 1, "a round trip of 200 ms is waited for as before");
});

test("while a person is asked for something the PC is polled each second, and three misses end the link", () => {
  const bench = new Bench().up();
  bench.line.watch(0);
  bench.runFor(2.5e6);
  equal(
    bench.sent.map(({ atUs, control }) => [Math.round(atUs / 1e5), control]),
    [
      [0, 0x11],
      [10, 0x11],
      [20, 0x11],
    ],
  );
  bench.hear(0x11);
  bench.runFor(3e6);
  is(bench.line.state(), LinkState.Up, "one answer is enough");
  bench.runFor(1.1e6);
  is(bench.line.state(), LinkState.Down);
});

test("without a link, information and polls get DM, DISC gets UA, and answers get nothing", () => {
  const bench = new Bench();
  for (const [control, answer] of [
    [0x00, [0x1f]],
    [0x11, [0x1f]],
    [0x01, []],
    [0x73, []],
    [0x1f, []],
    [0x53, [0x73]],
  ] as const) {
    bench.sent.length = 0;
    bench.hear(control, control === 0 ? [1] : []);
    equal(bench.controls(), [...answer], control.toString(16));
  }
});

test("nothing that is sent stays in the line when the link has ended", () => {
  const bench = new Bench().up();
  bench.say(100);
  bench.line.disconnect(0);
  is((bench.line as unknown as { outgoing: Uint8Array }).outgoing.includes(0x61), false);
});

test.run();
