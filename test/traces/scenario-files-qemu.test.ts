/** On the images of the reference board that `make test` has just built. */
import { suite } from "uvu";
import { builtQemu } from "../../host-sim/engine/qemu-engine.ts";
import { compareScenarioFiles } from "./scenario-files.ts";

const test = suite("scenario files on the reference board");
const LEAST = 12;

test("each comes out as it says, with the same trace as on node", () =>
  compareScenarioFiles("qemu", (mode) => ({ qemu: builtQemu(mode) }), LEAST));

test.run();
