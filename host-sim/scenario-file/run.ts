/** Tells a scenario file to a terminal on one engine, from power-up, and says how it came out. */
import type { EngineName } from "../engine/engines.ts";
import { ScenarioFailure } from "../scenario/scenario.ts";
import type { TraceEvent } from "../world/recorder.ts";
import type { ReadStep, ScenarioFile } from "./read.ts";
import { Stage, type StageOptions } from "./stage.ts";
import { lookAt, Unfulfilled } from "./time-steps.ts";

export interface RunOptions extends StageOptions {
  /** Sees everything before it begins. */
  readonly onStage?: (stage: Stage) => void;
  /** Hears of each step before it is taken. */
  readonly onStep?: (step: ReadStep) => void;
  /** Hears how it came out; everything stays open until what it gives is over. */
  readonly onTold?: (failure: ScenarioFailed | undefined) => Promise<void>;
  /** Keeps every event for `trace`. */
  readonly keepTrace?: true;
}

export interface ScenarioFailed {
  readonly line: number;
  /** 1 is the first of `when`; undefined before and behind them. */
  readonly step?: number;
  /** What the step is, or where it failed. */
  readonly what: string;
  readonly text: string;
}

/** How it came out. */
export interface ScenarioRun {
  readonly file: string;
  readonly name: string;
  readonly engine: EngineName;
  readonly failure?: ScenarioFailed;
  /** Every page that reached the display, in order. */
  readonly pages: readonly string[];
  readonly tones: number;
  /** Of the terminal's own time. */
  readonly virtualMs: number;
  readonly trace: readonly TraceEvent[];
}

/** Long enough for the display to notice that its VCOM has stopped. */
const SETTLE_NS = 1500e6;

/** Where the story is, for whoever asks when it fails. */
interface Place {
  step: number;
  readonly scenario: ScenarioFile;
}

/** Never rejects for what the story does; `EngineMissing` comes through. */
export async function runScenario(scenario: ScenarioFile, options: RunOptions = {}): Promise<ScenarioRun> {
  const stage = new Stage(scenario.given, options);
  const { recorder } = stage.simulator.world;
  recorder.keep = options.keepTrace === true;
  options.onStage?.(stage);
  const place: Place = { step: 0, scenario };
  let failure: ScenarioFailed | undefined;
  try {
    failure = await told(stage, place, options);
    await options.onTold?.(failure);
  } finally {
    stage.close();
  }
  return {
    file: scenario.file,
    name: scenario.name,
    engine: options.engine ?? "node",
    ...(failure === undefined ? {} : { failure }),
    pages: stage.watch.pages,
    tones: stage.watch.tones.length,
    virtualMs: stage.simulator.nowNs / 1e6,
    trace: recorder.all(),
  };
}

async function told(stage: Stage, place: Place, options: RunOptions): Promise<ScenarioFailed | undefined> {
  try {
    await tell(stage, place, options);
    return undefined;
  } catch (error) {
    return failureOf(error, place);
  }
}

async function tell(stage: Stage, place: Place, { onStep }: RunOptions): Promise<void> {
  const { steps, expected } = place.scenario;
  await stage.open();
  for (const step of steps) {
    place.step++;
    onStep?.(step);
    await take(stage, step);
  }
  place.step++;
  lookAt(stage, expected);
  await stage.advanceTo(stage.simulator.nowNs + SETTLE_NS);
  stage.watch.check();
  if (stage.counter !== undefined && stage.areDigitsOnLine())
    throw new ScenarioFailure("digits that were typed have left by the line");
}

async function take(stage: Stage, step: ReadStep): Promise<void> {
  await begun(stage, step);
  // What is due at the instant of a step is never left to the next one.
  await stage.settle();
}

async function begun(stage: Stage, { atNs, deed }: ReadStep): Promise<void> {
  if (atNs === undefined) return deed(stage, "done");
  const lateNs = stage.simulator.nowNs - atNs;
  if (lateNs > 0)
    throw new ScenarioFailure(`at ${atNs / 1e6}ms: it is ${stage.simulator.nowNs / 1e6} ms already`);
  await stage.advanceTo(atNs);
  await deed(stage, "begun");
}

function failureOf(error: unknown, { step, scenario }: Place): ScenarioFailed {
  const text = error instanceof Error ? error.message : String(error);
  const found = scenario.steps[step - 1];
  if (found === undefined) {
    const isThen = error instanceof Unfulfilled;
    const line = isThen ? scenario.lineOf(error.expectation) : scenario.lineOf("");
    return { line, what: step === 0 ? "before the first step" : isThen ? "then" : "at the end", text };
  }
  const line = error instanceof Unfulfilled ? found.lineOf(error.expectation) : found.line;
  return { line, step, what: found.name, text };
}
