/** Every scenario. Names are unique, for they stand in messages and reports. */
import type { Scenario } from "./scenario.ts";
import { CARDS } from "./stories/cards.ts";
import { CHANGES } from "./stories/changes.ts";
import { PROGRAMS } from "./stories/programs.ts";
import { RESTARTS } from "./stories/restarts.ts";
import { SLOT } from "./stories/slot.ts";
import { TRIES } from "./stories/tries.ts";
import { TYPING } from "./stories/typing.ts";
import { UNUSABLE } from "./stories/unusable.ts";

export const SCENARIOS: readonly Scenario[] = [
  ...TRIES,
  ...TYPING,
  ...SLOT,
  ...UNUSABLE,
  ...CARDS,
  ...CHANGES,
  ...PROGRAMS,
  ...RESTARTS,
];
