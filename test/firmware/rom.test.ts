import { suite } from "uvu";
import { is } from "uvu/assert";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { nodeRom } from "../../host-sim/engine/node-rom.ts";
import { checkRom } from "../portable/rom.cases.ts";

const test = suite("rom");

test("the portable cases hold in Node", () => {
  checkRom({ equal: (actual, expected, what) => is(actual, expected, what) }, NODE_NATIVES, nodeRom());
});

test.run();
