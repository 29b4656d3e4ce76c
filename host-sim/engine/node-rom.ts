/** The page ROM for Node: built once in this process from the same sources as the image's. */
import { buildRom } from "../../board/rom/build-rom.ts";
import type { Bytes } from "../../hal/bytes.ts";
import type { Rom } from "../../hal/rom.ts";

let image: Uint8Array | undefined;

export function nodeRom(): Rom {
  image ??= buildRom();
  const bytes = image;
  return {
    lengthBytes: bytes.length,
    read(offset: number, into: Bytes, at: number, length: number): void {
      if (offset < 0 || offset + length > bytes.length)
        throw new RangeError(`ROM: ${offset}+${length} of ${bytes.length}`);
      if (!(into instanceof Uint8Array)) throw new TypeError("bytes of this engine are Uint8Array");
      into.set(bytes.subarray(offset, offset + length), at);
    },
  };
}
