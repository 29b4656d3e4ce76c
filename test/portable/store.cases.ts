/** The store on a small memory: what a commit leaves, byte by byte, and what the next boot makes of one that was cut. */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import { Fram } from "../../firmware/driver/fram.ts";
import { MemoryMap } from "../../firmware/service/memory-map.ts";
import { Store, StoreError } from "../../firmware/service/store.ts";
import { FramDouble } from "./fram-double.ts";
import type { Report } from "./report.ts";
import { TOY_CRYPTO } from "./toy-crypto.ts";

const WIRING = { spiSelect: 0, spiHz: 8000000 };
const LAYOUT = { version: 3, migrate: (): StoreError => StoreError.OutOfRange };
const FIRST = 0x0210;
const SECOND = 0x0230;
/** Bytes of a commit of 3 and 2 bytes: its log, the two areas, and zeros where the log was. */
const LOG_BYTES = 3 + 3 + 3 + 2;
const HEAD_BYTES = 7;
/** As much of the memory as the cases use; only a format goes further. */
const MEMORY_BYTES = 0x0240;

class Bench {
  readonly chip: FramDouble;
  readonly natives: ByteNatives;
  store: Store;

  constructor(natives: ByteNatives, memoryBytes: number) {
    this.natives = natives;
    this.chip = new FramDouble(natives, memoryBytes);
    this.store = this.made();
  }

  boot(): StoreError {
    this.chip.bytesLeft = 0x7fffffff;
    this.store = this.made();
    return this.store.recover();
  }

  /** Two changes in one commit, with `value` in every byte. */
  commit(value: number): StoreError {
    const bytes = this.natives.allocate(3);
    this.natives.fill(bytes, 0, 3, value);
    this.store.begin();
    this.store.put(FIRST, bytes, 0, 3);
    this.store.put(SECOND, bytes, 1, 2);
    return this.store.commit();
  }

  /** What both areas hold; -1 when they are not all the same. */
  value(): number {
    const memory = this.chip.memory;
    const first = memory[FIRST];
    const isSame = memory[FIRST + 1] === first && memory[FIRST + 2] === first;
    return isSame && memory[SECOND] === first && memory[SECOND + 1] === first ? first : -1;
  }

  logSum(): number {
    let sum = 0;
    for (let at = 0; at < MemoryMap.LogBytes; at++) sum += this.chip.memory[at];
    return sum;
  }

  private made(): Store {
    const fram = new Fram(this.natives, this.chip, WIRING);
    return new Store(this.natives, { fram, crypto: TOY_CRYPTO, layout: LAYOUT });
  }
}

/** A small memory that begins as one that was formatted. */
function formatted(natives: ByteNatives, begin: Bytes): Bench {
  const bench = new Bench(natives, MEMORY_BYTES);
  natives.copy(begin, 0, bench.chip.memory, 0, begin.length);
  bench.boot();
  return bench;
}

/** @returns the begin of a formatted memory. */
function checkFormat(report: Report, natives: ByteNatives): Bytes {
  const bench = new Bench(natives, MemoryMap.End);
  report.equal(bench.boot(), StoreError.Unformatted, "a memory of zeros");
  natives.fill(bench.chip.memory, 0, MemoryMap.End, 0xff);
  report.equal(bench.boot(), StoreError.Unformatted, "a memory of FF");
  report.equal(bench.chip.memory[0], 0xff, "and it is left as it is");
  report.equal(bench.commit(1), StoreError.Closed, "no commit without a format");
  report.equal(bench.store.format(), StoreError.None, "format");
  report.equal(bench.chip.memory[MemoryMap.Superblock + 4], LAYOUT.version, "the layout");
  report.equal(bench.chip.memory[MemoryMap.Superblock + 8], 0x43, "the magic's last letter");
  report.equal(bench.chip.memory[MemoryMap.End - 1], 0, "everything else is zeros");
  report.equal(bench.boot(), StoreError.None, "a formatted memory");
  const begin = natives.allocate(MemoryMap.Data);
  natives.copy(bench.chip.memory, 0, begin, 0, begin.length);
  return begin;
}

function checkCommit(report: Report, bench: Bench): void {
  report.equal(bench.commit(0x5a), StoreError.None, "a commit");
  report.equal(bench.value(), 0x5a, "both areas");
  report.equal(bench.logSum(), 0, "nothing stays in the log");
  const into = bench.natives.allocate(8);
  report.equal(bench.store.read(FIRST, into, 2, 3), StoreError.None, "read");
  report.equal(into[1] + 256 * into[2] + 65536 * into[4], 0x5a5a00, "what was committed");
  report.equal(bench.store.read(FIRST - 0x20, into, 0, 3), StoreError.OutOfRange, "not the superblock");
}

/** A log as another program would have written it. */
function checkLogBytes(report: Report, bench: Bench): void {
  bench.chip.bytesLeft = LOG_BYTES + HEAD_BYTES;
  report.equal(bench.commit(9), StoreError.Memory, "the power goes when the log is written");
  const memory = bench.chip.memory;
  report.equal(memory[4] + 256 * memory[5], LOG_BYTES, "length of the entries");
  report.equal(memory[6], LAYOUT.version, "layout");
  report.equal(memory[7] + 256 * memory[8], FIRST, "address of the first entry");
  report.equal(memory[9], 3, "its length");
  report.equal(memory[10], 9, "its first byte");
  report.equal(memory[13] + 256 * memory[14], SECOND, "address of the second entry");
  report.equal(memory[17], 9, "its last byte");
  report.equal(memory[18], 0, "no byte behind");
  report.equal(bench.value(), 0, "nothing has happened yet");
  report.equal(bench.boot(), StoreError.None, "boot");
  report.equal(bench.value(), 9, "the commit has happened");
  report.equal(bench.logSum(), 0, "and its log is gone");
}

/** The power goes after every data byte that a commit writes. */
function checkEveryCut(report: Report, bench: Bench): void {
  const total = LOG_BYTES + HEAD_BYTES + 5 + HEAD_BYTES + LOG_BYTES;
  let old = 0;
  for (let cut = 0; cut < total; cut++) {
    const before = bench.value();
    bench.chip.bytesLeft = cut;
    bench.commit(cut + 1);
    report.equal(bench.boot(), StoreError.None, "boot after a cut");
    if (bench.value() === before) old++;
    else report.equal(bench.value(), cut + 1, "old or new");
    report.equal(bench.logSum(), 0, "nothing stays in the log");
  }
  report.equal(old, LOG_BYTES + HEAD_BYTES, "it is old until the head is whole");
}

function checkTornLog(report: Report, natives: ByteNatives, begin: Bytes): void {
  for (let at = 0; at < HEAD_BYTES + LOG_BYTES; at++) {
    const bench = formatted(natives, begin);
    bench.chip.bytesLeft = LOG_BYTES + HEAD_BYTES;
    bench.commit(9);
    const memory: Bytes = bench.chip.memory;
    memory[at] = memory[at] ^ 0x10;
    report.equal(bench.boot(), StoreError.None, "boot with a wrong byte in the log");
    report.equal(bench.value(), 0, "a wrong log is not followed");
    report.equal(bench.logSum(), 0, "but cleared");
  }
}

function checkOverlay(report: Report, bench: Bench): void {
  bench.commit(1);
  const natives = bench.natives;
  const bytes = natives.allocate(8);
  natives.fill(bytes, 0, 8, 7);
  bench.store.begin();
  bench.store.put(FIRST + 1, bytes, 0, 8);
  natives.fill(bytes, 0, 8, 8);
  bench.store.put(FIRST + 3, bytes, 0, 1);
  const into = natives.allocate(6);
  bench.store.read(FIRST, into, 1, 5);
  const expected = [0, 1, 7, 7, 8, 7];
  for (let i = 0; i < 6; i++) report.equal(into[i], expected[i], "a read sees what was put");
  bench.store.begin();
  bench.store.read(FIRST, into, 1, 5);
  report.equal(into[3], 1, "and not what was forgotten");
  report.equal(bench.store.commit(), StoreError.None, "a commit of nothing");
  report.equal(bench.value(), 1, "writes nothing");
}

export function checkStore(report: Report, natives: ByteNatives): void {
  const begin = checkFormat(report, natives);
  const bench = formatted(natives, begin);
  checkCommit(report, bench);
  checkOverlay(report, bench);
  checkEveryCut(report, bench);
  checkLogBytes(report, formatted(natives, begin));
  checkTornLog(report, natives, begin);
}
