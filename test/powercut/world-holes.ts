/** A terminal with a hole, its world cut at chosen instants: that the sweep's judge sees the hole. */
import type { Test } from "uvu";
import { ok } from "uvu/assert";
import { importPatched, type Patch } from "../patched-terminal.ts";
import type { Moments, WorldPoint } from "./cut-world.ts";

export interface WorldHole {
  /** What the terminal does wrongly: "a terminal that … is caught". */
  readonly name: string;
  readonly patch: Patch;
  /** Part of a finding. */
  readonly seen: string;
}

/** What a sweep gives away of its world. */
export interface Sweep<Module> {
  /** Its file, without test/powercut/ and .ts. */
  readonly entry: string;
  moments(copy: Module): Moments;
  findings(copy: Module, point: WorldPoint): string[];
  /** The instants at which the hole is felt. */
  times(moments: Moments): readonly number[];
}

/** A test a hole. */
export function testHoles<Module>(
  test: Test,
  holes: readonly WorldHole[],
  { entry, ...sweep }: Sweep<Module>,
): void {
  for (const [at, hole] of holes.entries())
    test(`a terminal that ${hole.name} is caught`, async () => {
      const copy = await importPatched<Module>(`powercut-${entry}-${at}`, `test/powercut/${entry}.ts`, [
        hole.patch,
      ]);
      const findings = sweep
        .times(sweep.moments(copy))
        .flatMap((timeNs) => sweep.findings(copy, { cut: "power for a second", timeNs }));
      ok(
        findings.some((each) => each.includes(hole.seen)),
        findings.slice(0, 4).join("; "),
      );
    });
}
