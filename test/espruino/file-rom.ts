/** hal/rom over a file of the Linux build of Espruino. The program is started where the file is. */
import type { Bytes } from "../../hal/bytes.ts";
import type { Rom } from "../../hal/rom.ts";

interface OpenFile {
  seek(offset: number): void;
  read(length: number): string;
}

declare const E: { openFile(path: string, mode: string): OpenFile };
declare const global: { require(name: string): { statSync(path: string): { size: number } } };

/** Apart from `require`, which neither the bundler nor Espruino's tools may follow: the interpreter has it inside. */
const FILES = "fs";

export class FileRom implements Rom {
  readonly lengthBytes: number;
  private readonly file: OpenFile;

  constructor(path: string) {
    this.lengthBytes = global.require(FILES).statSync(path).size;
    this.file = E.openFile(path, "r");
  }

  readWord(offset: number): number {
    this.file.seek(offset);
    const text = this.file.read(4);
    const low = (text.charCodeAt(1) << 16) | (text.charCodeAt(2) << 8) | text.charCodeAt(3);
    return text.charCodeAt(0) * 0x1000000 + low;
  }

  equal(offset: number, other: number, length: number): boolean {
    this.file.seek(offset);
    const text = this.file.read(length);
    this.file.seek(other);
    return text === this.file.read(length);
  }

  readRows(offset: number, into: Bytes, at: number, length: number, rows: number, stride: number): void {
    this.file.seek(offset);
    const text = this.file.read(rows * length);
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < length; i++) into[at + row * stride + i] = text.charCodeAt(row * length + i);
    }
  }
}
