import { readFileSync } from "node:fs";
import { suite } from "uvu";
import { equal, is } from "uvu/assert";
import { filesBelow } from "../../board/build/sources.ts";
import { testNames } from "../runner/espruino-board-part.ts";

const test = suite("tests that are not shown");

test("names are read from the source, what is filled in later as a dash", () => {
  const source =
    'test("one", () => {\n  test(`${two} and\n`, run);\n  test(\n    "three \\"3\\"",\n  rest("no");';
  equal(testNames(source), ["one", "– and\n", 'three \\"3\\"']);
});

test("every file of the Espruino board's tests has names to tell", () => {
  const files = filesBelow("test/espruino-board", ".test.ts");
  is(files.length >= 4, true);
  for (const file of files) is(testNames(readFileSync(file, "utf8")).length > 0, true, file);
});

test.run();
