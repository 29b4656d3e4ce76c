/** The project's scenario files on node, and scenarios that come out otherwise than they say. */
import { readFileSync } from "node:fs";
import { suite } from "uvu";
import { equal, is, match, ok } from "uvu/assert";
import { readFiles, SCENARIO_FOLDER } from "../../../host-sim/scenario-file/files.ts";
import { runScenario, type ScenarioRun } from "../../../host-sim/scenario-file/run.ts";
import { Stage } from "../../../host-sim/scenario-file/stage.ts";
import { digestOf, FILE, told } from "./told.ts";

const test = suite("scenario files, run");
const { scenarios, problems } = readFiles([SCENARIO_FOLDER]);

/** Up to the entry; its last line is 9. */
const TO_ENTRY = [
  "name: A story.",
  "when:",
  "  - check-pin",
  "  - until: insert",
  "  - insert: mynumber",
  "  - until: { question: asked }",
  "  - continue: go",
  "  - until: pin",
  "  - expect: { entry: verify }",
];

function story(...more: readonly string[]): Promise<ScenarioRun> {
  return told([...TO_ENTRY, ...more].join("\n"));
}

test("every scenario file comes out as it says, twice with the same trace", async () => {
  equal(problems, []);
  ok(scenarios.length >= 15, `${scenarios.length} scenarios`);
  for (const scenario of scenarios) {
    const one = await runScenario(scenario, { keepTrace: true });
    is(one.failure, undefined, `${scenario.file}: ${JSON.stringify(one.failure)}`);
    const other = await runScenario(scenario, { keepTrace: true });
    ok(one.trace.length > 500, scenario.file);
    is(digestOf(other.trace), digestOf(one.trace), scenario.file);
  }
});

test("README names the scenario files that are there, and runs them by the command that is there", () => {
  const readme = readFileSync("README.md", "utf8");
  const named = [...readme.matchAll(/`([a-z0-9-]+\.yaml)`/g)].map(([, name]) => `${SCENARIO_FOLDER}/${name}`);
  ok(named.length >= 12, `${named.length} named`);
  equal(
    named.filter((path) => !scenarios.some(({ file }) => file === path)),
    [],
  );
  match(readme, /npm run -s scenario -- /);
  match(readme, /make scenarios/);
});

test("the scenario that README shows comes out as it says", async () => {
  const shown = /```yaml\n([^]*?)```/.exec(readFileSync("README.md", "utf8"))?.[1];
  const run = await told(shown ?? "");
  is(run.failure, undefined, JSON.stringify(run.failure));
  ok(run.pages.includes("wrong"));
});

/** One expectation that does not hold: steps behind TO_ENTRY, its line, what is told. */
const OTHERWISE: readonly (readonly [readonly string[], number, RegExp])[] = [
  [["  - expect: { page: ok }"], 10, /^page: seen pin, wanted ok$/],
  [["  - keys: 1234E", "  - until: { outcome: WRONG, within: 3s }"], 11, /^outcome: .*"OK".*within 3 s$/],
  [["  - expect:", "      page: pin", "      digits: 3"], 12, /^digits: seen 0, wanted 3$/],
  [["  - expect: { lamps: { secure-entry: off } }"], 10, /^lamps: .*"on".*wanted.*"off"/],
  [["  - expect: { tones: 99 }"], 10, /^tones: seen \d+, wanted 99$/],
  [["  - expect: { card-power: off }"], 10, /^card-power: seen on/],
  [["  - expect: { line: down }"], 10, /^line: seen up/],
  [["  - line: unplugged", "  - expect: { line: up }"], 11, /^line: seen unplugged/],
  [["  - expect: { language: en }"], 10, /^language: seen ja/],
  [["  - expect: { entry: change-old }"], 10, /^entry: seen verify/],
  [["  - expect: { seen: [pin, insert] }"], 10, /^seen: seen \["insert","reading","pin"\], wanted/],
  [["  - expect: { never: [reading] }"], 10, /^never: /],
  [["  - expect: { answer: busy }"], 10, /^answer: seen waiting, wanted busy$/],
  [["  - expect: { question: { serial: '1' } }"], 10, /^question: /],
  [["  - keys: 99", "  - remove", "then: { verifies: 1 }"], 12, /^verifies: seen 0, wanted 1$/],
  [
    ["  - keys: 9999E", "  - until: wrong", "then:", "  page: wrong", "  tries-left: { mynumber: 3 }"],
    14,
    /^tries-left: .*2.*wanted.*3/,
  ],
  [
    ["  - keys: X", "  - until: cancelled", "  - read-journal", "then: { journal: [OUTCOME OK] }"],
    13,
    /^journal: .*OUTCOME CANCELLED/,
  ],
  [["  - keys: X", "  - until: cancelled", "then: { pages: [pin] }"], 12, /^pages: /],
];

for (const [steps, line, text] of OTHERWISE) {
  test(`otherwise: ${steps.join("; ").trim()}`, async () => {
    const { failure, file } = await story(...steps);
    is(file, FILE);
    is(failure?.line, line, JSON.stringify(failure));
    match(failure?.text ?? "", text);
  });
}

test("a jump takes no time where the steps have their own, and its time where they follow each other", async () => {
  const jumped = async (...steps: string[]): Promise<number> => {
    const lines = ["name: A.", "given: { mode: open, counter: absent }", "when:", ...steps];
    const { failure, virtualMs } = await told(lines.join("\n"));
    is(failure, undefined, JSON.stringify(failure));
    return virtualMs;
  };
  const [one, other] = [await jumped("  - wait: 1s"), await jumped("  - wait: 1s", "  - jump: 7s")];
  is(other - one, 7000);
  is(await jumped("  - { at: 1s, jump: 7s }"), one);
});

test("a sign-in whose counter has left is told as lost", async () => {
  const signIn = [
    "  - sign-in",
    "  - until: insert-operator",
    "  - leave",
    "  - expect: { answer: lost, signed-in: none }",
  ];
  const { failure } = await told(["name: A.", "when:", ...signIn].join("\n"));
  is(failure, undefined, JSON.stringify(failure));
});

test("a step that cannot be done is told with its line and its number", async () => {
  const { failure } = await story("  - insert: iso");
  equal(failure, { line: 10, step: 8, what: "insert", text: "mynumber is in the slot already" });
});

test("a step whose time has gone by is told", async () => {
  const { failure } = await story("  - { at: 1ms, remove: }");
  is(failure?.line, 10);
  match(failure?.text ?? "", /^at 1ms: it is \d+(\.\d+)? ms already$/);
});

test("a call without a session is told as lost", async () => {
  const run = await story("  - leave", "  - get-result", "  - expect: { answer: lost }", "  - keys: X");
  is(run.failure, undefined, JSON.stringify(run.failure));
});

test("go before the terminal has asked is told", async () => {
  const { failure } = await told("name: A.\nwhen:\n  - continue: go");
  equal(failure, { line: 3, step: 1, what: "continue", text: "the terminal has asked nothing about a card" });
});

test("a session that was called for in passing and never came is told where it is missed", async () => {
  const steps = ["  - line: unplugged", "  - call", "  - wait: 20s", "  - line: plugged", "  - wait: 20s"];
  const { failure } = await story(...steps, "  - continue: go");
  is(failure?.what, "continue");
  match(failure?.text ?? "", /^there is no session, (the link is down|timeout)$/);
});

test("an answer is that of the latest call, whatever comes of the one before", async () => {
  const busy = ["  - check-pin: 2", "  - until: { answer: busy, within: 2s }"];
  const after = ["  - keys: X", "  - until: cancelled", "  - wait: 1s", "then: { answer: busy }"];
  const run = await story(...busy, ...after);
  is(run.failure, undefined, JSON.stringify(run.failure));
});

test("what is due at the instant of a step has happened before the next one looks", async () => {
  const restarted = ["  - leave", "  - power: off", "  - power: on", "  - expect: { page: insert }"];
  const run = await story(...restarted, "  - check-pin: 2", "  - expect: { answer: lost }");
  is(run.failure, undefined, JSON.stringify(run.failure));
});

test("a wait that ends has left nothing that was due at its instant", async () => {
  const stage = new Stage(scenarios[0]!.given, {});
  await stage.open();
  const { scheduler } = stage.simulator.world;
  const order: string[] = [];
  const atNs = stage.simulator.nowNs + 5_000_000;
  for (const one of ["first", "second"]) scheduler.at(atNs, () => order.push(one));
  is(await stage.runUntil(() => order.length > 0, 1e9), true);
  equal([order, stage.simulator.nowNs], [["first", "second"], atNs]);
  stage.close();
});

test("a terminal that does not answer is told before the first step", async () => {
  const { failure } = await told("name: A.\ngiven: { mode: town }\nwhen: []");
  is(failure?.what, "before the first step");
  match(failure?.text ?? "", /^no /);
});

test("a complaint of the world fails a story that came out well", async () => {
  const [scenario] = scenarios;
  const run = await runScenario(scenario!, {
    onStage: (stage) => stage.simulator.world.complain("a chip is broken"),
  });
  match(run.failure?.text ?? "", /^complaints of the world: .*a chip is broken/);
});

test("digits that leave by the line fail a story that came out well", async () => {
  const [scenario] = scenarios.filter(({ file }) => file.endsWith("pin-right.yaml"));
  const run = await runScenario(scenario!, {
    onStage: (stage) => {
      const { world } = stage.simulator;
      world.scheduler.at(5e9, () => world.line.terminalSends(Buffer.from("1234")));
    },
  });
  match(run.failure?.text ?? "", /^(digits-on-line: seen some|digits that were typed)/);
});

test.run();
