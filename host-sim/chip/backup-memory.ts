/**
 * 128 bytes in the processor's battery-backed domain, with a latch for the opening of the case. The battery is assumed to last:
 * bytes and latch stand without power, and an opening erases without power. A word of 4 bytes is written at once.
 */
import { PowerCut } from "./power-cut.ts";

export const BACKUP_BYTES = 128;
const WORD_BYTES = 4;

export interface BackupMemoryOptions {
  /** A sentence about what the firmware did wrong. */
  readonly complain: (text: string) => void;
}

export class BackupMemoryChip {
  /** Words written since the power came on. */
  words = 0;
  private readonly bytes = Buffer.alloc(BACKUP_BYTES);
  private opened = false;
  private isPowered = true;
  private cutAtWord = Number.POSITIVE_INFINITY;

  constructor(private readonly options: BackupMemoryOptions) {}

  read(at: number, length: number): Uint8Array {
    this.checkPower();
    this.checkRange("read", at, length);
    return Uint8Array.from({ length }, (_, i) => this.bytes[at + i] ?? 0);
  }

  /** Word by word. As long as the latch is set, the memory is held erased. */
  write(at: number, bytes: Uint8Array): void {
    this.checkPower();
    this.checkRange("write", at, bytes.length);
    bytes.forEach((value, i) => {
      if (i === 0 || (at + i) % WORD_BYTES === 0) this.beginWord();
      if (!this.opened && at + i < BACKUP_BYTES) this.bytes[at + i] = value;
    });
  }

  wasOpened(): boolean {
    this.checkPower();
    return this.opened;
  }

  forgetOpening(): void {
    this.checkPower();
    this.opened = false;
  }

  /** The latch, seen from outside of the processor: with power or without. */
  isCaseOpened(): boolean {
    return this.opened;
  }

  /** With power or without. */
  openCase(): void {
    this.bytes.fill(0);
    this.opened = true;
  }

  /** The power goes before word `word` (0, 1, …) since it came on is written: the words before it stand. May be told before. */
  cutAt(word: number): void {
    this.cutAtWord = word;
  }

  powerOff(): void {
    this.isPowered = false;
    this.cutAtWord = Number.POSITIVE_INFINITY;
  }

  power(): void {
    this.isPowered = true;
    this.words = 0;
  }

  /** The bytes, and one more for the latch. */
  save(): Buffer {
    return Buffer.concat([this.bytes, Uint8Array.of(this.opened ? 1 : 0)]);
  }

  load(saved: Uint8Array): void {
    if (saved.length !== BACKUP_BYTES + 1)
      throw new RangeError(`the backup memory is ${BACKUP_BYTES + 1} bytes, not ${saved.length}`);
    this.bytes.set(saved.subarray(0, BACKUP_BYTES));
    this.opened = saved[BACKUP_BYTES] !== 0;
  }

  private beginWord(): void {
    if (this.words >= this.cutAtWord) this.powerOff();
    this.checkPower();
    this.words++;
  }

  private checkPower(): void {
    if (!this.isPowered) throw new PowerCut("backup memory");
  }

  private checkRange(what: string, at: number, length: number): void {
    if (at + length > BACKUP_BYTES)
      this.options.complain(`backup memory: ${what} of ${length} bytes at ${at} goes beyond its end`);
  }
}
