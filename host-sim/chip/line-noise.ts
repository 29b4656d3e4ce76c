/**
 * Noise on the counter line's cable: each character has the same chance to come out as another one, or not at all. Each direction has
 * its own luck, by a seed.
 */
import { SeededRandom } from "../world/random.ts";
import type { LineMedium } from "./serial-line.ts";

const BYTE = 256;
/** Of the characters that noise hits, so many are not even seen as one. */
const LOST = 0.1;

export class LineNoise {
  /** Characters that were damaged or lost so far. */
  hits = 0;
  private rate = 0;
  private readonly luck: Readonly<Record<"terminal" | "pc", SeededRandom>>;

  constructor(seed: number) {
    this.luck = { terminal: new SeededRandom(seed), pc: new SeededRandom(seed ^ 0x5a5a) };
  }

  /** `rate` of a character, 0…1; 0 is a good cable. */
  setRate(rate: number): void {
    this.rate = rate;
  }

  currentRate(): number {
    return this.rate;
  }

  readonly medium: LineMedium = (bytes, towards) => {
    if (this.rate === 0) return bytes;
    const luck = this.luck[towards];
    const heard: number[] = [];
    for (const byte of bytes) {
      if (luck.next() >= this.rate) {
        heard.push(byte);
        continue;
      }
      this.hits++;
      const isLost = luck.next() < LOST;
      if (!isLost) heard.push((byte + 1 + luck.below(BYTE - 1)) % BYTE);
    }
    return Uint8Array.from(heard);
  };
}
