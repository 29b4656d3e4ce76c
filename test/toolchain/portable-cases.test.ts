/** Nothing of test/portable/ may be forgotten on one of the engines. */
import { existsSync, readFileSync } from "node:fs";
import { suite } from "uvu";
import { equal } from "uvu/assert";
import { filesBelow } from "../../board/build/sources.ts";

const cases = filesBelow("test/portable", ".cases.ts");
const main = readFileSync("test/portable/main.ts", "utf8");

function checksOf(path: string): string[] {
  const found = readFileSync(path, "utf8").matchAll(/^export function (check\w+)/gm);
  return [...found].map((match) => match[1] ?? "");
}

const test = suite("portable cases");

test("every check of every *.cases.ts is run by test/portable/main.ts", () => {
  const missing = cases.flatMap((path) =>
    checksOf(path).filter((name) => !new RegExp(`run\\(.*\\b${name}\\b`).test(main)),
  );
  equal(missing, []);
});

test("every *.cases.ts exports a check", () => {
  equal(
    cases.filter((path) => checksOf(path).length === 0),
    [],
  );
});

test("every *.cases.ts is run under Node by a test of its own", () => {
  const tests = filesBelow("test", ".test.ts").filter((path) => existsSync(path));
  const all = tests.map((path) => readFileSync(path, "utf8")).join("\n");
  const missing = cases.filter((path) => !all.includes(path.slice(path.lastIndexOf("/") + 1)));
  equal(missing, []);
});

test.run();
