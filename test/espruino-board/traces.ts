/** Scenarios on node and on the interpreter, a share of them in each test file, for they take minutes. */
import { readFileSync, writeFileSync } from "node:fs";
import { is, ok } from "uvu/assert";
import type { EspruinoImage } from "../../host-sim/engine/espruino-engine.ts";
import { SCENARIOS } from "../../host-sim/scenario/all.ts";
import { differencesOn, expectCaught } from "../traces/told-on.ts";

/** Every scenario whose number leaves `rest` when divided by `shares`. */
export function compareShare(image: EspruinoImage, rest: number, shares: number): void {
  const mine = SCENARIOS.filter((_, number) => number % shares === rest);
  const differences = mine.flatMap((scenario) => differencesOn("espruino", scenario, { espruino: image }));
  console.log(`\n${mine.length} scenarios x 2 engines, ${differences.length} differences`);
  is(differences.join("\n\n"), "");
  ok(mine.length >= 10);
}

/** The bundle with a note that lasts a microsecond longer must not leave the same trace. */
export function expectHoleCaught(image: EspruinoImage): void {
  const text = readFileSync(image.program, "utf8");
  const from = "return 12e4";
  is(text.split(from).length, 2, `${from} stands once in the bundle`);
  const program = `${image.program}.different.js`;
  writeFileSync(program, text.replace(from, "return 120001"));
  expectCaught("espruino", { espruino: { ...image, program } });
}
