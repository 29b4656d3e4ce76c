/** The scenarios' command: what it takes, what it tells, how it ends; once as a process of its own. */
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { suite } from "uvu";
import { equal, is, match, not, ok, throws } from "uvu/assert";
import { UsageStop } from "../../../host-sim/cli/usage-stop.ts";
import { runScenarios } from "../../../host-sim/scenario-file/command.ts";
import { SCENARIO_FOLDER } from "../../../host-sim/scenario-file/files.ts";
import { parseScenarioOptions } from "../../../host-sim/scenario-file/options.ts";
import { bundleProgram } from "../../program-bundle.ts";
import { temporaryFolder } from "../cli/temporary.ts";

const test = suite("scenario command");
const folder = temporaryFolder();

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const GOOD = written(
  "good.yaml",
  "name: Well.\ngiven: { mode: open, counter: absent }\nwhen:\n  - until: insert\n",
);
const OTHERWISE = written(
  "otherwise.yaml",
  "name: Otherwise.\ngiven: { mode: open, counter: absent }\nwhen:\n  - until: insert\n  - expect: { page: ok }\n",
);
const BAD = written("bad.yaml", "name: Bad.\nwhen:\n  - insrt: iso\n  - wait: soon\n");

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Said {
  readonly exit: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
}

async function said(...words: readonly string[]): Promise<Said> {
  const out: string[] = [];
  const err: string[] = [];
  const exit = await runScenarios(parseScenarioOptions(words), {
    say: (line) => out.push(line),
    complain: (line) => err.push(line),
  });
  return { exit, out, err };
}

test("a story that comes out well ends with 0", async () => {
  const { exit, out, err } = await said(GOOD);
  is(exit, 0);
  match(out[0]!, /^ok    .*good\.yaml on node, \d+\.\d s: Well\.$/);
  equal([out.slice(1), err], [["1 passed, 0 failed"], []]);
});

test("one that does not ends with 1, and is told with its line, what was seen and the pages up to there", async () => {
  const { exit, out } = await said(GOOD, OTHERWISE);
  is(exit, 1);
  match(out[1]!, /^FAIL  .*otherwise\.yaml:5 on node: Otherwise\.$/);
  match(out[2]!, /^      step 2, expect, after 0\.\d s: page: seen insert, wanted ok$/);
  equal(out.slice(3), ["      pages up to there: insert", "1 passed, 1 failed"]);
});

test("files that are none end with 2, each problem told, and nothing is run", async () => {
  const { exit, out, err } = await said(GOOD, BAD, join(folder, "missing.yaml"));
  equal([exit, out, err.length], [2, [], 3]);
  match(err[0]!, /bad\.yaml:3: when\[1\]\.insrt: "insrt" is no step: did you mean insert\?/);
  match(err[1]!, /bad\.yaml:4: when\[2\]\.wait: "soon": must be a time/);
  match(err[2]!, /missing\.yaml:1: cannot be read: no such file/);
});

test("a folder is its files, and one without any is told", async () => {
  const inside = join(folder, "inside");
  mkdirSync(inside);
  match((await said(inside)).err[0]!, /inside:1: there is no \*\.yaml in this folder$/);
  writeFileSync(join(inside, "b.yaml"), readFileSync(GOOD));
  writeFileSync(join(inside, "a.yml"), readFileSync(GOOD));
  writeFileSync(join(inside, "c.txt"), "no");
  const { out } = await said(inside);
  equal(
    out.map((line) => /inside\/(\S+)/.exec(line)?.[1]),
    ["a.yml", "b.yaml", undefined],
  );
});

test("--json is one object a line, and the same each time", async () => {
  const { exit, out } = await said(GOOD, OTHERWISE, "--json");
  is(exit, 1);
  const [good, otherwise, sum] = out.map((line) => JSON.parse(line) as Record<string, unknown>);
  equal([good!["ok"], good!["engine"], good!["pages"]], [true, "node", ["insert"]]);
  const failure = { line: 5, step: 2, what: "expect", text: "page: seen insert, wanted ok" };
  equal([otherwise!["ok"], otherwise!["failure"]], [false, failure]);
  equal(sum, { passed: 1, failed: 1 });
  equal((await said(GOOD, OTHERWISE, "--json")).out, out);
  const bad = await said(BAD, "--json");
  is(bad.exit, 2);
  is((JSON.parse(bad.out[0]!) as { problem: { line: number } }).problem.line, 3);
});

test("a sealed story has no image on espruino: it is named, and nothing that ran is nothing shown", async () => {
  const { exit, out } = await said(join(SCENARIO_FOLDER, "pin-right.yaml"), "--engine", "espruino");
  is(exit, 2);
  match(out[0]!, /pin-right\.yaml on espruino: it has no image of mode sealed$/);
  is(out[1], "0 passed, 0 failed");
});

test("--trace is of one story on one engine; its digits are masked", async () => {
  const path = join(folder, "trace");
  const file = join(SCENARIO_FOLDER, "pin-right.yaml");
  is((await said(file, "--trace", path)).exit, 0);
  is(statSync(path).mode & 0o777, 0o600);
  const lines = readFileSync(path, "utf8");
  match(lines, /^\d+ keys •$/m);
  match(lines, /^\d+ card-out •$/m);
  not.match(lines, /^\d+ keys \d/m);
  let refused: unknown;
  await said(file, GOOD, "--trace", path).catch((error: unknown) => (refused = error));
  ok(refused instanceof UsageStop && /one scenario on one engine, not 2/.test(refused.message));
});

test("what no flag is, or no engine, is refused with the next step", () => {
  throws(
    () => parseScenarioOptions(["--engine", "lau"]),
    /--engine: "lau" is no engine: did you mean lua\?[^]*--help/,
  );
  throws(() => parseScenarioOptions(["--engin", "lua"]), /unknown option '--engin'[^]*--help/);
  throws(() => parseScenarioOptions(["--trace"]), /argument missing/);
});

test("the process: help, a good file, a bad one, no such engine", async () => {
  const bundle = bundleProgram("host-sim/scenario-file/main.ts", "scenario-test");
  const run = promisify(execFile);
  const ran = (...words: readonly string[]): Promise<Ended> =>
    run(process.execPath, [bundle, ...words]).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error: unknown) => error as Ended,
    );
  const [help, good, otherwise, bad, engine] = await Promise.all([
    ran("--help"),
    ran(GOOD),
    ran(OTHERWISE),
    ran(BAD),
    ran(GOOD, "--engine", "lau"),
  ]);
  equal([help.code, good.code, otherwise.code, bad.code, engine.code], [0, 0, 1, 2, 2]);
  for (const flag of ["--engine", "--json", "--trace"]) match(help.stdout, flag);
  match(help.stdout, /Exit codes: 0 .*, 1 .*, 2 /);
  is(bad.stdout, "");
  match(bad.stderr, /bad\.yaml:3: /);
  not.match(engine.stderr, / at /);
});

test.run();
