/** Which instants of a script are cut: some in one of four ways each, or all in every way by `make powercut-all`. */
import { CUTS, type MemoryPoint, type WorldPoint } from "./cut-world.ts";

const isWhole = process.env["POWERCUT"] === "all";
const SHOWN = 5;
/** A prime: the bytes of the boot that are cut behind neighbours lie far from each other. */
const STRIDE = 7919;

/** Of `step` instants, prime to the number of ways, one. */
export function pointsAt(times: readonly number[], step: number): WorldPoint[] {
  if (isWhole) return times.flatMap((timeNs) => CUTS.map((cut) => ({ cut, timeNs })));
  return times.flatMap((timeNs, at) => (at % step === 0 ? [{ cut: CUTS[at % CUTS.length]!, timeNs }] : []));
}

/** Of the bytes on the FRAM's wire one in `step`; of those each second one is cut once more, in the boot behind it. */
export function memoryPointsAt(
  { points, bootBytes }: { readonly points: readonly MemoryPoint[]; readonly bootBytes: number },
  step: number,
): MemoryPoint[] {
  const some = isWhole ? points : points.filter((_point, at) => at % step === 0);
  return some.map((point, at) => (at % 2 === 0 ? point : { ...point, again: (at * STRIDE) % bootBytes }));
}

/** How many of `points` have findings, and the first of these. */
export function badOnes<Point extends object>(
  points: readonly Point[],
  findingsOf: (point: Point) => string[],
): { readonly bad: number; readonly shown: readonly string[] } {
  const bad = points
    .map((point) => ({ point, found: findingsOf(point) }))
    .filter(({ found }) => found.length > 0);
  const shown = bad
    .slice(0, SHOWN)
    .map(({ point, found }) => `${JSON.stringify(point)}: ${found.join("; ")}`);
  return { bad: bad.length, shown };
}
