/** On the images of the reference board that `make test` has just built. */
import { builtQemu } from "../../host-sim/engine/qemu-engine.ts";
import { testScenarioFiles } from "./scenario-files.ts";

testScenarioFiles("qemu", (mode) => ({ qemu: builtQemu(mode) }));
