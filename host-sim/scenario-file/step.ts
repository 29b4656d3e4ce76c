/** What a step of a scenario is. A family of steps is a table of rows; steps.ts has all tables. */
import type { z } from "zod";
import type { ImageMode } from "../engine/engine.ts";
import { isFaulty, judge, type Judged } from "./judged.ts";
import type { FieldPath } from "./problem.ts";
import type { Stage } from "./stage.ts";

/** How a step takes its time: as a person or a program does who waits for it to be done, or begun alone, at a time of its own. */
export type Pace = "done" | "begun";

export type Deed = (stage: Stage, pace: Pace) => Promise<void> | void;

export interface StepRow {
  /** The lines at which it can be: the sealed one's commands mean nothing on the bench image. */
  readonly modes: readonly ImageMode[];
  judge(value: unknown, path: FieldPath): Judged<Deed>;
}

interface StepParts<T> {
  readonly schema: z.ZodType<T>;
  readonly modes?: readonly ImageMode[];
  run(value: T, stage: Stage, pace: Pace): Promise<void> | void;
}

export const ANY_MODE: readonly ImageMode[] = ["open", "sealed", "town"];
export const SEALED: readonly ImageMode[] = ["sealed", "town"];
export const OPEN: readonly ImageMode[] = ["open"];

export function step<T>({ schema, modes = ANY_MODE, run }: StepParts<T>): StepRow {
  return {
    modes,
    judge(value, path) {
      const judged = judge(schema, value, path);
      if (isFaulty(judged)) return judged;
      return { value: (stage, pace) => run(judged.value, stage, pace) };
    },
  };
}
