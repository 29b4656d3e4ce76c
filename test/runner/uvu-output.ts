/** Reads what uvu prints: how many tests passed, failed and were skipped, and which test files ran nothing at all. */

export interface UvuCount {
  readonly total: number;
  readonly passed: number;
  readonly skipped: number;
}

function plain(output: string): string {
  return output.replaceAll(new RegExp("\\u001b\\[[0-9;]*m", "g"), "");
}

/** The closing lines `Total: … Passed: … Skipped: …`; undefined when uvu did not come to its end. */
export function readUvuCount(output: string): UvuCount | undefined {
  const found = plain(output).match(/Total: +(\d+)\s+Passed: +(\d+)\s+Skipped: +(\d+)/);
  if (found === null) return undefined;
  return { total: Number(found[1]), passed: Number(found[2]), skipped: Number(found[3]) };
}

/** The tests that failed, as `suite: test`, and the last word of a run that was ended. */
export function failedTests(output: string): string[] {
  const told = plain(output);
  const names = [...told.matchAll(/^ *FAIL +(.+?) +"(.*)"$/gm)].map(([, name, title]) => `${name}: ${title}`);
  const ended = told.match(/^(?:ended after its limit|uvu did not come to its end).*$/gm) ?? [];
  return [...names, ...ended];
}

/**
 * The files of `expected` (paths as uvu prints them) in whose part of the output no suite ended with a test of its own:
 * uvu passes in silence over a suite without `.run()`.
 */
export function filesWithoutTests(output: string, expected: readonly string[]): string[] {
  const names = new Set(expected);
  const ran = new Set<string>();
  let file = "";
  for (const line of plain(output).split("\n")) {
    if (names.has(line.trim())) file = line.trim();
    else if (/\([0-9]+ \/ [1-9][0-9]*\)$/.test(line.trim())) ran.add(file);
  }
  return expected.filter((name) => !ran.has(name));
}

/** How often a test file defines a suite without running it, told from its source. */
export function suitesNotRun(source: string): number {
  const defined = source.match(/(?<![\w.])suite(?:<[^>]*>)?\(/g) ?? [];
  const run = source.match(/\.run\(\);/g) ?? [];
  return Math.max(0, defined.length - run.length);
}
