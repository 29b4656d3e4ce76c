import { createHash } from "node:crypto";
import { suite } from "uvu";
import { equal, is, ok, throws } from "uvu/assert";
import { ResetReason } from "../../hal/watchdog.ts";
import { SCENARIOS } from "../../host-sim/scenario/all.ts";
import { expectPage } from "../../host-sim/scenario/expectations.ts";
import { ENGINE } from "../chosen-engine.ts";
import { play, type Played, type Scenario } from "../../host-sim/scenario/scenario.ts";

const test = suite("scenarios");

/** Of every event, its channel and value included, the secret ones too: compared, never shown. */
function digestOf({ counter }: Played): string {
  const hash = createHash("sha256");
  for (const { timeNs, channel, value } of counter.simulator.world.recorder.all()) {
    hash.update(`\n${timeNs} ${channel} `).update(typeof value === "number" ? String(value) : value);
  }
  return hash.digest("hex");
}

const played = new Map<Scenario, Played>();

/** The scenario's own run, made once. */
function ownRun(scenario: Scenario): Played {
  const known = played.get(scenario) ?? play(scenario, scenario.seed, { engine: ENGINE });
  played.set(scenario, known);
  return known;
}

function failure(scenario: Scenario): string | undefined {
  try {
    ownRun(scenario);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test("every scenario comes out as its story says", () => {
  const failures = SCENARIOS.map(failure).filter((text) => text !== undefined);
  console.log(`\n${SCENARIOS.length} scenarios, ${failures.length} failed`);
  equal(failures, []);
  ok(SCENARIOS.length >= 24);
});

test("the same seed gives the same trace byte for byte, secret channels included", () => {
  for (const scenario of SCENARIOS)
    is(
      digestOf(play(scenario, scenario.seed, { engine: ENGINE })),
      digestOf(ownRun(scenario)),
      scenario.name,
    );
});

test("another seed gives another trace and the same outcome, page by page and tone by tone", () => {
  let different = 0;
  for (const scenario of SCENARIOS) {
    const [one, other] = [ownRun(scenario), play(scenario, scenario.seed + 1000, { engine: ENGINE })];
    if (digestOf(other) !== digestOf(one)) different++;
    equal(other.pages, one.pages, scenario.name);
    equal(other.tones, one.tones, scenario.name);
  }
  // Where nobody types and by chance no contact bounces there is nothing for a seed to decide.
  ok(different >= SCENARIOS.length * 0.8, `${different} of ${SCENARIOS.length} traces differ`);
});

test("in no scenario a part is so late that the watchdog bites", () => {
  for (const scenario of SCENARIOS) {
    const { world } = ownRun(scenario).counter.simulator;
    is(world.watchdog.isRunning(), true, scenario.name);
    is(world.lastReset.reason, ResetReason.PowerOn, scenario.name);
  }
});

test("names and seeds are unique, and each story is one sentence", () => {
  is(new Set(SCENARIOS.map(({ name }) => name)).size, SCENARIOS.length);
  is(new Set(SCENARIOS.map(({ seed }) => seed)).size, SCENARIOS.length);
  for (const { story, name } of SCENARIOS)
    ok(story.indexOf(".") === story.length - 1 || /[0-9]\.[0-9]/.test(story), name);
});

test("a scenario that comes out otherwise fails with its name and what was expected", () => {
  const story = { name: "wrong", story: "A page that never comes.", seed: 1 };
  const wrong = { ...story, run: (counter: Played["counter"]) => expectPage(counter.start(), "ok") };
  throws(() => play(wrong), 'wrong: page: got "insert", want "ok"');
});

test("a complaint of the world fails a scenario that came out well", () => {
  const run = (counter: Played["counter"]): void => counter.start().simulator.world.complain("broken");
  throws(() => play({ name: "noisy", story: "A chip complains.", seed: 1, run }), /^noisy: complaints/);
});

test.run();
