/** A scenario file, read and judged as a whole: every problem is told, with file, line and field. Nothing is thrown. */
import { z } from "zod";
import type { ImageMode } from "../engine/engine.ts";
import { judgeExpectations, type Expected } from "./expectations.ts";
import { given, type Given } from "./given.ts";
import { isFaulty, judge, type Fault, type Judged } from "./judged.ts";
import { noSuch } from "./nearest.ts";
import { fieldName, type FieldPath, type Problem } from "./problem.ts";
import type { Deed } from "./step.ts";
import { STEPS } from "./steps.ts";
import { fields, text, time } from "./values.ts";
import { readYaml, type YamlSource } from "./yaml-source.ts";

export interface ReadStep {
  /** As it stands in the file. */
  readonly name: string;
  readonly line: number;
  /** When it begins, since the power came on; else after the step before it. */
  readonly atNs?: number;
  readonly deed: Deed;
  /** What stands behind the name. */
  readonly written: unknown;
  /** Of an expectation in it. */
  lineOf(expectation: string): number;
}

export interface ScenarioFile {
  readonly file: string;
  readonly name: string;
  readonly about?: string;
  readonly given: Given;
  readonly steps: readonly ReadStep[];
  readonly expected: readonly Expected[];
  /** Of one of `expected`. */
  lineOf(expectation: string): number;
}

export type ScenarioRead = { readonly scenario: ScenarioFile } | { readonly problems: readonly Problem[] };

const MOST_STEPS = 20_000;
const MOST_TOLD = 50;
const STEP_NAMES = Object.keys(STEPS);
const STEP_FORM = `must be one step, as "- remove" or "- insert: mynumber"; there are ${STEP_NAMES.join(", ")}`;

const head = fields({
  name: text,
  about: text.optional(),
  given: z.unknown().optional(),
  when: z.array(z.unknown(), "must be a list of steps").max(MOST_STEPS, `at most ${MOST_STEPS} steps`),
  then: z.unknown().optional(),
});

interface Parts {
  readonly name: string;
  readonly about?: string | undefined;
  readonly given: Given;
  readonly steps: readonly ReadStep[];
  readonly expected: readonly Expected[];
}

export function readScenario(content: string, file: string): ScenarioRead {
  const read = readYaml(content, file);
  if ("problems" in read) return read;
  const { source } = read;
  const judged = partsOf(source);
  if (isFaulty(judged)) return { problems: told(judged.faults, source, file) };
  const { about, ...rest } = judged.value;
  const lineOf = (expectation: string): number => source.lineOf(["then", expectation]);
  return { scenario: { file, ...rest, ...(about === undefined ? {} : { about }), lineOf } };
}

/** In the order of the file; `read` and not `parsed`, so that one place tells the lines. */
function told(faults: readonly Fault[], source: YamlSource, file: string): Problem[] {
  const problems = faults.map(({ path, text: cause }) => ({
    file,
    line: source.lineOf(path),
    field: fieldName(path),
    text: cause,
  }));
  problems.sort((one, other) => one.line - other.line);
  // One word that stands for several fields is told once.
  const isFirst = ({ line, text: cause }: Problem, at: number): boolean =>
    problems.findIndex((one) => one.line === line && one.text === cause) === at;
  return problems.filter(isFirst).slice(0, MOST_TOLD);
}

function partsOf(source: YamlSource): Judged<Parts> {
  const whole = judge(head, source.value);
  const value = (source.value ?? {}) as Record<string, unknown>;
  const isMapping = typeof source.value === "object" && !Array.isArray(source.value);
  if (isFaulty(whole) && !isMapping) return whole;
  // Whatever is wrong in the head, the rest is told as well.
  const there = judge(given, value["given"] ?? {}, ["given"]);
  const mode = isFaulty(there) ? undefined : there.value.mode;
  const steps = stepsOf(value["when"], source, mode);
  const expected = judgeExpectations(value["then"] ?? {}, ["then"], 0);
  const judged = [whole, there, steps, expected];
  const faults = judged.flatMap((one) => ("faults" in one ? one.faults : []));
  if (isFaulty(whole) || isFaulty(there) || isFaulty(steps) || isFaulty(expected)) return { faults };
  const { name, about } = whole.value;
  return { value: { name, about, given: there.value, steps: steps.value, expected: expected.value } };
}

/** A list that is none was told by the head. */
function stepsOf(
  value: unknown,
  source: YamlSource,
  mode: ImageMode | undefined,
): Judged<readonly ReadStep[]> {
  if (!Array.isArray(value)) return { value: [] };
  const faults: Fault[] = [];
  const steps: ReadStep[] = [];
  for (const [at, raw] of (value as readonly unknown[]).slice(0, MOST_STEPS).entries()) {
    const one = stepOf(raw, { path: ["when", at], source, mode });
    if (isFaulty(one)) faults.push(...one.faults);
    else steps.push(one.value);
    if (faults.length >= MOST_TOLD) break;
  }
  return faults.length > 0 ? { faults } : { value: steps };
}

interface StepPlace {
  readonly path: FieldPath;
  readonly source: YamlSource;
  readonly mode: ImageMode | undefined;
}

function stepOf(raw: unknown, { path, source, mode }: StepPlace): Judged<ReadStep> {
  const wrong = (cause: string, at: FieldPath = path): Judged<ReadStep> => ({
    faults: [{ path: at, text: cause }],
  });
  const value: unknown = typeof raw === "string" ? { [raw]: "" } : raw;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return wrong(STEP_FORM);
  const { at: when, ...deeds } = value as Record<string, unknown>;
  const [name, second] = Object.keys(deeds);
  if (name === undefined) return wrong(STEP_FORM);
  const row = Object.hasOwn(STEPS, name) ? STEPS[name] : undefined;
  if (row === undefined) return wrong(noSuch(name, "step", STEP_NAMES), [...path, name]);
  if (second !== undefined)
    return wrong(`a step does one thing: ${name} stands here already`, [...path, second]);
  if (mode !== undefined && !row.modes.includes(mode))
    return wrong(`is no step in mode ${mode}: it belongs to ${row.modes.join(", ")}`, [...path, name]);
  const deed = row.judge(deeds[name], [...path, name]);
  const at = judge(time.optional(), when, [...path, "at"]);
  if (isFaulty(deed) || isFaulty(at))
    return { faults: [deed, at].flatMap((one) => ("faults" in one ? one.faults : [])) };
  return {
    value: {
      name,
      line: source.lineOf(path),
      ...(at.value === undefined ? {} : { atNs: at.value }),
      deed: deed.value,
      written: deeds[name],
      lineOf: (expectation) => source.lineOf([...path, name, expectation]),
    },
  };
}
