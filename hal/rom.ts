/** Constant tables (glyphs, texts) that live outside program memory. */
import type { Bytes } from "./bytes.ts";

export interface Rom {
  readonly lengthBytes: number;
  /** Copies `length` bytes from `offset` to `into[at…]`. */
  read(offset: number, into: Bytes, at: number, length: number): void;
}
