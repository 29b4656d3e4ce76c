/** The heap of the board under programs that treat it badly. */
import { suite } from "uvu";
import { equal, is, match, ok } from "uvu/assert";
import { runImage } from "./run-image.ts";
import { buildProgram } from "./test-images.ts";

const test = suite("heap");
let elf = "";
test.before(async () => {
  elf = await buildProgram("heap");
});

/** 512 KB less static data, stack, its guard and what survives a reset; no image of ours has more. */
const CAP = 512 * 1024 - 9 * 1024;
/** Lua's own table of strings may have grown to 512 entries. */
const KEPT = 2048;

/** The numbers of the lines `what: number`. */
function figures(log: string): Map<string, number> {
  return new Map(
    [...log.matchAll(/^(.+): (-?\d+)$/gm)].map(([, what, value]) => [what ?? "", Number(value)]),
  );
}

test("6000 objects of random sizes come and go in a full heap, and none is damaged", () => {
  const { log, status } = runImage(elf, ["stress"]);
  const told = figures(log);
  is(status, 0, log);
  is(told.get("live"), 150, log);
  const kept = told.get("not given back") ?? Infinity;
  ok(kept >= 0 && kept < KEPT, log);
  // The rest of the RAM was used up, so that freed blocks have been split and joined.
  const peak = told.get("peak") ?? 0;
  ok(peak <= CAP && peak > CAP - 16 * 1024, log);
});

test("the same program leaves the same figures in every run", () => {
  is(runImage(elf, ["stress"]).log, runImage(elf, ["stress"]).log);
});

test("memory that was taken in blocks of one size serves any other size", () => {
  const { log } = runImage(elf, ["reuse"]);
  const told = figures(log);
  equal(told.size, 9, log);
  // A block costs 12 bytes for Lua and ours for the length, and 16 to 32 in the table that holds it.
  for (const [length, least] of [
    [20, 120_000],
    [40, 150_000],
    [90, 250_000],
    [100, 280_000],
    [200, 370_000],
    [2000, 440_000],
    [4000, 440_000],
    [20000, 420_000],
  ] as const)
    ok((told.get(`taken in blocks of ${length}`) ?? 0) >= least, `${length}: ${log}`);
  ok((told.get("peak") ?? Infinity) <= CAP, log);
});

test("a program that wants more than there is ends by an error, which is known after the reset", () => {
  const { log, status } = runImage(elf, ["exhaust"]);
  match(log, /^error: not enough memory\nthe program has ended by an error\nreset: 3\n$/);
  is(status, 0);
});

test.run();
