import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { CharacterFlag, Convention } from "../../../hal/card-uart.ts";
import { CardUartChip } from "../../../host-sim/chip/card-uart.ts";
import { CardWire } from "../../../host-sim/chip/card-wire.ts";
import { decodeMoments, encodeMoments } from "../../../host-sim/chip/wire-character.ts";
import { Recorder } from "../../../host-sim/world/recorder.ts";
import { Scheduler } from "../../../host-sim/world/scheduler.ts";

const test = suite("card UART");
const EDGE = (etu: number): number => Math.round((etu * 372 * 1e9) / 3_571_200);

function uartOnWire() {
  const scheduler = new Scheduler();
  const recorder = new Recorder();
  const complaints: string[] = [];
  const wire = new CardWire({ scheduler, recorder, complain: (what) => void complaints.push(what) });
  const uart = new CardUartChip(wire);
  const heard: number[][] = [];
  uart.onReceive = (value, flags, edgeNs) => void heard.push([value, flags, edgeNs]);
  wire.setPowered(true);
  const drain = (): void => {
    while (scheduler.nextNs() < Infinity) scheduler.runNext();
  };
  return { scheduler, recorder, complaints, wire, uart, heard, drain };
}

test("leading edges are exactly the guard time apart and never drift", () => {
  for (const guardEtu of [11, 12, 20, 266]) {
    const { uart, heard, drain, complaints } = uartOnWire();
    uart.setup(372, guardEtu, Convention.Direct);
    uart.send(new Uint8Array(200));
    drain();
    equal(
      heard.map((each) => each[2]),
      Array.from({ length: 200 }, (_, at) => EDGE(at * guardEtu)),
    );
    equal(complaints, []);
  }
});

test("the UART hears every byte it sends, in both conventions", () => {
  for (const convention of [Convention.Direct, Convention.Inverse]) {
    const { uart, heard, drain } = uartOnWire();
    uart.setup(372, 12, convention);
    const all = Uint8Array.from({ length: 256 }, (_, at) => at);
    uart.send(all.slice());
    drain();
    equal(
      heard.map((each) => each[0]),
      [...all],
    );
    ok(heard.every((each) => each[1] === CharacterFlag.None));
  }
});

test("TS 3F of the inverse convention stands on the wire as 03 and is 3F to a UART set to inverse", () => {
  const { uart, wire, heard, drain, recorder } = uartOnWire();
  uart.setup(372, 12, Convention.Direct);
  wire.drive("card", encodeMoments(0x3f, true), 372);
  drain();
  is(recorder.all()[0]!.value, 0x03);
  equal(heard[0]!.slice(0, 2), [0x03, CharacterFlag.ParityError]);
  uart.setup(372, 12, Convention.Inverse);
  wire.drive("card", encodeMoments(0x3f, true), 372);
  drain();
  equal(heard[1]!.slice(0, 2), [0x3f, CharacterFlag.None]);
});

test("every byte survives the way into moments and back, and one turned moment is a parity error", () => {
  for (const inverse of [false, true]) {
    for (let value = 0; value < 256; value++) {
      const moments = encodeMoments(value, inverse);
      equal(decodeMoments(moments, inverse), { value, parityOk: true });
      for (let bit = 0; bit < 9; bit++) is(decodeMoments(moments ^ (1 << bit), inverse).parityOk, false);
    }
  }
});

test("a card at another rate is heard as the same garbage every time", () => {
  const runs = [1, 2].map(() => {
    const { uart, wire, heard, drain, scheduler } = uartOnWire();
    uart.setup(372, 12, Convention.Direct);
    for (let at = 0; at < 20; at++)
      scheduler.at(EDGE(20 * at), () => wire.drive("card", encodeMoments(at * 13, false), 31));
    drain();
    return heard;
  });
  equal(runs[0], runs[1]);
  ok(runs[0]!.some((each, at) => each[0] !== at * 13));
});

test("a sent array is zeroed byte by byte as the characters begin", () => {
  const { uart, scheduler } = uartOnWire();
  const bytes = Uint8Array.of(0x31, 0x32, 0x33, 0x34);
  uart.send(bytes);
  equal([...bytes], [0, 0x32, 0x33, 0x34]);
  while (scheduler.nowNs < EDGE(24)) scheduler.runNext();
  equal([...bytes], [0, 0, 0, 0x34]);
  is(uart.unsentBytes(), 1);
});

test("a new setup wipes and drops what is unsent", () => {
  const { uart, heard, drain } = uartOnWire();
  const bytes = Uint8Array.of(0x31, 0x32, 0x33);
  uart.send(bytes);
  uart.setup(372, 12, Convention.Direct);
  drain();
  equal([...bytes], [0, 0, 0]);
  is(heard.length, 1);
});

test("what is sent within the guard time of the last character waits for its end", () => {
  const { uart, heard, drain, scheduler, complaints } = uartOnWire();
  uart.setup(372, 12, Convention.Direct);
  uart.send(Uint8Array.of(1));
  scheduler.at(EDGE(11), () => uart.send(Uint8Array.of(2, 3)));
  drain();
  equal(
    heard.map((each) => each[2]),
    [0, EDGE(12), EDGE(24)],
  );
  equal(complaints, []);
});

test("a damaged character carries the parity error flag", () => {
  const { uart, wire, heard, drain } = uartOnWire();
  uart.setup(372, 12, Convention.Direct);
  wire.drive("card", encodeMoments(0x00, false), 372);
  uart.send(Uint8Array.of(0x00));
  drain();
  equal(
    heard.map((each) => each[1]),
    [CharacterFlag.ParityError, CharacterFlag.ParityError],
  );
});

test("the UART says that it cannot pull the error signal", () => {
  is(uartOnWire().uart.errorSignal, false);
});

test.run();
