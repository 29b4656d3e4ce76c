/** What one part of the run adds to the closing line. */
export interface PartResult {
  readonly passed: number;
  readonly failed: number;
  /** Shown when something failed. */
  readonly output: string;
  /** Each test that failed, told again just before the closing line: the end of a long log is what is read. */
  readonly failures?: readonly string[];
  /** What this machine could not run, each told just before the closing line. */
  readonly notShown?: readonly string[];
}

/** A part that is one check: one more passed, or one more failed. */
export function oneCheck(ok: boolean, output: string): PartResult {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, output: ok ? "" : output };
}

/** The same with its name among the failures, when it failed and tells no better ones. */
export function named(name: string, result: PartResult): PartResult {
  if (result.failed === 0 || (result.failures ?? []).length > 0) return result;
  return { ...result, failures: [name] };
}

export function addResults(results: readonly PartResult[]): PartResult {
  return {
    passed: results.reduce((sum, result) => sum + result.passed, 0),
    failed: results.reduce((sum, result) => sum + result.failed, 0),
    output: results.map((result) => result.output).join(""),
    failures: results.flatMap((result) => result.failures ?? []),
    notShown: results.flatMap((result) => result.notShown ?? []),
  };
}

/** Reads the last line of test/portable/main.ts. */
export function casesOf(output: string): PartResult {
  const found = output.trimEnd().match(/(\d+) passed, (\d+) failed$/);
  if (found === null) return oneCheck(false, `${output}\nthe portable cases did not come to their end\n`);
  const [passed, failed] = [Number(found[1]), Number(found[2])];
  if (passed + failed === 0) return oneCheck(false, "no portable case ran\n");
  return { passed, failed, output: failed > 0 ? output : "" };
}
