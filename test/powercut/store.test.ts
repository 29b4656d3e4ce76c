/** The power may go at every byte of every commit. */
import { suite } from "uvu";
import { equal, is, ok } from "uvu/assert";
import { findingsAt, countedPoints, MASKS, sweep } from "./cut-sweep.ts";
import { inWorld } from "./places.ts";
import { RepeatedCuts } from "./repeated-cuts.ts";
import { SCRIPTS, scriptNamed } from "./scripts.ts";
import { FormatBench, MigrationBench } from "./start-benches.ts";
import { sweepScript } from "./sweep-script.ts";

const test = suite("powercut");
let points = 0;
let bad = 0;

for (const { name } of SCRIPTS) {
  test(`all old or all new after a cut at every byte: ${name}`, () => {
    const result = sweepScript(name);
    ok(result.framBytes > 80, `${result.framBytes} bytes`);
    is(
      result.points,
      countedPoints(result),
      "a cut at every byte, and in every way at every one that is stored",
    );
    is(result.backupWords, 0);
    equal(result.findings.slice(0, 5), []);
    is(result.bad, 0);
    console.log(`\n${result.points} cut points of ${name}, ${result.bad} bad`);
    points += result.points;
    bad += result.bad;
  });
}

for (const name of ["one byte"]) {
  test(`no number of cuts of recovery makes a difference: ${name}`, () => {
    const result = new RepeatedCuts(scriptNamed(name)).run();
    equal(result.findings.slice(0, 5), []);
    ok(
      result.memories > 50 && result.depth >= 3,
      `${result.memories} memories, ${result.depth} cuts in a row`,
    );
    console.log(
      `\n${result.points} cut recoveries of ${name} (${result.memories} memories, up to ${result.depth} cuts in a row), ${result.bad} bad`,
    );
  });
}

test("it is the same through a world, its bus and its power", () => {
  const result = sweepScript("one entry", inWorld);
  is(result.points, countedPoints(result));
  equal(result.findings.slice(0, 5), []);
  console.log(`\n${result.points} cut points of one entry in a world, ${result.bad} bad`);
});

test("a migration that is cut at any byte is done by the next boot", () => {
  const result = sweep(() => new MigrationBench());
  equal(result.findings.slice(0, 5), []);
  is(result.points, countedPoints(result));
  console.log(`\n${result.points} cut points of a migration, ${result.bad} bad`);
});

test("a formatting that is cut leaves the old store or none", () => {
  const uncut = new FormatBench();
  uncut.run();
  const { bytes } = uncut.chips.fram;
  ok(bytes > 0x10000, `${bytes} bytes`);
  // The begin and the end, where something is decided, byte by byte; what is erased in between at some places.
  const places = Array.from({ length: bytes }, (_, at) => at).filter(
    (at) => at < 100 || at > bytes - 600 || at % 499 === 0,
  );
  const findings = places.flatMap((at) =>
    MASKS.flatMap((tornMask) => findingsAt(new FormatBench(), { chip: "fram", at, tornMask })),
  );
  equal(findings.slice(0, 5), []);
  console.log(`\n${places.length * MASKS.length} cut points of a formatting, ${findings.length} bad`);
});

test("all together", () => {
  ok(points > 10_000);
  console.log(`\n${points} cut points of ${SCRIPTS.length} scripts, ${bad} bad`);
});

test.run();
