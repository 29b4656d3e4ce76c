/** Scenario texts, read and run on node. */
import { createHash } from "node:crypto";
import { problemLine } from "../../../host-sim/scenario-file/problem.ts";
import { readScenario, type ScenarioFile } from "../../../host-sim/scenario-file/read.ts";
import { runScenario, type ScenarioRun } from "../../../host-sim/scenario-file/run.ts";
import type { TraceEvent } from "../../../host-sim/world/recorder.ts";

export const FILE = "story.yaml";

export function scenarioOf(text: string): ScenarioFile {
  const read = readScenario(text, FILE);
  if ("problems" in read) throw new Error(read.problems.map(problemLine).join("\n"));
  return read.scenario;
}

export function problemsOf(text: string): string[] {
  const read = readScenario(text, FILE);
  return "problems" in read ? read.problems.map(problemLine) : [];
}

export function told(text: string): Promise<ScenarioRun> {
  return runScenario(scenarioOf(text), { keepTrace: true });
}

/** Of every event, its value on a secret channel included: compared, never shown. */
export function digestOf(trace: readonly TraceEvent[]): string {
  const hash = createHash("sha256");
  for (const { timeNs, channel, value } of trace)
    hash.update(`\n${timeNs} ${channel} `).update(typeof value === "number" ? String(value) : value);
  return hash.digest("hex");
}
