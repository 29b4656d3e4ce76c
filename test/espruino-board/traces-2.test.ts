import { suite } from "uvu";
import { buildEspruinoImage } from "../built-images.ts";
import { compareShare, expectHoleCaught } from "./traces.ts";

const test = suite("traces on Espruino, share 2");
const IMAGE = buildEspruinoImage("build/traces/espruino-2");

test("every scenario leaves the same trace on node and on espruino: half 2 of them", () => {
  compareShare(IMAGE, 1, 2);
});

test("a different build for Espruino is caught", () => {
  expectHoleCaught(IMAGE);
});

test.run();
