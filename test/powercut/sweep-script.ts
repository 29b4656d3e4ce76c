/** The sweep of one script, as one program that can be patched. */
import { sweep, type Sweep } from "./cut-sweep.ts";
import { onChip, type Place } from "./places.ts";
import { scriptNamed } from "./scripts.ts";
import { StoreBench } from "./store-bench.ts";

export function sweepScript(name: string, makePlace: () => Place = onChip): Sweep {
  const script = scriptNamed(name);
  return sweep(() => new StoreBench(script, makePlace()));
}
