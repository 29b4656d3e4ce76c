/** What the processor's reset does to its UARTs. */
import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { Convention } from "../../../hal/card-uart.ts";
import { CardUartChip } from "../../../host-sim/chip/card-uart.ts";
import { CardWire } from "../../../host-sim/chip/card-wire.ts";
import { SerialLine } from "../../../host-sim/chip/serial-line.ts";
import { Recorder } from "../../../host-sim/world/recorder.ts";
import { Scheduler } from "../../../host-sim/world/scheduler.ts";

const test = suite("UARTs under a reset");
const BAUD = 115_200;
/** 10 bits. */
const CHARACTER_NS = 86_806;
const BYTES = Uint8Array.of(1, 2, 3, 4, 5);

function passUntil(scheduler: Scheduler, timeNs: number): void {
  while (scheduler.nextNs() <= timeNs) scheduler.runNext();
  scheduler.advanceTo(timeNs);
}

function serial() {
  const scheduler = new Scheduler();
  const line = new SerialLine(scheduler, new Recorder());
  line.setup(BAUD);
  const heardByPc: number[] = [];
  const heardByTerminal: number[] = [];
  line.onBytes((bytes) => heardByPc.push(...bytes));
  line.onTerminalReceive = (bytes) => heardByTerminal.push(...bytes);
  return { scheduler, line, heardByPc, heardByTerminal };
}

test("the PC gets the characters that had left whole, and nothing after them", () => {
  for (let whole = 0; whole <= BYTES.length; whole++) {
    const { scheduler, line, heardByPc } = serial();
    line.terminalSends(BYTES);
    passUntil(scheduler, Math.round((whole + 0.5) * CHARACTER_NS));
    line.resetTerminal();
    passUntil(scheduler, 1e9);
    equal(heardByPc, [...BYTES.subarray(0, whole)]);
  }
});

test("what is sent after a reset does not wait for what was cut", () => {
  const { scheduler, line, heardByPc } = serial();
  line.terminalSends(new Uint8Array(500));
  line.resetTerminal();
  line.setup(BAUD);
  line.terminalSends(BYTES);
  passUntil(scheduler, 6 * CHARACTER_NS);
  equal(heardByPc, [...BYTES]);
});

test("the terminal gets the characters that begin after the reset, not those before or amid it", () => {
  for (let begun = 1; begun <= BYTES.length; begun++) {
    const { scheduler, line, heardByTerminal } = serial();
    line.send(BYTES);
    passUntil(scheduler, Math.round((begun - 0.5) * CHARACTER_NS));
    line.resetTerminal();
    line.setup(BAUD);
    passUntil(scheduler, 1e9);
    equal(heardByTerminal, [...BYTES.subarray(begun)]);
  }
});

test("the card UART sends nothing more, hears nothing, and works again once it is set up", () => {
  const scheduler = new Scheduler();
  const complain = (text: string): never => {
    throw new Error(text);
  };
  const wire = new CardWire({ scheduler, recorder: new Recorder(), complain });
  wire.setPowered(true);
  const uart = new CardUartChip(wire);
  const [sent, heard]: number[][] = [[], []];
  wire.onCharacter(({ character }) => sent.push(character.moments & 0xff));
  uart.onReceive = (value) => heard.push(value);
  uart.setup(372, 12, Convention.Direct);
  uart.send(BYTES.slice());
  passUntil(scheduler, wire.etuNs(12, 372));
  uart.reset();
  is(uart.unsentBytes(), 0);
  passUntil(scheduler, 1e9);
  // The second had begun: it is on the wire, but nobody listens.
  equal([sent, heard], [[1, 2], [1]]);
  uart.setup(372, 12, Convention.Direct);
  uart.send(Uint8Array.of(9));
  passUntil(scheduler, 2e9);
  equal(
    [sent, heard],
    [
      [1, 2, 9],
      [1, 9],
    ],
  );
});

test.run();
