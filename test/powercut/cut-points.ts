/** Which instants of a script are cut: some in one of four ways each, or all in every way by `make powercut-all`. */
import { CUTS, type WorldPoint } from "./cut-world.ts";

const isWhole = process.env["POWERCUT"] === "all";
const SHOWN = 5;

/** Of `step` instants, prime to the number of ways, one. */
export function pointsAt(times: readonly number[], step: number): WorldPoint[] {
  if (isWhole) return times.flatMap((timeNs) => CUTS.map((cut) => ({ cut, timeNs })));
  return times.flatMap((timeNs, at) => (at % step === 0 ? [{ cut: CUTS[at % CUTS.length]!, timeNs }] : []));
}

/** How many of `points` have findings, and the first of these. */
export function badOnes(
  points: readonly WorldPoint[],
  findingsOf: (point: WorldPoint) => string[],
): { readonly bad: number; readonly shown: readonly string[] } {
  const bad = points
    .map((point) => ({ point, found: findingsOf(point) }))
    .filter(({ found }) => found.length > 0);
  const shown = bad
    .slice(0, SHOWN)
    .map(({ point, found }) => `${point.cut} at ${point.timeNs}: ${found.join("; ")}`);
  return { bad: bad.length, shown };
}
