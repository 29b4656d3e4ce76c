/** The page ROM for Node: built once in this process from the same sources as the image's. */
import { buildRom } from "../../board/rom/build-rom.ts";
import type { Bytes } from "../../hal/bytes.ts";
import type { Rom } from "../../hal/rom.ts";
import { NODE_NATIVES } from "./node-natives.ts";

/** A ROM in memory. */
export class MemoryRom implements Rom {
  readonly lengthBytes: number;
  private readonly words: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.lengthBytes = bytes.length;
    this.words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  readWord(offset: number): number {
    return this.words.getUint32(offset);
  }

  equal(offset: number, other: number, length: number): boolean {
    const one = this.bytes.subarray(offset, offset + length);
    return Buffer.compare(one, this.bytes.subarray(other, other + length)) === 0;
  }

  // eslint-disable-next-line max-params -- hal/rom.ts says why
  readRows(offset: number, into: Bytes, at: number, length: number, rows: number, stride: number): void {
    for (let row = 0; row < rows; row++)
      NODE_NATIVES.copy(this.bytes, offset + row * length, into, at + row * stride, length);
  }
}

let image: MemoryRom | undefined;

export function nodeRom(): Rom {
  image ??= new MemoryRom(buildRom());
  return image;
}
