/** Scenarios told on any engine, for their traces. */
import { match } from "uvu/assert";
import type { EngineImages, EngineName } from "../../host-sim/engine/engines.ts";
import { SCENARIOS } from "../../host-sim/scenario/all.ts";
import { play, type Scenario } from "../../host-sim/scenario/scenario.ts";
import { firstDifference, type NamedTrace } from "./compare.ts";

export function traceOf(scenario: Scenario, engine: EngineName, images: EngineImages = {}): NamedTrace {
  const { counter } = play(scenario, scenario.seed, { engine, images });
  return { name: engine, events: counter.simulator.world.recorder.all() };
}

/** What `scenario` does otherwise on `engine` than on node; nothing when it does the same. */
export function differencesOn(engine: EngineName, scenario: Scenario, images: EngineImages): string[] {
  const difference = firstDifference(traceOf(scenario, "node"), traceOf(scenario, engine, images));
  return difference === undefined ? [] : [`${scenario.name}: ${difference}`];
}

/** A deliberately different image must be caught, with what stands around the first different event on both engines. */
export function expectCaught(engine: EngineName, images: EngineImages): void {
  const [difference = "no difference"] = differencesOn(engine, SCENARIOS[0], images);
  const contexts = `: event \\d+ differs\\nnode:\\n[^]*\\n> \\d+ [^]*\\n${engine}:\\n[^]*\\n> \\d+ `;
  match(difference, new RegExp(contexts));
}
