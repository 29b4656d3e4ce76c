/** Every scenario file on another engine: it comes out as it says, and leaves the trace that it leaves on node. */
import { equal, is, ok } from "uvu/assert";
import type { ImageMode } from "../../host-sim/engine/engine.ts";
import type { EngineImages, EngineName } from "../../host-sim/engine/engines.ts";
import { readFiles, SCENARIO_FOLDER } from "../../host-sim/scenario-file/files.ts";
import { runScenario } from "../../host-sim/scenario-file/run.ts";
import { firstDifference } from "./compare.ts";

/** `imagesOf` has the engine's image of a mode, or undefined when it has none; `least` are there. */
export async function compareScenarioFiles(
  engine: EngineName,
  imagesOf: (mode: ImageMode) => EngineImages | undefined,
  least: number,
): Promise<void> {
  const { scenarios, problems } = readFiles([SCENARIO_FOLDER]);
  equal(problems, []);
  let told = 0;
  for (const scenario of scenarios) {
    const images = imagesOf(scenario.given.mode);
    if (images === undefined) continue;
    const node = await runScenario(scenario, { keepTrace: true });
    const other = await runScenario(scenario, { engine, images, keepTrace: true });
    is(other.failure, undefined, `${scenario.file}: ${JSON.stringify(other.failure)}`);
    const traces = [
      { name: "node", events: node.trace },
      { name: engine, events: other.trace },
    ] as const;
    const difference = firstDifference(...traces);
    is(difference, undefined, `${scenario.file}: ${difference}`);
    told++;
  }
  console.log(`\n${told} scenario files on ${engine}, 0 differences`);
  ok(told >= least, `${told} told`);
}
