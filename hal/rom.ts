/** Constant tables (glyphs, texts) that live outside program memory. Ranges must lie inside. */
import type { Bytes } from "./bytes.ts";

export interface Rom {
  readonly lengthBytes: number;
  /** The unsigned integer of the four bytes from `offset` on, most significant first; no alignment is asked for. */
  readWord(offset: number): number;
  /** Whether the `length` bytes from `offset` on are those from `other` on. */
  equal(offset: number, other: number, length: number): boolean;
  /**
   * Copies `rows` runs of `length` bytes, which stand one after the other from `offset` on, to `into[at…]`, `into[at + stride…]`, …
   * Six parameters: whole pictures go by one call.
   */
  readRows(offset: number, into: Bytes, at: number, length: number, rows: number, stride: number): void;
}
