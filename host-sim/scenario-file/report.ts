/** What the scenarios' command tells: a line a run, what was otherwise, the sum; or the same as JSON. */
import { problemLine, type Problem } from "./problem.ts";
import type { ScenarioRun } from "./run.ts";

/** A scenario that this engine has no image for, or an engine that is not here. */
export interface NotRun {
  readonly engine: string;
  /** Undefined: none of them. */
  readonly file?: string;
  readonly why: string;
}

export interface Report {
  ran(run: ScenarioRun): void;
  notRun(skipped: NotRun): void;
  problems(all: readonly Problem[]): void;
  sum(passed: number, failed: number): void;
}

type Say = (line: string) => void;

export function textReport(say: Say, complain: Say): Report {
  return {
    ran(run) {
      const seconds = (run.virtualMs / 1000).toFixed(1);
      const { failure } = run;
      if (failure === undefined) return say(`ok    ${run.file} on ${run.engine}, ${seconds} s: ${run.name}`);
      const where = failure.step === undefined ? failure.what : `step ${failure.step}, ${failure.what}`;
      say(`FAIL  ${run.file}:${failure.line} on ${run.engine}: ${run.name}`);
      say(`      ${where}, after ${seconds} s: ${failure.text}`);
      say(`      pages up to there: ${run.pages.length === 0 ? "none" : run.pages.join(", ")}`);
    },
    notRun({ engine, file, why }) {
      say(`--    ${file === undefined ? "" : `${file} `}on ${engine}: ${why}`);
    },
    problems: (all) => all.forEach((problem) => complain(problemLine(problem))),
    sum: (passed, failed) => say(`${passed} passed, ${failed} failed`),
  };
}

export function jsonReport(say: Say): Report {
  const tell = (object: object): void => say(JSON.stringify(object));
  return {
    ran({ file, name, engine, failure, pages, tones, virtualMs }) {
      tell({ file, name, engine, ok: failure === undefined, failure, pages, tones, virtualMs });
    },
    notRun: (skipped) => tell({ ...skipped, skipped: true }),
    problems: (all) => all.forEach((problem) => tell({ problem })),
    sum: (passed, failed) => tell({ passed, failed }),
  };
}
