/** Two runs of one story that differ in the PIN alone must leave the same RAM, at the same instructions. */
import type { Snapshot } from "../../host-sim/engine/qemu-memory.ts";
import type { MemoryRun } from "./memory-run.ts";

/** Differences told of each snapshot. */
const SHOWN = 8;

/** Of two snapshots of the same places: the addresses whose bytes differ. */
function differingAddresses(one: Snapshot, other: Snapshot): number[] {
  if (one.bytes.equals(other.bytes)) return [];
  const found: number[] = [];
  one.bytes.forEach((byte, at) => {
    if (byte !== other.bytes[at]) found.push(one.base + at);
  });
  return found;
}

/** The symbol at or before an address, and how far behind it the address is. */
export function placeOf(address: number, symbols: ReadonlyMap<string, number>): string {
  const before = [...symbols].filter(([, at]) => at <= address).sort((a, b) => b[1] - a[1])[0];
  const hex = address.toString(16);
  return before === undefined ? hex : `${hex} (${before[0]}+${address - before[1]})`;
}

function tell(when: string, addresses: readonly number[], symbols: ReadonlyMap<string, number>): string[] {
  if (addresses.length === 0) return [];
  const places = addresses.slice(0, SHOWN).map((address) => placeOf(address, symbols));
  return [`${when}: ${addresses.length} bytes differ, at ${places.join(", ")}`];
}

/** Everything that differs, as sentences; nothing when the two runs cannot be told apart. */
export function differencesOf(one: MemoryRun, other: MemoryRun): string[] {
  const at = one.counts.findIndex((count, index) => count !== other.counts[index]);
  const differing = at < 0 && one.counts.length === other.counts.length ? [] : [Math.max(at, 0)];
  const counts = differing.map(
    (index) =>
      `request ${index}: ${one.counts[index] ?? "none"} instructions, or ${other.counts[index] ?? "none"}`,
  );
  const steps = one.steps.flatMap((step, index) => {
    const same = other.steps[index];
    if (same === undefined) return [`step ${index}: one run has ended`];
    return tell(`step ${index}`, differingAddresses(step, same), one.symbols);
  });
  const end = one.end.flatMap((block, index) =>
    tell("end", differingAddresses(block, other.end[index]!), one.symbols),
  );
  return [...counts, ...steps, ...end];
}
