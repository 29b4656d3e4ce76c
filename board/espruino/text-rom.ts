/** hal/rom over whatever hands out bytes as the characters of a string, which is how Espruino reads its files and its flash. */
import type { Bytes } from "../../hal/bytes.ts";
import type { Rom } from "../../hal/rom.ts";
import type { EspruinoBytes } from "./api.ts";

export interface RomText {
  readonly lengthBytes: number;
  /** `length` bytes from `offset` on; empty where there are none. */
  read(offset: number, length: number): string;
}

const BYTE = 256;

export class TextRom implements Rom {
  readonly lengthBytes: number;

  constructor(private readonly source: RomText) {
    this.lengthBytes = source.lengthBytes;
  }

  readWord(offset: number): number {
    const text = this.source.read(offset, 4);
    const high = text.charCodeAt(0) * BYTE + text.charCodeAt(1);
    return (high * BYTE + text.charCodeAt(2)) * BYTE + text.charCodeAt(3);
  }

  equal(offset: number, other: number, length: number): boolean {
    return this.source.read(offset, length) === this.source.read(other, length);
  }

  readRows(offset: number, into: Bytes, at: number, length: number, rows: number, stride: number): void {
    const target = into as unknown as EspruinoBytes;
    const text = this.source.read(offset, rows * length);
    if (stride === length || rows === 1) {
      target.set(text, at);
      return;
    }
    for (let row = 0; row < rows; row++) target.set(text.substr(row * length, length), at + row * stride);
  }
}
