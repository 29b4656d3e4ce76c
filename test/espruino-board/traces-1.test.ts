import { suite } from "uvu";
import { buildEspruinoImage } from "../built-images.ts";
import { compareShare } from "./traces.ts";

const test = suite("traces on Espruino, share 1");
const IMAGE = buildEspruinoImage("build/traces/espruino-1");

test("every scenario leaves the same trace on node and on espruino: half 1 of them", () => {
  compareShare(IMAGE, 0, 2);
});

test.run();
