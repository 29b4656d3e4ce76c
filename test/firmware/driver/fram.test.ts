/** The FRAM's driver at the chip's model, which complains about what the data sheet does not allow. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { Fram, FramError } from "../../../firmware/driver/fram.ts";
import { FramChip } from "../../../host-sim/chip/fram.ts";
import { NODE_NATIVES } from "../../../host-sim/engine/node-natives.ts";
import { checkFram } from "../../portable/fram.cases.ts";

const test = suite("fram");
const WRITE = 2;
const WREN = 6;

interface Bench {
  readonly chip: FramChip;
  readonly fram: Fram;
  readonly complaints: string[];
  readonly transfers: number[][];
  readonly buffers: Uint8Array[];
}

function makeBench(): Bench {
  const [complaints, transfers, buffers]: [string[], number[][], Uint8Array[]] = [[], [], []];
  const chip = new FramChip({ complain: (text) => void complaints.push(text) });
  const natives = {
    ...NODE_NATIVES,
    allocate(lengthBytes: number): Uint8Array {
      const bytes = new Uint8Array(lengthBytes);
      buffers.push(bytes);
      return bytes;
    },
  };
  const spi = {
    exchange(select: number, bytes: ArrayLike<number>, length: number, into: { [at: number]: number }): void {
      is(select, 5);
      const sent = Array.from({ length }, (_, at) => bytes[at]!);
      transfers.push(sent);
      chip.transfer(sent).forEach((value, at) => (into[at] = value));
    },
  };
  const fram = new Fram(natives, spi, { spiSelect: 5, spiHz: 8_000_000 });
  return { chip, fram, complaints, transfers, buffers };
}

test("the portable cases hold in Node", () => {
  checkFram({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES);
});

test("the whole memory is written and read without a complaint, no transfer longer than 67 bytes", () => {
  const { fram, complaints, transfers } = makeBench();
  const pattern = Uint8Array.from({ length: 0x8000 }, (_, at) => (at * 31 + (at >> 8)) & 255);
  is(fram.identify(), FramError.None);
  is(fram.write(0, pattern, 0, 0x8000), FramError.None);
  const into = new Uint8Array(0x8000);
  fram.read(0, into, 0, 0x8000);
  is(Buffer.compare(into, pattern), 0);
  equal(complaints, []);
  is(Math.max(...transfers.map(({ length }) => length)), 67);
});

test("every write has an enabling of its own", () => {
  const { fram, transfers } = makeBench();
  fram.write(0, new Uint8Array(130), 0, 130);
  const writes = transfers.flatMap(([command], at) => (command === WRITE ? [at] : []));
  is(writes.length, 3);
  for (const at of writes) equal(transfers[at - 1], [WREN]);
});

test("blocks that somebody has protected are told as not written", () => {
  const { chip, fram } = makeBench();
  chip.transfer([WREN]);
  chip.transfer([1, 0x04]);
  is(fram.write(0x5fff, Uint8Array.of(1), 0, 1), FramError.None);
  is(fram.write(0x5fff, Uint8Array.of(1, 2), 0, 2), FramError.NotWritten);
  is(fram.erase(0x6000, 1), FramError.None, "zeros stand there already");
});

test("nothing that was written or read stays in its buffers", () => {
  const { fram, buffers } = makeBench();
  const into = new Uint8Array(70);
  fram.write(3, new Uint8Array(70).fill(0x77), 0, 70);
  ok(buffers.every((bytes) => bytes.every((value) => value === 0)));
  fram.read(3, into, 0, 70);
  is(into[69], 0x77);
  ok(buffers.every((bytes) => bytes.every((value) => value === 0)));
});

test.run();
