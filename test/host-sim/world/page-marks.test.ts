/** What the glass of each image says of it (design §6). */
import { suite } from "uvu";
import { equal } from "uvu/assert";
import { buildRom } from "../../../board/rom/build-rom.ts";
import { LANGUAGES, pageStates } from "../../../board/rom/page-states.ts";
import type { ImageMode } from "../../../host-sim/engine/engine.ts";
import { photograph } from "../../../host-sim/world/every-page.ts";
import { Simulator } from "../../../host-sim/world/simulator.ts";
import { PAIR } from "./sealed-simulator.ts";

const test = suite("marks of images");
const rom = buildRom();
/** Of a terminal that has just started, by their pixels. */
const names = new Map<string, string>();
for (const state of pageStates().filter(({ name }) => /^(insert|out-of-service)\b/.test(name)))
  for (const [code, language] of LANGUAGES)
    names.set(Buffer.from(photograph(rom, state, language)).toString("hex"), `${state.name}-${code}`);

/** Names of the pages that the glass shows from the start on, in Japanese, then as 言語 goes on. */
function pagesShown(mode: ImageMode): (string | undefined)[] {
  const simulator = new Simulator({ mode, ...(mode === "sealed" ? { pair: PAIR } : {}) });
  const shown = (): string | undefined => names.get(Buffer.from(simulator.world.lcd.frame()).toString("hex"));
  simulator.runFor(300);
  const pages = [shown()];
  for (let presses = 0; presses < 2; presses++) {
    simulator.keys("L");
    simulator.runFor(300);
    pages.push(shown());
  }
  simulator.close();
  return pages;
}

test("the bench image's say 試験用, BENCH", () => {
  equal(pagesShown("open"), ["insert-bench-ja", "insert-bench-easy", "insert-bench-en"]);
});

test("the development image's say 開発用, DEVELOPMENT", () => {
  equal(pagesShown("sealed"), ["insert-development-ja", "insert-development-easy", "insert-development-en"]);
});

test("the town image's say nothing", () => {
  // Without keys.
  equal(pagesShown("town"), ["out-of-service-ja", "out-of-service-easy", "out-of-service-en"]);
});

test.run();
