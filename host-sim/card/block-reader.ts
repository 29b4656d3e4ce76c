/** Characters from the terminal, collected to T=1 blocks as a card does it (ISO/IEC 7816-3:2006, 11.3). */
import { edcOf } from "./t1-edc.ts";
import { RError, type T1CardBlock } from "./t1-link.ts";

const PROLOGUE_BYTES = 3;
/** Longer blocks do not exist: 3 + 254 + 2. What exceeds it is swallowed. */
const LONGEST_BLOCK = 259;

export class BlockReader {
  private bytes: number[] = [];
  private damaged = false;
  private lengthKnown = true;

  constructor(private readonly crc: boolean) {}

  clear(): void {
    this.bytes = [];
    this.damaged = false;
    this.lengthKnown = true;
  }

  isEmpty(): boolean {
    return this.bytes.length === 0;
  }

  /** Takes a character. The result is whether the block's length is reached. */
  take(value: number, good: boolean): boolean {
    if (this.bytes.length < LONGEST_BLOCK) this.bytes.push(value);
    if (!good) this.damaged = true;
    if (!good && this.bytes.length <= PROLOGUE_BYTES) this.lengthKnown = false;
    const length = this.bytes[2];
    if (length === undefined || !this.lengthKnown) return false;
    return this.bytes.length >= PROLOGUE_BYTES + length + this.edcBytes();
  }

  /** The collected block, or why it cannot be used. Starts the next one. */
  finish(): T1CardBlock | RError {
    const bytes = Uint8Array.from(this.bytes);
    const damaged = this.damaged;
    this.clear();
    const body = bytes.subarray(0, bytes.length - this.edcBytes());
    if (bytes.length < PROLOGUE_BYTES + this.edcBytes()) return damaged ? RError.Edc : RError.Other;
    if (bytes[2] === 255 || body.length !== PROLOGUE_BYTES + bytes[2]!)
      return damaged ? RError.Edc : RError.Other;
    if (damaged || !edcOf(body, this.crc).every((byte, at) => byte === bytes[body.length + at]))
      return RError.Edc;
    if (bytes[0] !== 0) return RError.Other;
    return { pcb: bytes[1]!, inf: body.slice(PROLOGUE_BYTES) };
  }

  private edcBytes(): number {
    return this.crc ? 2 : 1;
  }
}
