import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { failedTests, filesWithoutTests, readUvuCount, suitesNotRun } from "../runner/uvu-output.ts";

const OUTPUT = [
  "\u001b[1mfirmware/a.test.js\u001b[22m",
  "\u001b[7m frames \u001b[27m • • \u001b[32m  (2 / 2)",
  "\u001b[39m",
  "firmware/b.test.js",
  "",
  "host-sim/c.test.js",
  " lines ✘ • (1 / 2)",
  "",
  "  Total:     4",
  "\u001b[32m  Passed:    3\u001b[39m",
  "  Skipped:   1",
  "  Duration:  1.0ms",
].join("\n");

const test = suite("reading uvu");

test("the closing lines are read through their colours", () => {
  equal(readUvuCount(OUTPUT), { total: 4, passed: 3, skipped: 1 });
});

test("each failed test is told by its suite and name, an ended run by its limit", () => {
  const failed = '\n   FAIL  \u001b[31mframes\u001b[39m  "one \\"two\\""\n    Expected values\n';
  equal(failedTests(OUTPUT), []);
  equal(failedTests(failed), ['frames: one \\"two\\"']);
  equal(failedTests("frames • •\nended after its limit of 900 s\n"), ["ended after its limit of 900 s"]);
});

test("output without closing lines is no result", () => {
  is(readUvuCount("frames • •"), undefined);
});

test("a file whose suites never ran is found", () => {
  const files = ["firmware/a.test.js", "firmware/b.test.js", "host-sim/c.test.js", "host-sim/d.test.js"];
  equal(filesWithoutTests(OUTPUT, files), ["firmware/b.test.js", "host-sim/d.test.js"]);
});

test("a suite without its run is found in the source", () => {
  const [define, run] = ['const a = suite("a");', "a.run();"];
  is(suitesNotRun(`${define}\n${run}`), 0);
  is(suitesNotRun(`${define}\n${define}\n${run}`), 1);
});

test.run();
