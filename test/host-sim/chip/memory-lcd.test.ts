import { suite } from "uvu";
import { equal, is, not, ok } from "uvu/assert";
import { MemoryLcd, type MemoryLcdOptions } from "../../../host-sim/chip/memory-lcd.ts";

const test = suite("memory LCD");
const MS = 1_000_000;

interface Bench {
  panel: MemoryLcd;
  complaints: string[];
  /** [line, time] of every line latched. */
  latched: [number, number][];
}

function benchWith(options: Partial<MemoryLcdOptions> = {}): Bench {
  const complaints: string[] = [];
  const latched: [number, number][] = [];
  const complain = (text: string): number => complaints.push(text);
  const onLine = (line: number, endNs: number): number => latched.push([line, endNs]);
  return { panel: new MemoryLcd({ complain, onLine, ...options }), complaints, latched };
}

/** VCOM runs, memory cleared, DISP high, at time 0. */
function running(): Bench {
  const bench = benchWith();
  bench.panel.setVcomHz(0, 60);
  bench.panel.transfer(0, [0x20, 0]);
  bench.panel.setDisplayOn(8000, true);
  return bench;
}

function line(address: number, value: number): number[] {
  return [address, ...new Array<number>(50).fill(value), 0];
}

function row(bench: Bench, y: number): number[] {
  return [...bench.panel.frame().slice(50 * y, 50 * y + 50)];
}

test("one line: address least significant bit first, 1 = paper", () => {
  const bench = running();
  bench.panel.transfer(MS, [0x80, ...line(0x40, 0xf0), 0]);
  equal(row(bench, 1), new Array(50).fill(0x0f));
  equal(row(bench, 0), new Array(50).fill(0));
  equal(bench.latched, [[1, MS + 52 * 4000]]);
  equal(bench.complaints, []);
});

test("lines of one transfer need not follow each other", () => {
  const bench = running();
  bench.panel.transfer(MS, [0x80, ...line(0x0f, 0x00), ...line(0x80, 0x0f), 0]);
  equal(row(bench, 239), new Array(50).fill(0xff));
  equal(row(bench, 0), new Array(50).fill(0xf0));
  equal(bench.latched, [
    [239, MS + 52 * 4000],
    [0, MS + 104 * 4000],
  ]);
});

test("the VCOM bit of the mode byte changes nothing while EXTMODE is high", () => {
  const bench = running();
  bench.panel.transfer(MS, [0xc0, ...line(0x80, 0), 0]);
  bench.panel.transfer(2 * MS, [0x40, 0]);
  equal(row(bench, 0), new Array(50).fill(0xff));
  equal(bench.complaints, []);
});

test("memory holds anything at power-up, the same for one seed", () => {
  const frames = [1, 1, 2].map((seed) => {
    const { panel } = benchWith({ seed });
    panel.setVcomHz(0, 60);
    panel.setDisplayOn(0, true);
    return Buffer.from(panel.frame()).toString("hex");
  });
  is(frames[0], frames[1]);
  is.not(frames[0], frames[2]);
});

test("DISP low shows blank paper and keeps the memory", () => {
  const bench = running();
  bench.panel.transfer(MS, [0x80, ...line(0x80, 0), 0]);
  bench.panel.setDisplayOn(2 * MS, false);
  ok(bench.panel.frame().every((byte) => byte === 0));
  bench.panel.setDisplayOn(3 * MS, true);
  equal(row(bench, 0), new Array(50).fill(0xff));
});

test("DISP before the clear is complained about", () => {
  const { panel, complaints } = benchWith();
  panel.setVcomHz(0, 60);
  panel.setDisplayOn(0, true);
  equal(complaints, ["LCD: DISP high before the memory was cleared"]);
});

test("a line address outside 1–240 is complained about and latches nothing", () => {
  for (const [address, value] of [
    [0x00, 0],
    [0x8f, 241],
    [0xff, 255],
  ]) {
    const bench = running();
    bench.panel.transfer(MS, [0x80, ...line(address, 0), 0]);
    equal(bench.complaints, [`LCD: no line ${value}`]);
    equal(bench.latched, []);
    ok(bench.panel.frame().every((byte) => byte === 0));
  }
});

test("a line cut short is not latched, the ones before it are", () => {
  const bench = running();
  bench.panel.transfer(MS, [0x80, ...line(0x80, 0), ...line(0x40, 0).slice(0, 30)]);
  equal(bench.complaints, ["LCD: cut line after 1 lines"]);
  equal(
    bench.latched.map(([y]) => y),
    [0],
  );
});

test("without the trailer the last line is lost", () => {
  const bench = running();
  bench.panel.transfer(MS, [0x80, ...line(0x80, 0), ...line(0x40, 0)]);
  equal(bench.complaints, ["LCD: no trailer after 1 lines"]);
  equal(
    bench.latched.map(([y]) => y),
    [0],
  );
});

test("write and clear at once, a long clear and a lone mode byte are complained about", () => {
  const bench = running();
  bench.panel.transfer(MS, [0xa0, 0]);
  bench.panel.transfer(2 * MS, [0x20, 0, 0]);
  bench.panel.transfer(3 * MS, [0x80]);
  equal(bench.complaints, [
    "LCD: write and clear in one mode byte",
    "LCD: clear of 3 bytes, not 2",
    "LCD: transfer of 1 bytes",
  ]);
});

test("two transfers at once are complained about, to the nanosecond", () => {
  const bench = running();
  bench.panel.transfer(MS, [0x40, 0]);
  bench.panel.transfer(MS + 7999, [0x40, 0]);
  is(bench.complaints.length, 1);
  bench.panel.transfer(MS + 7999 + 8000, [0x40, 0]);
  is(bench.complaints.length, 1);
});

test("a clock over 2 MHz is complained about", () => {
  equal(benchWith({ spiHz: 2_000_001 }).complaints, ["LCD: SPI clock 2000001 Hz is over 2 MHz"]);
});

test("VCOM that stands still for more than a second under a picture is complained about once", () => {
  const { panel, complaints } = running();
  panel.check(10_000 * MS);
  equal(complaints, []);
  panel.setVcomHz(10_000 * MS, 0);
  panel.check(11_000 * MS);
  equal(complaints, []);
  panel.check(11_000 * MS + 1);
  panel.check(20_000 * MS);
  equal(complaints, ["LCD: VCOM has not alternated for more than 1 s while a picture is shown"]);
});

test("VCOM may stand still while DISP is low, and counts anew from DISP high", () => {
  const { panel, complaints } = running();
  panel.setDisplayOn(0, false);
  panel.setVcomHz(0, 0);
  panel.check(60_000 * MS);
  panel.setDisplayOn(60_000 * MS, true);
  panel.check(61_000 * MS);
  equal(complaints, []);
  panel.setVcomHz(61_001 * MS, 60);
  not.equal(complaints, [], "the second was over just before VCOM came back");
});

test.run();
