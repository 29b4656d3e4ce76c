/** `npm run -s scenario`: reads the files, tells each to each engine, and says what came out. */
import { TraceFile } from "../cli/trace-file.ts";
import { UsageStop } from "../cli/usage-stop.ts";
import { EngineMissing } from "../engine/engine.ts";
import { checkEngine, ENGINE_NAMES, type EngineName } from "../engine/engines.ts";
import { readFiles, SCENARIO_FOLDER } from "./files.ts";
import type { ScenarioOptions } from "./options.ts";
import type { ScenarioFile } from "./read.ts";
import { jsonReport, textReport, type NotRun, type Report } from "./report.ts";
import { runScenario, type ScenarioRun } from "./run.ts";

export const enum ScenarioExit {
  Passed = 0,
  Failed = 1,
  Usage = 2,
}

export interface ScenarioOutput {
  say(line: string): void;
  complain(line: string): void;
}

interface Job {
  readonly scenario: ScenarioFile;
  readonly engine: EngineName;
}

export async function runScenarios(options: ScenarioOptions, output: ScenarioOutput): Promise<ScenarioExit> {
  const report = options.json
    ? jsonReport((line) => output.say(line))
    : textReport(
        (line) => output.say(line),
        (line) => output.complain(line),
      );
  const paths = options.files.length === 0 ? [SCENARIO_FOLDER] : options.files;
  const { scenarios, problems } = readFiles(paths);
  if (problems.length > 0) {
    report.problems(problems);
    return ScenarioExit.Usage;
  }
  return told(jobsOf(scenarios, options, report), options, report);
}

/** Every scenario on every engine that is asked for. Throws `EngineMissing` for one that is named and not here. */
function jobsOf(scenarios: readonly ScenarioFile[], { engine }: ScenarioOptions, report: Report): Job[] {
  const jobs: Job[] = [];
  const engines = engine === "all" ? ENGINE_NAMES : [engine];
  const missing = new Map<EngineName, NotRun>();
  for (const one of engines)
    for (const scenario of scenarios) {
      const skipped = missing.get(one) ?? notHere(one, scenario, engine === "all");
      if (skipped === undefined) jobs.push({ scenario, engine: one });
      else if (skipped.file === undefined) missing.set(one, skipped);
      else report.notRun(skipped);
    }
  for (const skipped of missing.values()) report.notRun(skipped);
  return jobs;
}

function notHere(engine: EngineName, { given, file }: ScenarioFile, isAll: boolean): NotRun | undefined {
  if (engine === "espruino" && given.mode !== "open")
    return { engine, file, why: `it has no image of mode ${given.mode}` };
  try {
    checkEngine(engine, given.mode);
    return undefined;
  } catch (error) {
    if (!(error instanceof EngineMissing) || !isAll) throw error;
    return { engine, why: error.message };
  }
}

async function told(jobs: readonly Job[], { trace }: ScenarioOptions, report: Report): Promise<ScenarioExit> {
  if (trace !== undefined && jobs.length !== 1)
    throw new UsageStop(`--trace is of one scenario on one engine, not ${jobs.length}: name the file`, 2);
  let failed = 0;
  for (const job of jobs) {
    const run = await ran(job, trace);
    if (run.failure !== undefined) failed++;
    report.ran(run);
  }
  report.sum(jobs.length - failed, failed);
  // A sum of nothing shows nothing.
  if (jobs.length === 0) return ScenarioExit.Usage;
  return failed === 0 ? ScenarioExit.Passed : ScenarioExit.Failed;
}

async function ran({ scenario, engine }: Job, trace: string | undefined): Promise<ScenarioRun> {
  if (trace === undefined) return runScenario(scenario, { engine });
  let file: TraceFile | undefined;
  try {
    return await runScenario(scenario, {
      engine,
      onStage: ({ simulator }) => (file = traceFile(trace, simulator.world.recorder)),
    });
  } finally {
    file?.close();
  }
}

function traceFile(path: string, recorder: ConstructorParameters<typeof TraceFile>[1]): TraceFile {
  try {
    return new TraceFile(path, recorder);
  } catch (error) {
    throw new UsageStop(error instanceof Error ? error.message : String(error), 2);
  }
}
