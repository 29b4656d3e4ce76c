/** A recorded session as a scenario file: written, read and run again it leaves the same trace, event for event. */
import fc from "fast-check";
import { suite } from "uvu";
import { equal, is, match, ok, throws } from "uvu/assert";
import { LiveRun } from "../../host-sim/cli/live-run.ts";
import { readFiles, SCENARIO_FOLDER } from "../../host-sim/scenario-file/files.ts";
import type { ScenarioFile } from "../../host-sim/scenario-file/read.ts";
import {
  SessionRecording,
  type RecordedAction,
  type RecordedSession,
} from "../../host-sim/scenario-file/recording.ts";
import { runScenario, type ScenarioRun } from "../../host-sim/scenario-file/run.ts";
import { Stage } from "../../host-sim/scenario-file/stage.ts";
import { writeScenario } from "../../host-sim/scenario-file/write.ts";
import { Simulator } from "../../host-sim/world/simulator.ts";
import type { TraceEvent } from "../../host-sim/world/recorder.ts";
import { digestOf, scenarioOf, told } from "../host-sim/scenario-file/told.ts";

const test = suite("scenario files, written");
const OPEN_ALONE = { mode: "open", language: "en", seed: 7, counter: "absent" } as const;
const SETTLE_MS = 1500;

/** Runs what was written; the trace up to the session's end is the session's. */
async function sameAgain(session: RecordedSession, trace: readonly TraceEvent[]): Promise<ScenarioRun> {
  const text = writeScenario(session);
  match(text, /^# Recorded at the simulator\. Its digits are those of model cards/);
  const run = await told(text);
  is(run.failure, undefined, `${JSON.stringify(run.failure)}\n${text}`);
  ok(trace.length > 100);
  is(digestOf(run.trace), digestOf(trace), text);
  return run;
}

function recordingAt(stage: Stage): SessionRecording {
  const { simulator } = stage;
  return new SessionRecording({
    get nowNs() {
      return simulator.nowNs;
    },
    page: () => stage.page(),
  });
}

/** A scenario file as a session: what is done in it, at the times at which it was done; waits and expectations left out. */
async function recorded(scenario: ScenarioFile): Promise<RecordedSession & { trace: readonly TraceEvent[] }> {
  const stage = new Stage(scenario.given, {});
  const { simulator } = stage;
  await stage.open();
  const recording = recordingAt(stage);
  for (const { name, written, deed } of scenario.steps) {
    if (!["wait", "until", "expect"].includes(name)) recording.did({ do: "step", name, value: written });
    await deed(stage, "done");
    await stage.settle();
  }
  const { given, name } = scenario;
  const session = recording.finish({ name, given: textsOf(given) }, { pages: [...stage.watch.pages] });
  simulator.runFor(SETTLE_MS);
  stage.close();
  return { ...session!, trace: simulator.world.recorder.all() };
}

/** Values of a file are texts. */
function textsOf(value: object): Record<string, unknown> {
  const text = (one: unknown): unknown =>
    typeof one === "object" && one !== null ? textsOf(one) : String(one);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, text(one)]));
}

const { scenarios } = readFiles([SCENARIO_FOLDER]);
for (const scenario of scenarios) {
  test(`recorded, written and run again: ${scenario.file}`, async () => {
    const { trace, ...session } = await recorded(scenario);
    await sameAgain(session, trace);
  });
}

/** The simulator as people have it before them, with a wall clock that tests move. */
class LiveSession {
  readonly simulator = new Simulator({ mode: "open", language: "en", seed: 7 });
  readonly recording: SessionRecording;
  private readonly live: LiveRun;
  private wallMs = 1000;
  private waking: { readonly atMs: number; readonly action: () => void } | undefined;
  private failed: unknown;

  constructor() {
    const { simulator } = this;
    const clock = {
      nowMs: () => this.wallMs,
      wake: (delayMs: number, action: () => void) => {
        this.waking = { atMs: this.wallMs + delayMs, action };
        return () => (this.waking = undefined);
      },
      soon: (action: () => void) => {
        this.waking = { atMs: this.wallMs, action };
        return () => (this.waking = undefined);
      },
    };
    const world = {
      get nowNs() {
        return simulator.nowNs;
      },
      nextNs: () => simulator.nextNs(),
      advance: (timeNs: number) => simulator.advance(timeNs),
      mayJumpTo: (timeNs: number) => simulator.world.scheduler.mayJumpTo(timeNs),
    };
    const onFailure = (error: unknown): void => void (this.failed = error);
    this.live = new LiveRun(world, { pace: "none", clock, onRest: () => undefined, onFailure });
    this.live.start();
    this.recording = new SessionRecording({
      get nowNs() {
        return simulator.nowNs;
      },
      page: () => (simulator.isPowered() ? simulator.page() : "off"),
    });
  }

  /** The wall clock goes on; timers ring on the way. */
  pass(ms: number): void {
    const endMs = this.wallMs + ms;
    for (let due = this.waking; due !== undefined && due.atMs <= endMs; due = this.waking) {
      this.waking = undefined;
      this.wallMs = Math.max(this.wallMs, due.atMs);
      due.action();
    }
    this.wallMs = endMs;
    if (this.failed !== undefined) throw this.failed;
  }

  do(action: RecordedAction, perform: (simulator: Simulator) => void): void {
    this.live.enter(() => {
      this.recording.did(action);
      perform(this.simulator);
    });
  }

  end(): readonly TraceEvent[] {
    this.live.stop();
    this.simulator.runFor(SETTLE_MS);
    this.simulator.close();
    return this.simulator.world.recorder.all();
  }
}

test("a session at the live simulator, at any times, comes out the same when it is run again", async () => {
  const session = new LiveSession();
  session.pass(321.7);
  session.do({ do: "insert", card: "mynumber", fresh: false }, (simulator) => simulator.insert("mynumber"));
  session.pass(1234.567);
  session.do({ do: "keys", keys: "0123L", everyMs: 150 }, (simulator) => simulator.keys("0123L", 150));
  session.pass(200.25);
  session.do({ do: "remove" }, (simulator) => simulator.remove());
  session.pass(3000.1);
  session.do({ do: "press", key: "L" }, (simulator) => simulator.press("L"));
  session.pass(77.7);
  session.do({ do: "release", key: "L" }, (simulator) => simulator.release("L"));
  session.pass(500);
  session.do({ do: "noise", rate: 0.07 }, ({ world }) => world.lineNoise.setRate(0.07));
  const bytes = Buffer.from("0306620000000000000000000067", "hex");
  session.do({ do: "line-sends", bytes }, ({ world }) => world.line.send(bytes));
  session.pass(250.125);
  session.do({ do: "casekey", service: true }, ({ world }) => world.turnCaseKey(true));
  session.do({ do: "line", plugged: false }, ({ world }) => world.line.unplug());
  session.pass(10.001);
  session.do({ do: "power", on: false }, (simulator) => simulator.powerOff());
  session.pass(100);
  session.do({ do: "power", on: true }, (simulator) => simulator.powerOn());
  session.pass(400.4);
  session.do({ do: "reset" }, (simulator) => simulator.pressReset());
  session.pass(333.3);
  session.do({ do: "case" }, (simulator) => simulator.openCase());
  session.pass(444.4);
  const made = session.recording.finish({ name: "A live session.", given: OPEN_ALONE });
  const run = await sameAgain(made!, session.end());
  ok(run.pages.length >= 2, run.pages.join());
});

/** What anybody can do at any time. */
const anyAction: fc.Arbitrary<RecordedAction> = fc.oneof(
  fc.constantFrom<RecordedAction>(
    ...(["mynumber", "iso", "mute", "mynumber-last"] as const).map(
      (card) => ({ do: "insert", card, fresh: false }) as const,
    ),
    ...([{ do: "remove" }, { do: "case" }, { do: "reset" }] as const),
    ...[true, false].flatMap((is) => [
      { do: "power", on: is } as const,
      { do: "line", plugged: is } as const,
      { do: "casekey", service: is } as const,
    ]),
    ...([
      { do: "step", name: "check-pin" },
      { do: "step", name: "suspend", value: "SATO" },
    ] as const),
    ...([
      { do: "step", name: "get-result", value: "1" },
      { do: "step", name: "abort" },
    ] as const),
  ),
  fc.record({
    do: fc.constant("keys" as const),
    keys: keysOf(8),
    everyMs: fc.integer({ min: 40, max: 400 }),
  }),
  fc.record({ do: fc.constantFrom("press" as const, "release" as const), key: keysOf(1) }),
  fc.record({
    do: fc.constant("noise" as const),
    rate: fc.integer({ min: 0, max: 100 }).map((part) => part / 1000),
  }),
);

function keysOf(longest: number): fc.Arbitrary<string> {
  return fc
    .array(fc.constantFrom(..."0123456789ECXL<>"), { minLength: 1, maxLength: longest })
    .map((pressed) => pressed.join(""));
}

test("any list of actions, written and read, holds the same steps at the same times", () => {
  const event = fc.record({ afterNs: fc.integer({ min: 0, max: 5_000_000_000 }), action: anyAction });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 12 }), fc.string({ minLength: 1 }), (list, name) => {
      let atNs = 0;
      const events = list.map(({ afterNs, action }) => ({ atNs: (atNs += afterNs), action }));
      const session = { name, given: { mode: "sealed" }, events };
      const { steps, name: readName } = scenarioOf(writeScenario(session));
      is(readName, name);
      equal(
        steps.map((step) => step.atNs),
        events.map((one) => one.atNs),
      );
      const keys = steps.filter((step) => step.name === "keys").map(({ written }) => written);
      const pressed = list.flatMap(({ action }) => (action.do === "keys" ? [action] : []));
      equal(
        keys,
        pressed.map((one) => ({ press: one.keys, every: `${one.everyMs}ms` })),
      );
    }),
    { seed: 11, numRuns: 200 },
  );
});

test("any list of actions that can be done, run from its file twice, leaves the same trace as when it was recorded", async () => {
  const event = fc.record({ afterNs: fc.integer({ min: 0, max: 900_000_000 }), action: anyAction });
  let done = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 3, maxLength: 10 }), async (list) => {
      const { session, trace } = await performed(list);
      done += session.events.filter(({ action }) => action !== undefined).length;
      await sameAgain(session, trace);
    }),
    { seed: 23, numRuns: 25 },
  );
  ok(done > 60, `${done} actions`);
});

/** Performs what can be done at the sealed terminal as its scenario's steps do, on a stage of its own, and records it. */
async function performed(
  list: readonly { readonly afterNs: number; readonly action: RecordedAction }[],
): Promise<{ session: RecordedSession; trace: readonly TraceEvent[] }> {
  const given = { mode: "sealed", seed: "3" };
  const empty = scenarioOf(writeScenario({ name: "A.", given, events: [] }));
  const stage = new Stage(empty.given, {});
  const { simulator } = stage;
  await stage.open();
  const recording = recordingAt(stage);
  for (const { afterNs, action } of list) {
    await stage.advanceTo(simulator.nowNs + afterNs);
    const events = [{ atNs: simulator.nowNs, action }];
    const { steps } = scenarioOf(writeScenario({ name: "A.", given, events }));
    const { slot } = simulator.world;
    const cannot =
      (action.do === "insert" && slot.inserted() !== undefined) ||
      (action.do === "remove" && slot.inserted() === undefined) ||
      (action.do === "reset" && !simulator.isPowered());
    if (cannot) continue;
    recording.did(action);
    await steps[0]!.deed(stage, "begun");
    await stage.settle();
  }
  const session = recording.finish({ name: "A list.", given })!;
  // At the end everything that was switched off is on again, for what must hold in every story.
  simulator.runFor(SETTLE_MS);
  stage.close();
  return { session, trace: simulator.world.recorder.all() };
}

test("what no scenario can tell is refused when it is written", () => {
  const session = { name: "A.", given: { mode: "sealed" }, events: [] };
  throws(() => writeScenario({ ...session, given: { mode: "sealde" } }), /given.mode: "sealde" is no mode/);
  const action = { do: "insert", card: "vpcd:1", fresh: false } as const;
  throws(() => writeScenario({ ...session, events: [{ atNs: 0, action }] }), /is no card of the deck/);
});

test("a run whose page was another one fails at the line of what was seen", async () => {
  const events = [{ atNs: 500_000_000, saw: { page: "pin" } }];
  const run = await runScenario(scenarioOf(writeScenario({ name: "A.", given: OPEN_ALONE, events })));
  is(run.failure?.line, 12, JSON.stringify(run.failure));
  is(run.failure?.text, "page: seen insert, wanted pin");
});

test.run();
