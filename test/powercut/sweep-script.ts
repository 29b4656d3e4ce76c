/** The sweep of one script, as one program that can be patched. */
import { sweep, type Sweep } from "./cut-sweep.ts";
import { scriptNamed } from "./scripts.ts";
import { StoreBench } from "./store-bench.ts";

export function sweepScript(name: string): Sweep {
  const script = scriptNamed(name);
  return sweep(() => new StoreBench(script));
}
