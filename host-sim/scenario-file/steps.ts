/** Every step by its name. */
import { COUNTER_STEPS } from "./counter-steps.ts";
import { PROGRAM_STEPS } from "./program-steps.ts";
import type { StepRow } from "./step.ts";
import { TIME_STEPS } from "./time-steps.ts";
import { WORLD_STEPS } from "./world-steps.ts";

export const STEPS: Readonly<Record<string, StepRow>> = {
  ...WORLD_STEPS,
  ...TIME_STEPS,
  ...COUNTER_STEPS,
  ...PROGRAM_STEPS,
};
