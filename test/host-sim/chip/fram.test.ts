import { suite } from "uvu";
import { equal, is, ok, throws } from "uvu/assert";
import { FRAM_BYTES, FramChip } from "../../../host-sim/chip/fram.ts";
import { PowerCut } from "../../../host-sim/chip/power-cut.ts";

const test = suite("FRAM");
const [WREN, WRDI, RDSR, WRSR, READ, WRITE, RDID] = [6, 4, 5, 1, 3, 2, 0x9f] as const;

interface Bench {
  readonly chip: FramChip;
  readonly complaints: string[];
}

function makeBench(): Bench {
  const complaints: string[] = [];
  return { chip: new FramChip({ complain: (text) => void complaints.push(text) }), complaints };
}

function write(chip: FramChip, address: number, ...data: number[]): void {
  chip.transfer([WREN]);
  chip.transfer([WRITE, address >> 8, address & 255, ...data]);
}

function read(chip: FramChip, address: number, length: number): number[] {
  const asked = [READ, address >> 8, address & 255, ...new Array<number>(length).fill(0)];
  return [...chip.transfer(asked).subarray(3)];
}

function status(chip: FramChip): number {
  return chip.transfer([RDSR, 0])[1]!;
}

const isCut = (error: unknown): boolean => error instanceof PowerCut;

test("what was written is read, from the first byte to the last", () => {
  const { chip, complaints } = makeBench();
  write(chip, 0, 1, 2, 3);
  write(chip, 0x7ffe, 4, 5);
  equal(read(chip, 0, 4), [1, 2, 3, 0]);
  equal(read(chip, 0x7ffd, 3), [0, 4, 5]);
  equal(complaints, []);
});

test("it says who it is", () => {
  const { chip, complaints } = makeBench();
  equal([...chip.transfer([RDID, 0, 0, 0, 0])], [0, 4, 0x7f, 5, 9]);
  equal(complaints, []);
});

test("the latch is set by WREN, reset by WRDI, by every WRITE and by power", () => {
  const { chip } = makeBench();
  is(status(chip), 0);
  chip.transfer([WREN]);
  is(status(chip), 2);
  chip.transfer([WRDI]);
  is(status(chip), 0);
  write(chip, 5, 1);
  is(status(chip), 0);
  chip.transfer([WREN]);
  chip.powerOff();
  chip.power();
  is(status(chip), 0);
});

test("a WRITE without WREN writes nothing and is complained about", () => {
  const { chip, complaints } = makeBench();
  chip.transfer([WRITE, 0, 0, 7]);
  equal(read(chip, 0, 1), [0]);
  equal(complaints, ["FRAM: WRITE without WREN"]);
});

test("a second WRITE needs a WREN of its own", () => {
  const { chip, complaints } = makeBench();
  write(chip, 0, 1);
  chip.transfer([WRITE, 0, 1, 2]);
  equal(read(chip, 0, 2), [1, 0]);
  is(complaints.length, 1);
});

test("the end wraps to the begin, and both are complained about: the wrap and an address beyond", () => {
  const { chip, complaints } = makeBench();
  write(chip, 0x7fff, 1, 2);
  equal(read(chip, 0, 1), [2]);
  equal(read(chip, 0xffff, 1), [1]);
  equal(complaints, ["FRAM: WRITE goes beyond the end, and on at 0", "FRAM: READ at 65535, beyond the end"]);
});

test("a read over the end goes on at 0 as well, and is complained about", () => {
  const { chip, complaints } = makeBench();
  write(chip, 0, 3, 4);
  write(chip, 0x7ffe, 1, 2);
  equal(read(chip, 0x7ffe, 4), [1, 2, 3, 4]);
  equal(complaints, ["FRAM: READ goes beyond the end, and on at 0"]);
});

test("a power cut is not asked for at a byte that has passed", () => {
  const { chip } = makeBench();
  write(chip, 0, 1, 2, 3);
  throws(() => chip.cutAt(6), /byte 6 of the FRAM has passed/);
  chip.cutAt(7);
  throws(() => chip.transfer([WREN]), isCut);
});

test("an unknown command does nothing and is complained about; so is a command that ends in its address", () => {
  const { chip, complaints } = makeBench();
  chip.transfer([WREN]);
  chip.transfer([0xc7, 0, 0, 9]);
  is(status(chip), 2);
  chip.transfer([READ, 0]);
  chip.transfer([WRITE, 0, 0]);
  equal(complaints, ["FRAM: no command c7", "FRAM: READ of 2 bytes", "FRAM: WRITE of 3 bytes"]);
  ok(chip.save().every((value) => value === 0));
});

for (const [bits, from] of [
  [0x04, 0x6000],
  [0x08, 0x4000],
  [0x0c, 0],
] as const) {
  test(`blocks protected by status ${bits} are not written, from ${from} on, also after power`, () => {
    const { chip } = makeBench();
    chip.transfer([WREN]);
    chip.transfer([WRSR, bits]);
    chip.powerOff();
    chip.power();
    is(status(chip), bits);
    write(chip, from, 1);
    equal(read(chip, from, 1), [0]);
    if (from === 0) return;
    write(chip, from - 1, 1);
    equal(read(chip, from - 1, 1), [1]);
  });
}

test("a cut takes neither its byte nor a later one, counted over all commands since power", () => {
  const expected = [
    [9, 9],
    [9, 9],
    [9, 9],
    [9, 9],
    [9, 9],
    [1, 9],
    [1, 2],
  ];
  for (const [at, contents] of expected.entries()) {
    const { chip } = makeBench();
    write(chip, 0, 9, 9);
    chip.power();
    chip.cutAt(at);
    if (at < 6) throws(() => write(chip, 0, 1, 2), isCut);
    else write(chip, 0, 1, 2);
    is(chip.bytes, at);
    if (at < 6) throws(() => chip.transfer([RDSR, 0]), isCut, "dead until power comes back");
    chip.powerOff();
    chip.power();
    equal(read(chip, 0, 2), contents, `cut at byte ${at}`);
    is(status(chip), 0);
  }
});

test("a torn byte is a mixture of old and new; only a byte that is being written can be torn", () => {
  for (let at = 0; at < 6; at++) {
    const { chip } = makeBench();
    write(chip, 0, 0xf0, 0xf0);
    chip.power();
    chip.cutAt(at, 0x3c);
    throws(() => write(chip, 0, 0x0f, 0x0f), isCut);
    chip.power();
    const torn = (0x0f & 0x3c) | (0xf0 & ~0x3c);
    equal(read(chip, 0, 2), at < 4 ? [0xf0, 0xf0] : at === 4 ? [torn, 0xf0] : [0x0f, torn]);
  }
});

test("a cut while it is read changes nothing", () => {
  const { chip } = makeBench();
  write(chip, 0, 5);
  chip.power();
  chip.cutAt(3, 0xff);
  throws(() => read(chip, 0, 1), isCut);
  chip.power();
  equal(read(chip, 0, 1), [5]);
});

test("contents can be kept in a file of 32 KB", () => {
  const { chip } = makeBench();
  write(chip, 77, 5);
  const kept = chip.save();
  is(kept.length, FRAM_BYTES);
  write(chip, 77, 6);
  chip.load(kept);
  equal(read(chip, 77, 1), [5]);
  throws(() => chip.load(new Uint8Array(5)), /32768 bytes/);
});

test("a clock over 33 MHz is complained about", () => {
  const complaints: string[] = [];
  new FramChip({ complain: (text) => void complaints.push(text), spiHz: 33_000_001 });
  equal(complaints, ["FRAM: SPI clock 33000001 Hz is over 33 MHz"]);
});

test.run();
