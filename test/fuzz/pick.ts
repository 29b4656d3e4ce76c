/** Small helpers over the world's random numbers. */
import type { SeededRandom } from "../../host-sim/world/random.ts";

export function pick<Item>(random: SeededRandom, items: readonly Item[]): Item {
  return items[random.below(items.length)]!;
}

export function randomBytes(random: SeededRandom, count: number): number[] {
  return Array.from({ length: count }, () => random.below(256));
}

/** One of `from`…`to`, both included. */
export function between(random: SeededRandom, from: number, to: number): number {
  return from + random.below(to - from + 1);
}

export function xorOf(bytes: readonly number[]): number {
  return bytes.reduce((sum, byte) => sum ^ byte, 0);
}
