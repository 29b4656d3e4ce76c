/** The bytes of the LCD driver against the data sheet's rules (facts: mode byte, reversed addresses, dummy bits, trailer). */
import type { ByteNatives, ReadonlyBytes } from "../../hal/bytes.ts";
import { LcdSize, SharpLcd } from "../../firmware/driver/sharp-lcd.ts";
import type { Report } from "./report.ts";

/** Writes down what the driver does, in order. */
class FakePorts {
  /** "p" channel hz, "s" select length, "d" mask value: three numbers a call. */
  readonly calls: number[] = [];
  readonly sent: number[] = [];
  readonly spi = {
    write: (select: number, bytes: ReadonlyBytes, length: number): void => this.wrote(select, bytes, length),
  };
  readonly pins = {
    set: (mask: number, value: number): void => this.note(3, mask, value),
    read: (): number => 0,
    takeEdges: (): number => 0,
  };
  readonly pwm = { set: (channel: number, hz: number): void => this.note(1, channel, hz) };

  private note(kind: number, first: number, second: number): void {
    this.calls.push(kind);
    this.calls.push(first);
    this.calls.push(second);
  }

  private wrote(select: number, bytes: ReadonlyBytes, length: number): void {
    this.note(2, select, length);
    for (let i = 0; i < length; i++) this.sent.push(bytes[i]);
  }
}

const WIRING = { spiSelect: 5, spiHz: 2000000, displayOnMask: 64, vcomChannel: 1, vcomHz: 60 };

function checkNumbers(report: Report, actual: number[], expected: number[], what: string): void {
  report.equal(actual.length, expected.length, what);
  for (let i = 0; i < expected.length; i++) report.equal(actual[i], expected[i], what);
}

function checkStart(report: Report, natives: ByteNatives): void {
  const ports = new FakePorts();
  const lcd = new SharpLcd(natives, ports, WIRING);
  report.equal(lcd.step(1000) ? 1 : 0, 0, "not ready while the memory is being cleared");
  checkNumbers(report, ports.calls, [1, 1, 60, 2, 5, 2], "VCOM runs before the clear, DISP stays low");
  checkNumbers(report, ports.sent, [0x20, 0x00], "clear is mode 20 and 8 dummy bits");
  report.equal(lcd.readyUs, 1000 + 10 + 8, "16 bits at 2 MHz and the select times");
  report.equal(lcd.step(1017) ? 1 : 0, 0, "still on the wire");
  report.equal(ports.calls.length, 6, "nothing is done before the clear is over");
  report.equal(lcd.step(1018) ? 1 : 0, 1, "ready after the clear");
  checkNumbers(report, ports.calls, [1, 1, 60, 2, 5, 2, 3, 64, 64], "DISP goes high last");
}

function started(natives: ByteNatives, ports: FakePorts): SharpLcd {
  const lcd = new SharpLcd(natives, ports, WIRING);
  lcd.step(0);
  lcd.step(100);
  while (ports.sent.length > 0) ports.sent.pop();
  return lcd;
}

/** The addresses of the first five lines, 1 to 5, and of lines 128 and 240, least significant bit first. */
const LINES = [0x80, 0x40, 0xc0, 0x20, 0xa0];
const LINE_128 = 0x01;
const LINE_240 = 0x0f;

function checkLines(report: Report, natives: ByteNatives): void {
  const ports = new FakePorts();
  const lcd = started(natives, ports);
  lcd.clear(0, LINES.length);
  for (let slot = 0; slot < LINES.length; slot++) {
    if (slot !== 1) natives.fill(lcd.buffer, LcdSize.PixelsAt + slot * LcdSize.LineStride, 50, 0xa0 + slot);
  }
  lcd.send(LINES.length, 100);
  const expected: number[] = [0x80];
  for (let slot = 0; slot < LINES.length; slot++) {
    expected.push(LINES[slot]);
    for (let i = 0; i < 50; i++) expected.push(slot === 1 ? 0xff : 0xa0 + slot);
    expected.push(0);
  }
  expected.push(0);
  checkNumbers(report, ports.sent, expected, "write: mode, lines of address, pixels and dummy, trailer");
  report.equal(lcd.readyUs, 100 + 10 + 4 * expected.length, "4 us a byte at 2 MHz");
  report.equal(lcd.step(lcd.readyUs - 1) ? 1 : 0, 0, "never two transfers on the wire");
  report.equal(lcd.step(lcd.readyUs) ? 1 : 0, 1, "the next transfer follows at once");
}

function checkFewerLinesAfterMore(report: Report, natives: ByteNatives): void {
  const ports = new FakePorts();
  const lcd = started(natives, ports);
  lcd.clear(232, 8);
  lcd.send(8, 100);
  report.equal(ports.sent[1 + 7 * 52], LINE_240, "the last line's address");
  report.equal(ports.sent.length, 418, "eight lines are the most");
  while (ports.sent.length > 0) ports.sent.pop();
  lcd.clear(127, 1);
  lcd.send(1, 5000);
  report.equal(ports.sent[1], LINE_128, "the address of the line in the middle");
  report.equal(ports.sent.length, 54, "one line");
  report.equal(ports.sent[53], 0, "the trailer is clean where an address stood before");
}

export function checkSharpLcd(report: Report, natives: ByteNatives): void {
  checkStart(report, natives);
  checkLines(report, natives);
  checkFewerLinesAfterMore(report, natives);
}
