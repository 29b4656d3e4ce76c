/** Every scenario file on another engine: it comes out as it says, and leaves the trace that it leaves on node. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import type { EngineImages, EngineName } from "../../host-sim/engine/engines.ts";
import type { ImageMode } from "../../host-sim/engine/engine.ts";
import { readFiles, SCENARIO_FOLDER } from "../../host-sim/scenario-file/files.ts";
import { runScenario } from "../../host-sim/scenario-file/run.ts";
import { firstDifference } from "./compare.ts";

/** Defines and runs the suite; `imagesOf` has the engine's image of a mode. */
export function testScenarioFiles(engine: EngineName, imagesOf: (mode: ImageMode) => EngineImages): void {
  const test = suite(`scenario files on ${engine}`);
  const { scenarios, problems } = readFiles([SCENARIO_FOLDER]);

  test("each comes out as it says, with the same trace as on node", async () => {
    equal(problems, []);
    let differences = 0;
    for (const scenario of scenarios) {
      const node = await runScenario(scenario, { keepTrace: true });
      const images = imagesOf(scenario.given.mode);
      const other = await runScenario(scenario, { engine, images, keepTrace: true });
      is(other.failure, undefined, `${scenario.file}: ${JSON.stringify(other.failure)}`);
      const difference = firstDifference(
        { name: "node", events: node.trace },
        { name: engine, events: other.trace },
      );
      if (difference !== undefined) differences++;
      is(difference, undefined, `${scenario.file}: ${difference}`);
    }
    console.log(`\n${scenarios.length} scenario files on ${engine}, ${differences} differences`);
    ok(scenarios.length >= 12);
  });

  test.run();
}
