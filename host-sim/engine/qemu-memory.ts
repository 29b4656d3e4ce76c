/**
 * The RAM of the emulated board, seen from outside as a debugger would: /proc/PID/mem of the emulator. Nothing on the board takes
 * part in it. Addresses are those of the board; what is there is settled while the board waits for an answer on its bus.
 */
import { execFileSync } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";

/** Blocks of RAM of mps2-an386 by their first address and their size (`info mtree` of QEMU 7.2). */
export const RAM_BLOCKS = [
  { name: "SSRAM", base: 0x20000000, bytes: 0x400000 },
  { name: "PSRAM", base: 0x21000000, bytes: 0x1000000 },
] as const;
export type RamBlock = (typeof RAM_BLOCKS)[number];

/** `METER_MAGIC` of board/mps2-an386/meter.h. */
const MAGIC = 0x4d455452;

/** Of each image as it was when it was listed: a story on the board is told often, and listing takes longer than many a boot. */
const LISTED = new Map<string, ReadonlyMap<string, number>>();

/** Addresses of an ELF file's symbols by name. */
export function symbolsOf(elf: string): ReadonlyMap<string, number> {
  const { ino, mtimeMs, size } = statSync(elf);
  const key = [elf, ino, mtimeMs, size].join(" ");
  const symbols = LISTED.get(key) ?? listSymbols(elf);
  LISTED.set(key, symbols);
  return symbols;
}

function listSymbols(elf: string): ReadonlyMap<string, number> {
  const listed = execFileSync("arm-none-eabi-nm", [elf], { encoding: "utf8" });
  const found = [...listed.matchAll(/^([0-9a-f]{8}) \w (\S+)$/gm)];
  return new Map(found.map(([, address, name]) => [name!, Number.parseInt(address!, 16)]));
}

/** The number of read(2), as /proc tells a sleeping thread's system call. */
const READ_CALL = process.arch === "arm64" ? 63 : 0;
/** Mappings of the emulator begin at pages of this size; several blocks may lie in one. */
const MAPPING_STEP = 0x200000;

interface Mapping {
  readonly start: number;
  readonly bytes: number;
}

/**
 * Without those that can be executed: the emulator's translations have a gigabyte for themselves, and each place of it that is
 * looked at would become real memory.
 */
function writableMappings(pid: number): Mapping[] {
  const maps = readFileSync(`/proc/${pid}/maps`, "utf8");
  return [...maps.matchAll(/^([0-9a-f]+)-([0-9a-f]+) rw-p 00000000 00:00 0 *$/gm)].map(([, from, to]) => {
    const start = Number.parseInt(from!, 16);
    return { start, bytes: Number.parseInt(to!, 16) - start };
  });
}

function placesFor(block: RamBlock, { start, bytes }: Mapping): number[] {
  const count = bytes < block.bytes ? 0 : Math.floor((bytes - block.bytes) / MAPPING_STEP) + 1;
  return Array.from({ length: count }, (_, place) => start + place * MAPPING_STEP);
}

/** What was in a block of RAM at one moment. */
export interface Snapshot {
  readonly base: number;
  readonly bytes: Buffer;
}

export class QemuMemory {
  readonly symbols: ReadonlyMap<string, number>;
  private readonly file: number;
  private readonly starts: ReadonlyMap<RamBlock, number>;

  /** Throws when the emulator's memory is not as expected. */
  constructor(
    private readonly pid: number,
    elf: string,
  ) {
    this.symbols = symbolsOf(elf);
    this.file = openSync(`/proc/${pid}/mem`, "r");
    const mappings = writableMappings(pid);
    const magicAt = this.address("meter") - RAM_BLOCKS[0].base;
    const main = mappings
      .flatMap((mapping) => placesFor(RAM_BLOCKS[0], mapping))
      .find((start) => this.raw(start + magicAt, 4).readUInt32LE() === MAGIC);
    const other = mappings.filter(({ bytes }) => bytes === RAM_BLOCKS[1].bytes);
    if (main === undefined || other.length !== 1)
      throw new Error(`the RAM of the board is not found in process ${pid}`);
    this.starts = new Map<RamBlock, number>([
      [RAM_BLOCKS[0], main],
      [RAM_BLOCKS[1], other[0]!.start],
    ]);
  }

  /** The address of a symbol. Throws when the program has none of that name. */
  address(symbol: string): number {
    const address = this.symbols.get(symbol);
    if (address === undefined) throw new Error(`no symbol ${symbol} in the image`);
    return address;
  }

  /** A copy of `bytes` bytes from `address` on. Throws outside the RAM. */
  read(address: number, bytes: number): Buffer {
    const block = RAM_BLOCKS.find(
      ({ base, bytes: size }) => address >= base && address + bytes <= base + size,
    );
    const start = block === undefined ? undefined : this.starts.get(block);
    if (block === undefined || start === undefined) throw new Error(`no RAM at ${address.toString(16)}`);
    return this.raw(start + address - block.base, bytes);
  }

  /** Everything that can be written: each block whole, once the processor waits in its read of the bus. */
  snapshot(): Snapshot[] {
    this.settle();
    return RAM_BLOCKS.map(({ base, bytes }) => ({ base, bytes: this.read(base, bytes) }));
  }

  /** Returns once the processor waits in its read of the bus: what was on its way to the memory is there. */
  settle(): void {
    while (!this.isWaiting());
  }

  close(): void {
    closeSync(this.file);
  }

  /** The processor's thread, the only one that ever reads with read(2), sleeps in it. */
  private isWaiting(): boolean {
    const threads = readdirSync(`/proc/${this.pid}/task`);
    return threads.some((id) => {
      const call = readFileSync(`/proc/${this.pid}/task/${id}/syscall`, "utf8");
      return call.startsWith(`${READ_CALL} `);
    });
  }

  private raw(at: number, bytes: number): Buffer {
    const buffer = Buffer.allocUnsafe(bytes);
    for (let done = 0; done < bytes;) {
      const count = readSync(this.file, buffer, done, bytes - done, at + done);
      if (count === 0) throw new Error(`memory of process ${this.pid} cannot be read`);
      done += count;
    }
    return buffer;
  }
}
