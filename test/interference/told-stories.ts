/** Every story of checks and changes, told by its name: the one entry of a build that leaks. */
import type { Run } from "./runs.ts";
import { CHANGE_STORIES } from "./change-stories.ts";
import { tellCheck, type CheckStory } from "./check-counter.ts";
import { CHECK_STORIES } from "./check-stories.ts";

export function storyNamed(name: string): CheckStory {
  const found = [...CHECK_STORIES, ...CHANGE_STORIES].find((each) => each.name === name);
  if (found === undefined) throw new Error(`no story ${name}`);
  return found;
}

export function tellNamed(name: string, pin: string): Run {
  return tellCheck(storyNamed(name), pin);
}
