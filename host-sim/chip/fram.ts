/**
 * FRAM MB85RS256B, 32 KB, SPI mode 0 (Fujitsu data sheet: op-codes, status register, commands; the identity as in the drivers of
 * ArduPilot and others). Byte by byte: a data byte is in the memory as soon as its eight bits have arrived, so
 * a power cut leaves exactly what stood before it. Whatever a correct driver never does is told to `complain`.
 */
import { PowerCut } from "./power-cut.ts";

export const FRAM_BYTES = 0x8000;

const WREN = 0x06;
const WRDI = 0x04;
const RDSR = 0x05;
const WRSR = 0x01;
const READ = 0x03;
const WRITE = 0x02;
const RDID = 0x9f;
const NAMES = new Map([
  [WREN, "WREN"],
  [WRDI, "WRDI"],
  [RDSR, "RDSR"],
  [WRSR, "WRSR"],
  [READ, "READ"],
  [WRITE, "WRITE"],
  [RDID, "RDID"],
]);
/** Fujitsu, continuation code, 256 Kbit, version. */
const IDENTITY = [0x04, 0x7f, 0x05, 0x09];
const WRITE_ENABLED = 0x02;
/** WPEN, BP1, BP0: they stand without power. WP is tied high. */
const KEPT_STATUS = 0x8c;
/** By BP1 BP0: the first protected address. */
const PROTECTED_FROM = [FRAM_BYTES, 0x6000, 0x4000, 0];
/** Of READ and WRITE before their data. */
const HEAD_BYTES = 3;
const MOST_HZ = 33_000_000;

export interface FramOptions {
  /** A sentence about what the firmware did wrong. */
  readonly complain: (text: string) => void;
  readonly spiHz?: number;
}

export class FramChip {
  /** Bytes that have passed since the power came on, those of op-codes and addresses too. */
  bytes = 0;
  /** Data bytes that were stored since then. */
  written = 0;
  private readonly memory = Buffer.alloc(FRAM_BYTES);
  private status = 0;
  private isPowered = true;
  private cut = { at: Number.POSITIVE_INFINITY, mask: 0 };
  private opcode = 0;
  private address = 0;

  constructor(private readonly options: FramOptions) {
    const { spiHz = 0 } = options;
    if (spiHz > MOST_HZ) options.complain(`FRAM: SPI clock ${spiHz} Hz is over 33 MHz`);
  }

  /** CS low, these bytes, CS high; what comes out meanwhile. */
  transfer(bytes: ArrayLike<number>): Uint8Array {
    const out = new Uint8Array(bytes.length);
    for (let at = 0; at < bytes.length; at++) {
      out[at] = this.take(bytes[at]!, at);
      if (at === HEAD_BYTES - 1) at += this.dataAtOnce(bytes, out);
    }
    this.deselect(bytes.length);
    return out;
  }

  /**
   * The power goes while byte `at` (0, 1, …) since it came on is on the wire: that one and all later ones are not taken. When
   * it is a data byte being written, the bits in `tornMask` are new already. Told while the power is off, it waits for it. Throws
   * RangeError for a byte that has passed.
   */
  cutAt(at: number, tornMask = 0): void {
    if (this.isPowered && at < this.bytes) throw new RangeError(`byte ${at} of the FRAM has passed`);
    this.cut = { at, mask: tornMask };
  }

  powerOff(): void {
    this.isPowered = false;
    this.cut.at = Number.POSITIVE_INFINITY;
  }

  power(): void {
    this.isPowered = true;
    this.bytes = 0;
    this.written = 0;
    this.status &= KEPT_STATUS;
  }

  save(): Buffer {
    return Buffer.from(this.memory);
  }

  load(contents: Uint8Array): void {
    if (contents.length !== FRAM_BYTES)
      throw new RangeError(`the FRAM is ${FRAM_BYTES} bytes, not ${contents.length}`);
    this.memory.set(contents);
  }

  private take(value: number, at: number): number {
    if (!this.isPowered) throw new PowerCut("FRAM");
    if (this.bytes === this.cut.at) this.losePower(value, at);
    this.bytes++;
    if (at === 0) return this.begin(value);
    if (this.opcode === RDSR) return this.status;
    if (this.opcode === RDID) return IDENTITY[at - 1] ?? 0;
    if (this.opcode === WRSR && at === 1) this.writeStatus(value);
    if (this.opcode !== READ && this.opcode !== WRITE) return 0;
    if (at < HEAD_BYTES) return this.takeAddress(value, at);
    return this.data(value, at);
  }

  /**
   * Data up to the power cut, the end of the memory or a protected block, which are taken byte by byte: a boot reads the whole memory,
   * and what comes in meanwhile means nothing. How many bytes.
   */
  private dataAtOnce(bytes: ArrayLike<number>, out: Uint8Array): number {
    const isWrite = this.opcode === WRITE && this.isWritable();
    if (!isWrite && this.opcode !== READ) return 0;
    const end = isWrite ? this.protectedFrom() : FRAM_BYTES;
    const count = Math.min(bytes.length - HEAD_BYTES, this.cut.at - this.bytes, end - this.address);
    if (isWrite) for (let at = 0; at < count; at++) this.memory[this.address + at] = bytes[HEAD_BYTES + at]!;
    else out.set(this.memory.subarray(this.address, this.address + count), HEAD_BYTES);
    if (isWrite) this.written += count;
    this.bytes += count;
    this.address = (this.address + count) % FRAM_BYTES;
    return count;
  }

  private losePower(value: number, at: number): never {
    const { mask } = this.cut;
    const isWritten = this.opcode === WRITE && at >= HEAD_BYTES && this.isWritable();
    if (isWritten) this.store((value & mask) | (this.memory.readUInt8(this.address) & ~mask & 0xff));
    this.powerOff();
    throw new PowerCut("FRAM");
  }

  private begin(opcode: number): number {
    this.opcode = opcode;
    this.address = 0;
    if (!NAMES.has(opcode)) this.options.complain(`FRAM: no command ${opcode.toString(16)}`);
    if (opcode === WREN) this.status |= WRITE_ENABLED;
    if (opcode === WRDI) this.status &= ~WRITE_ENABLED;
    if ((opcode === WRITE || opcode === WRSR) && (this.status & WRITE_ENABLED) === 0)
      this.options.complain(`FRAM: ${this.name()} without WREN`);
    return 0;
  }

  private writeStatus(value: number): void {
    if ((this.status & WRITE_ENABLED) !== 0) this.status = (value & KEPT_STATUS) | WRITE_ENABLED;
  }

  /** The highest bit of the address means nothing to the chip. */
  private takeAddress(value: number, at: number): number {
    this.address = (this.address << 8) | value;
    if (at < HEAD_BYTES - 1) return 0;
    if (this.address >= FRAM_BYTES)
      this.options.complain(`FRAM: ${this.name()} at ${this.address}, beyond the end`);
    this.address %= FRAM_BYTES;
    return 0;
  }

  private data(value: number, at: number): number {
    if (this.address === 0 && at > HEAD_BYTES)
      this.options.complain(`FRAM: ${this.name()} goes beyond the end, and on at 0`);
    const out = this.opcode === READ ? this.memory.readUInt8(this.address) : 0;
    if (this.opcode === WRITE && this.isWritable()) this.store(value);
    this.address = (this.address + 1) % FRAM_BYTES;
    return out;
  }

  private isWritable(): boolean {
    return (this.status & WRITE_ENABLED) !== 0 && this.address < this.protectedFrom();
  }

  private protectedFrom(): number {
    return PROTECTED_FROM[(this.status >> 2) & 3] ?? 0;
  }

  private store(value: number): void {
    this.memory.writeUInt8(value, this.address);
    this.written++;
  }

  /** The latch of WRITE and WRSR is reset when CS rises. */
  private deselect(length: number): void {
    if (this.opcode === WRITE || this.opcode === WRSR) this.status &= ~WRITE_ENABLED;
    const needsData = this.opcode === READ || this.opcode === WRITE;
    if (needsData && length <= HEAD_BYTES) this.options.complain(`FRAM: ${this.name()} of ${length} bytes`);
    this.opcode = 0;
  }

  private name(): string {
    return NAMES.get(this.opcode) ?? "";
  }
}
