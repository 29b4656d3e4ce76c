/** What one part of the run adds to the closing line. */
export interface PartResult {
  readonly passed: number;
  readonly failed: number;
  /** Shown when something failed. */
  readonly output: string;
}

/** A part that is one check: one more passed, or one more failed. */
export function oneCheck(ok: boolean, output: string): PartResult {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, output: ok ? "" : output };
}

export function addResults(results: readonly PartResult[]): PartResult {
  return {
    passed: results.reduce((sum, result) => sum + result.passed, 0),
    failed: results.reduce((sum, result) => sum + result.failed, 0),
    output: results.map((result) => result.output).join(""),
  };
}
