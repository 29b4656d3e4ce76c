/** Noise in pieces on the counter line's cable, by a seed. */
import type { LineMedium } from "../../host-sim/chip/serial-line.ts";
import { SeededRandom } from "../../host-sim/world/random.ts";

const BYTE = 256;

/** Noise comes in pieces: while it lasts every byte is another one or is missing. */
export interface Bursts {
  readonly seed: number;
  readonly everyNs: number;
  readonly lastNs: number;
  readonly nowNs: () => number;
}

/** A burst of up to `lastNs` once in each period of `everyNs`, somewhere in it. */
export function burstingMedium({ seed, everyNs, lastNs, nowNs }: Bursts): LineMedium {
  const random = new SeededRandom(seed);
  const isNoisy = (timeNs: number): boolean => {
    const period = new SeededRandom(seed * 1_000_003 + Math.floor(timeNs / everyNs));
    const fromNs = period.next() * (everyNs - lastNs);
    const atNs = timeNs % everyNs;
    return atNs >= fromNs && atNs < fromNs + period.next() * lastNs;
  };
  return (bytes) => {
    if (!isNoisy(nowNs())) return bytes;
    return bytes.map(() => random.below(BYTE)).filter(() => random.next() < 0.9);
  };
}
