/** Steps in which time goes by, or somebody looks. */
import { z } from "zod";
import { ScenarioFailure } from "../scenario/scenario.ts";
import { judgeExpectations, type Expected } from "./expectations.ts";
import { isFaulty, judge } from "./judged.ts";
import type { Stage } from "./stage.ts";
import { ANY_MODE, step, type StepRow } from "./step.ts";
import { time } from "./values.ts";

const PATIENCE_NS = 60e9;
const SECOND_NS = 1e9;
const within = z.looseObject({ within: time.default(PATIENCE_NS) }, "must be expectations");

/** An expectation did not hold: which one, so that its line can be told. */
export class Unfulfilled extends ScenarioFailure {
  constructor(
    readonly expectation: string,
    message: string,
  ) {
    super(message);
  }
}

/** Looks at all of them. Throws `Unfulfilled` at the first that does not hold. */
export function lookAt(stage: Stage, all: readonly Expected[], after = ""): void {
  for (const { name, look } of all) {
    const difference = look(stage);
    if (difference !== undefined) throw new Unfulfilled(name, `${name}: ${difference}${after}`);
  }
}

/** A word alone is a page. */
const pageAlone = z.unknown().transform((value) => (typeof value === "string" ? { page: value } : value));

export const TIME_STEPS: Readonly<Record<string, StepRow>> = {
  wait: step({
    schema: time,
    run: (waitedNs, stage) => stage.advanceTo(stage.simulator.nowNs + waitedNs),
  }),
  /**
   * The world's clock is moved ahead, as on the simulator's page: all that lies between happens. It is a wait for which nobody waits; at a
   * time of its own it takes none, for the steps behind it have theirs.
   */
  jump: step({
    schema: time.refine((ns) => ns >= SECOND_NS && ns % SECOND_NS === 0, "must be whole seconds, up to 24h"),
    async run(jumpNs, stage, pace) {
      stage.clock?.jump(jumpNs / 1e6);
      if (pace === "done") await stage.advanceTo(stage.simulator.nowNs + jumpNs);
    },
  }),
  /** Until all of it holds at once, `within` a time. */
  until: {
    modes: ANY_MODE,
    judge(value, path) {
      const judged = judge(pageAlone.pipe(within), value, path);
      if (isFaulty(judged)) return judged;
      const { within: limitNs, ...rest } = judged.value;
      const expected = judgeExpectations(rest, path);
      if (isFaulty(expected)) return expected;
      const all = expected.value;
      const deed = async (stage: Stage): Promise<void> => {
        const hold = (): boolean => all.every(({ look }) => look(stage) === undefined);
        if (!(await stage.runUntil(hold, limitNs))) lookAt(stage, all, ` within ${limitNs / 1e9} s`);
      };
      return { value: deed };
    },
  },
  /** At this instant. */
  expect: {
    modes: ANY_MODE,
    judge(value, path) {
      const expected = judgeExpectations(value, path);
      if (isFaulty(expected)) return expected;
      return { value: (stage) => lookAt(stage, expected.value) };
    },
  },
};
