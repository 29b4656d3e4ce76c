/** The counter line's two ends, each at the speed that it was told. */
import { suite } from "uvu";
import { equal, throws } from "uvu/assert";
import { BOARD } from "../../../board/mps2-an386/pins.ts";
import { SerialLine } from "../../../host-sim/chip/serial-line.ts";
import { Recorder } from "../../../host-sim/world/recorder.ts";
import { Scheduler } from "../../../host-sim/world/scheduler.ts";
import { Simulator } from "../../../host-sim/world/simulator.ts";

const test = suite("serial line");
const BYTES = Uint8Array.of(0x55, 0, 0xff);

class Bench {
  readonly scheduler = new Scheduler();
  readonly line = new SerialLine(this.scheduler, new Recorder());
  readonly atPc: number[] = [];
  readonly atTerminal: number[] = [];

  constructor() {
    this.line.onBytes((bytes) => this.atPc.push(...bytes));
    this.line.onTerminalReceive = (bytes) => this.atTerminal.push(...bytes);
  }

  /** Both ends send. Returns when the last character has arrived. */
  exchange(): number {
    this.line.send(BYTES);
    this.line.terminalSends(BYTES);
    while (Number.isFinite(this.scheduler.nextNs())) this.scheduler.runNext();
    return this.scheduler.nowNs;
  }
}

test("both ends hear each other at one speed, in the time that it takes", () => {
  for (const baud of [9600, 115_200, 921_600]) {
    const bench = new Bench();
    bench.line.baud = baud;
    bench.line.setup(baud);
    // Three characters, and two of silence before the terminal is woken.
    equal(bench.exchange(), Math.round((3 * 10 * 1e9) / baud) + Math.round((2 * 10 * 1e9) / baud));
    equal([bench.atPc, bench.atTerminal], [[...BYTES], [...BYTES]]);
  }
});

test("at two speeds neither hears the other", () => {
  const bench = new Bench();
  bench.line.setup(9600);
  bench.exchange();
  equal([bench.atPc, bench.atTerminal], [[], []]);
});

test("a terminal that has not set its speed, or not since a reset, hears nothing and must not send", () => {
  const bench = new Bench();
  const heard = (): number => {
    bench.line.send(BYTES);
    while (Number.isFinite(bench.scheduler.nextNs())) bench.scheduler.runNext();
    return bench.atTerminal.splice(0).length;
  };
  equal(heard(), 0);
  throws(() => bench.line.terminalSends(BYTES), /before its speed was set/);
  bench.line.setup(115_200);
  equal(heard(), BYTES.length);
  bench.line.resetTerminal();
  equal(heard(), 0);
  throws(() => bench.line.terminalSends(BYTES), /before its speed was set/);
});

test("every image sets its board's speed at start, once, and again after a reset", () => {
  for (const mode of ["open", "sealed", "town"] as const) {
    const simulator = new Simulator({ mode });
    const { line } = simulator.world;
    const speeds: number[] = [];
    const setup = line.setup.bind(line);
    line.setup = (baud) => {
      speeds.push(baud);
      setup(baud);
    };
    simulator.runFor(100);
    equal(speeds, [], "before the test had begun to listen");
    simulator.pressReset();
    simulator.runFor(100);
    equal(speeds, [BOARD.lineBaud], mode);
    simulator.close();
  }
});

test.run();
