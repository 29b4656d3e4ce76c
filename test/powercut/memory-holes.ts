/** A program with a hole, its memories cut at every byte: that the sweep finds the hole, and finds nothing where there is none. */
import type { Test } from "uvu";
import { is, ok } from "uvu/assert";
import { importPatched, type Patch } from "../patched-terminal.ts";

export interface MemoryHole {
  /** What it does wrongly. */
  readonly name: string;
  /** The script in which it is felt, for a sweep that has several. */
  readonly script?: string;
  /** Part of a finding. */
  readonly finding: string;
  readonly patches: readonly Patch[];
}

export interface Swept<Module> {
  /** "a store": what has the holes. */
  readonly who: string;
  /** The sweep's file, without test/powercut/ and .ts. */
  readonly entry: string;
  sweep(
    copy: Module,
    script: string,
  ): { readonly points: number; readonly bad: number; readonly findings: readonly string[] };
}

/** A test a hole, and one of the program as it is. */
export function testMemoryHoles<Module>(
  test: Test,
  holes: readonly MemoryHole[],
  { who, entry, sweep }: Swept<Module>,
): void {
  const file = `test/powercut/${entry}.ts`;
  for (const [at, { name, script = "", finding, patches }] of holes.entries())
    test(`${who} that ${name} is caught`, async () => {
      const copy = await importPatched<Module>(`powercut-${entry}-${at}`, file, patches);
      const { bad, points, findings } = sweep(copy, script);
      ok(bad > 0, "nothing was found");
      ok(
        findings.some((each) => each.includes(finding)),
        findings.slice(0, 5).join("; "),
      );
      console.log(`\n${points} cut points of ${who} that ${name}, ${bad} bad`);
    });
  test(`${who} without a hole has nothing to be caught`, async () => {
    const copy = await importPatched<Module>(`powercut-${entry}-whole`, file, []);
    is(sweep(copy, holes[0]?.script ?? "").bad, 0);
  });
}
