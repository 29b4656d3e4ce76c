import { suite } from "uvu";
import { equal, is, ok, throws } from "uvu/assert";
import { BACKUP_BYTES, BackupMemoryChip } from "../../../host-sim/chip/backup-memory.ts";
import { PowerCut } from "../../../host-sim/chip/power-cut.ts";

const test = suite("backup memory");

interface Bench {
  readonly chip: BackupMemoryChip;
  readonly complaints: string[];
}

function makeBench(): Bench {
  const complaints: string[] = [];
  return { chip: new BackupMemoryChip({ complain: (text) => void complaints.push(text) }), complaints };
}

function written(): Bench {
  const bench = makeBench();
  bench.chip.write(0, new Uint8Array(BACKUP_BYTES).fill(0x11));
  return bench;
}

function contents({ chip }: Bench): number[] {
  return [...chip.save().subarray(0, BACKUP_BYTES)];
}

test("what was written is read, to the last byte, and stands without power", () => {
  const { chip, complaints } = makeBench();
  chip.write(126, Uint8Array.of(7, 8));
  chip.powerOff();
  chip.power();
  equal([...chip.read(124, 4)], [0, 0, 7, 8]);
  equal(complaints, []);
});

for (const powered of [true, false]) {
  test(`an opened case erases everything and is remembered, ${powered ? "powered" : "without power"}`, () => {
    const bench = written();
    if (!powered) bench.chip.powerOff();
    bench.chip.openCase();
    bench.chip.power();
    equal(contents(bench), new Array(BACKUP_BYTES).fill(0));
    is(bench.chip.wasOpened(), true);
    bench.chip.powerOff();
    bench.chip.power();
    is(bench.chip.wasOpened(), true, "and without power in between");
  });
}

test("nothing that is written stays until the latch is cleared", () => {
  const { chip } = written();
  chip.openCase();
  chip.write(4, Uint8Array.of(1, 2));
  equal([...chip.read(4, 2)], [0, 0]);
  chip.forgetOpening();
  is(chip.wasOpened(), false);
  chip.write(4, Uint8Array.of(1, 2));
  equal([...chip.read(4, 2)], [1, 2]);
});

test("a power cut leaves every word old or new, and those written first are new", () => {
  const new17 = new Uint8Array(17).fill(0x22);
  const whole = written();
  whole.chip.power();
  whole.chip.write(2, new17);
  is(whole.chip.words, 5);
  for (let word = 0; word < 5; word++) {
    const bench = written();
    bench.chip.power();
    bench.chip.cutAt(word);
    throws(
      () => bench.chip.write(2, new17),
      (error: unknown) => error instanceof PowerCut,
    );
    const end = word === 0 ? 2 : 4 * word;
    const expected = Array.from({ length: BACKUP_BYTES }, (_, i) => (i >= 2 && i < end ? 0x22 : 0x11));
    equal(contents(bench), expected, `cut at word ${word}`);
  }
});

test("without power nobody can ask it anything", () => {
  const { chip } = written();
  chip.powerOff();
  for (const ask of [
    () => chip.read(0, 1),
    () => chip.write(0, Uint8Array.of(1)),
    () => chip.wasOpened(),
    () => chip.forgetOpening(),
  ])
    throws(ask, (error: unknown) => error instanceof PowerCut);
});

test("a range beyond the end is complained about", () => {
  const { chip, complaints } = makeBench();
  chip.write(127, Uint8Array.of(1, 2));
  chip.read(128, 1);
  equal(complaints, [
    "backup memory: write of 2 bytes at 127 goes beyond its end",
    "backup memory: read of 1 bytes at 128 goes beyond its end",
  ]);
});

test("contents and latch can be kept in a file", () => {
  const { chip } = written();
  const kept = chip.save();
  const other = new BackupMemoryChip({ complain: () => undefined });
  other.load(kept);
  equal([...other.read(0, 2)], [0x11, 0x11]);
  is(other.wasOpened(), false);
  chip.openCase();
  other.load(chip.save());
  is(other.wasOpened(), true);
  ok(other.read(0, BACKUP_BYTES).every((value) => value === 0));
  throws(() => other.load(new Uint8Array(128)), /129 bytes/);
});

test.run();
