/** The platform's source of noise. It feeds the random bit generator and is never output itself; its quality is the board's. */
import type { Bytes } from "./bytes.ts";

export interface Noise {
  /** Fills `into[0…length-1]`; at most 255. */
  take(into: Bytes, length: number): void;
}
