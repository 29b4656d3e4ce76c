/** Reads TLS's presentation language (RFC 8446, 3) from bytes of a stranger: never beyond the end that it was given. */
import type { ReadonlyBytes } from "../../hal/bytes.ts";

export class TlsReader {
  at = 0;
  /** Something was read that is not there, or a vector was longer than what holds it. It stays set. */
  isShort = false;
  private end = 0;

  constructor(private readonly bytes: ReadonlyBytes) {}

  /** Reads `bytes[at…end-1]` from now on. */
  open(at: number, end: number): void {
    this.at = at;
    this.end = end;
    this.isShort = false;
  }

  isAtEnd(): boolean {
    return this.at === this.end;
  }

  /** The next `count` bytes as one unsigned number, `count` being at most 3; 0 when they are not there. */
  number(count: number): number {
    const from = this.skip(count);
    if (this.isShort) return 0;
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 256 + this.bytes[from + i];
    return value;
  }

  /** Steps over `count` bytes and returns where they begin. */
  skip(count: number): number {
    const from = this.at;
    if (this.end - this.at < count) {
      this.isShort = true;
      this.at = this.end;
    } else this.at += count;
    return from;
  }

  /** Steps into a vector whose length field has `lengthBytes`. Returns where the vector ends; at most this reader's end. */
  vector(lengthBytes: number): number {
    const length = this.number(lengthBytes);
    if (this.end - this.at < length) {
      this.isShort = true;
      return this.end;
    }
    return this.at + length;
  }
}
