/** Scenario files by path: which there are, and what stands in them. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "./problem.ts";
import { readScenario, type ScenarioFile } from "./read.ts";

/** Where the project's own are. */
export const SCENARIO_FOLDER = "host-sim/scenarios";

export interface FilesRead {
  readonly scenarios: readonly ScenarioFile[];
  readonly problems: readonly Problem[];
}

/** Every file of `paths`, folders by their *.yaml in order. Each problem of each is told. */
export function readFiles(paths: readonly string[]): FilesRead {
  const scenarios: ScenarioFile[] = [];
  const problems: Problem[] = [];
  for (const path of paths) {
    const files = filesAt(path);
    if (files.length === 0) problems.push(whole(path, "there is no *.yaml in this folder"));
    for (const file of files) {
      const read = readOne(file);
      if ("problems" in read) problems.push(...read.problems);
      else scenarios.push(read.scenario);
    }
  }
  return { scenarios, problems };
}

function filesAt(path: string): string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path];
  const names = readdirSync(path).filter((name) => /\.ya?ml$/.test(name));
  return names.sort().map((name) => join(path, name));
}

function readOne(file: string): ReturnType<typeof readScenario> {
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch (error) {
    const cause = error instanceof Error ? error.message.replace(/^[A-Z]+: /, "") : String(error);
    return { problems: [whole(file, `cannot be read: ${cause}`)] };
  }
  return readScenario(content, file);
}

function whole(file: string, text: string): Problem {
  return { file, line: 1, field: "", text };
}
