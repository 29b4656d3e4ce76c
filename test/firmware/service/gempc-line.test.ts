import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { toHex } from "../../../host-sim/scenario/counter.ts";
import { framed, LineHost, request } from "./line-host.ts";

const test = suite("gempc-line");

const STATUS = request(0x65);
const STATUS_FRAME = framed(STATUS);
const STATUS_ECHO = toHex(framed([0x65, 0, 0, 0, 0, 0, 7, 0, 0, 0]));
const STATUS_ABSENT = toHex(framed([0x81, 0, 0, 0, 0, 0, 7, 2, 0, 0]));
const BOTH = STATUS_ECHO + STATUS_ABSENT;
const NAK = "031516";

test("a message is echoed without its data, then answered, both at once", () => {
  const host = new LineHost();
  is(host.send(STATUS_FRAME, 20).take(), BOTH);
  const heard = host.send(framed(request(0x6b, "02"))).take();
  is(heard.slice(0, 26), toHex(framed([0x6b, 0, 0, 0, 0, 0, 7, 0, 0, 0])));
});

test("a frame with a wrong LRC is answered by NAK, and the next frame is taken", () => {
  const host = new LineHost();
  for (let bit = 0; bit < 8; bit++) {
    const broken = STATUS_FRAME.slice();
    broken[12]! ^= 1 << bit;
    is(host.send(broken, 20).take(), NAK);
  }
  is(host.send(STATUS_FRAME, 20).take(), BOTH);
});

test("a NAK of the host repeats the last answer, as often as it is asked", () => {
  const host = new LineHost();
  host.send(STATUS_FRAME, 20).take();
  is(host.send(NAK, 20).take(), STATUS_ABSENT);
  is(host.send(NAK, 20).take(), STATUS_ABSENT);
});

test("a NAK before any frame, and after our own NAK, is answered by nothing", () => {
  const host = new LineHost();
  const broken = STATUS_FRAME.slice();
  broken[12]! ^= 1;
  host.send(broken, 20).take();
  is(host.send(NAK, 20).take(), "");
});

test("a NAK while a person types repeats the echo, which is the last frame, not a mixture of two", () => {
  const host = new LineHost("mynumber");
  host.ask();
  const heard = host.send(NAK, 20).take();
  ok(/^030669000000000.{3}000000..$/.test(heard) && heard.length === 26, heard);
});

test("half a frame is forgotten after half a second, wherever it was cut", () => {
  const whole = framed(request(0x6b, "010101"));
  const host = new LineHost();
  for (let length = 1; length < whole.length; length++) {
    host.send(whole.subarray(0, length), 550);
    is(host.take(), "", `${length} bytes`);
    is(host.send(STATUS_FRAME, 20).take(), BOTH, `after ${length} bytes`);
  }
});

test("a frame that comes in pieces, each within half a second, is taken", () => {
  const host = new LineHost();
  for (let at = 0; at < STATUS_FRAME.length; at++) host.send(STATUS_FRAME.subarray(at, at + 1), 450);
  is(host.take(), BOTH);
});

test("a frame that announces too much is skipped until the line was silent", () => {
  const host = new LineHost();
  host.send("03066f" + "0601" + "0000" + "0000000000", 100);
  host.send(STATUS_FRAME, 100);
  is(host.take(), "", "it may still be that frame's data");
  host.wait(600);
  is(host.send(STATUS_FRAME, 20).take(), BOTH);
});

test("bytes between frames are skipped", () => {
  const host = new LineHost();
  is(host.send(`ffff00${"03"}${toHex(STATUS_FRAME)}`, 20).take(), BOTH);
});

test("several frames in one breath are answered in their order", () => {
  const host = new LineHost();
  const frames = [1, 2, 3, 4, 5].map((sequence) => framed([0x65, 0, 0, 0, 0, 0, sequence, 0, 0, 0]));
  const heard = host.send(Uint8Array.from(frames.flatMap((frame) => [...frame])), 100).take();
  const sequences = (heard.match(/0306.{22}/g) ?? []).map((frame) => frame.slice(16, 18));
  equal(sequences, ["01", "01", "02", "02", "03", "03", "04", "04", "05", "05"]);
});

test("while a person types a byte of 80 or more comes each second, and no other", () => {
  const host = new LineHost("mynumber");
  host.ask();
  host.wait(10_000);
  const heard = host.take();
  ok(/^(80)+$/.test(heard), heard);
  ok(heard.length / 2 >= 9 && heard.length / 2 <= 10, heard);
  host.counter.simulator.keys("1357E");
  host.wait(2500);
  const rest = host.take();
  is(rest.replace(/^(80)*/, "").slice(0, 6), "030680");
  host.wait(3000);
  is(host.take(), "", "after the answer the line is silent");
});

test.run();
