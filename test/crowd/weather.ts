/**
 * What an electric motor beside the cable does, by a seed: always a little, once in each short while a crackle that a repeated frame
 * outlasts, and now and then a storm in which the link itself may be lost.
 */
import { SeededRandom } from "../../host-sim/world/random.ts";

/** Once in each period, somewhere in it, for up to `longestNs`; `chance` of the periods have none otherwise. */
interface Burst {
  readonly stream: number;
  readonly periodNs: number;
  readonly longestNs: number;
  readonly chance: number;
  /** Of a character to be hit meanwhile. */
  readonly rate: number;
}

const ALWAYS = 0.0003;
const BURSTS: readonly Burst[] = [
  { stream: 0x63726163, periodNs: 2e9, longestNs: 300e6, chance: 0.7, rate: 0.2 },
  { stream: 0x73746f72, periodNs: 40e9, longestNs: 14e9, chance: 0.75, rate: 0.35 },
];
const STRIDE = 1_000_003;

function lasts({ stream, periodNs, longestNs, chance }: Burst, seed: number, timeNs: number): boolean {
  const period = new SeededRandom((seed ^ stream) * STRIDE + Math.floor(timeNs / periodNs));
  if (period.next() >= chance) return false;
  const fromNs = period.next() * (periodNs - longestNs);
  const atNs = timeNs % periodNs;
  return atNs >= fromNs && atNs < fromNs + period.next() * longestNs;
}

/** The chance of a character to be hit at that time. */
export type Weather = (timeNs: number) => number;

export const FAIR: Weather = () => 0;

export function roughWeather(seed: number): Weather {
  return (timeNs) => Math.max(ALWAYS, ...BURSTS.map((one) => (lasts(one, seed, timeNs) ? one.rate : 0)));
}
