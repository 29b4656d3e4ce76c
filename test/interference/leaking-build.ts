/** A copy of the sealed image that lets something out of the box on purpose, and what the comparison of its runs says. */
import { importPatched, type Patch } from "../patched-terminal.ts";
import { compareTold, somePins } from "./runs.ts";
import type * as Stories from "./told-stories.ts";
import type * as Typists from "./check-typists.ts";

const PINS = 16;

export interface Leak {
  readonly name: string;
  /** The channel on which it must show. */
  readonly channel: string;
  readonly story: string;
  readonly patches: readonly Patch[];
}

/** `build` is a name of its own; `digits` are those of the story's PIN. */
export async function differencesWith(leak: Leak, build: string, digits: number): Promise<string[]> {
  const entry = "test/interference/told-stories.ts";
  const module = await importPatched<typeof Stories>(build, entry, leak.patches);
  return [...compareTold((pin) => module.tellNamed(leak.story, pin), somePins(digits, PINS)).differences];
}

/** The people of a leaking copy. */
export function leakingTypists(build: string, patches: readonly Patch[]): Promise<typeof Typists> {
  return importPatched<typeof Typists>(build, "test/interference/check-typists.ts", patches);
}
