/** The budgets of the device: counted instructions of the reference board, counted statements of the bundle for Espruino. */
import { suite } from "uvu";
import { is, ok } from "uvu/assert";
import { FLASH_BYTES } from "../../board/build/build-mps2.ts";
import { flashOf, totalOf } from "../../board/build/mps2-flash.ts";
import { endure } from "../bench/board-endurance.ts";
import { buildQemuImage } from "../built-images.ts";
import { BUDGETS, figuresOf } from "./board-figures.ts";
import { tellBoardStory } from "./board-run.ts";
import { MOST_TO_MASK, statementCosts } from "./statement-costs.ts";

const test = suite("budgets");
const FOLDER = "build/cost";
const IMAGE = buildQemuImage(FOLDER);
const HEAP_PEAK_BYTES = 320 * 1024;
/** `make bench` does a thousand. */
const VERIFICATIONS = 40;

const figures = figuresOf(tellBoardStory(IMAGE));
for (const [name, most] of Object.entries(BUDGETS)) {
  test(`${name} is at most ${most}`, () => {
    const value = figures[name as keyof typeof BUDGETS];
    ok(value > 0 && value <= most, `${name} is ${value}`);
  });
}

test("the same story costs the same, to the instruction", () => {
  const again = figuresOf(tellBoardStory(IMAGE));
  for (const name of Object.keys(BUDGETS) as (keyof typeof BUDGETS)[]) is(again[name], figures[name]);
});

test("verifications leave nothing on the heap", () => {
  const { heapGrowthBytes, heapPeakBytes, worstStepMs } = endure(VERIFICATIONS, IMAGE);
  is(heapGrowthBytes, 0);
  ok(heapPeakBytes > 0 && heapPeakBytes <= HEAP_PEAK_BYTES, `${heapPeakBytes} bytes`);
  ok(worstStepMs <= BUDGETS.worst_step_ms, `${worstStepMs} ms`);
});

test("the image fits", () => {
  const bytes = totalOf(flashOf(IMAGE.elf));
  ok(bytes > 0 && bytes <= FLASH_BYTES, `${bytes} bytes`);
});

test("a key's mask takes few statements", async () => {
  const keys = (await statementCosts()).filter(({ toMask }) => toMask !== undefined);
  ok(keys.length > 0);
  for (const { toMask = Infinity } of keys) ok(toMask > 0 && toMask <= MOST_TO_MASK, `${toMask} statements`);
});

test.run();
