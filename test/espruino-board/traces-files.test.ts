/** The interpreter has the bench image alone. */
import { suite } from "uvu";
import { buildEspruinoImage } from "../built-images.ts";
import { compareScenarioFiles } from "../traces/scenario-files.ts";

const test = suite("scenario files on Espruino");
const IMAGE = buildEspruinoImage("build/scenario-files/espruino");
const LEAST = 2;

test("every scenario file of the bench image comes out as it says on espruino, with the same trace as on node", () =>
  compareScenarioFiles("espruino", (mode) => (mode === "open" ? { espruino: IMAGE } : undefined), LEAST));

test.run();
