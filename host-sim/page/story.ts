/**
 * A scenario's file that is told to a terminal of its own, at a pace at which it can be watched. When it has come out, the terminal stays
 * as it is then until whoever watches leaves.
 */
import type { RunClock } from "../cli/live-run.ts";
import { sightOf, type TerminalLook } from "../cli/terminal-state.ts";
import type { EngineName } from "../engine/engines.ts";
import { problemLine } from "../scenario-file/problem.ts";
import { readScenario, type ScenarioFile } from "../scenario-file/read.ts";
import { runScenario, type ScenarioFailed } from "../scenario-file/run.ts";
import type { Stage } from "../scenario-file/stage.ts";
import type { Simulator } from "../world/simulator.ts";
import { PageRefusal } from "./page-channel.ts";
import { StoryClock } from "./story-clock.ts";
import type { ShownTerminal } from "./terminal-scene.ts";

/** Throws `PageRefusal`: every problem with its line and field. */
export function readDropped(text: string): ScenarioFile {
  const read = readScenario(text, "scenario");
  if ("problems" in read) throw new PageRefusal(read.problems.map(problemLine).join("\n"));
  return read.scenario;
}

export interface StoryParts {
  readonly engine: EngineName;
  /** The terminal is there and has not begun. */
  readonly onStage: (story: Story) => void;
  /** Sentences: a step begins, it came out. */
  readonly onNews: (sentence: string) => void;
}

/** Shows nothing before `onStage`. */
export class Story implements ShownTerminal {
  /** How it came out; empty while it is told. */
  outcome = "";
  private readonly clock = new StoryClock();
  private readonly leaving: Promise<void>;
  private leave: () => void = () => undefined;
  private stage: Stage | undefined;
  private resting: () => void = () => undefined;

  constructor(
    private readonly scenario: ScenarioFile,
    private readonly parts: StoryParts,
  ) {
    this.leaving = new Promise((resolve) => (this.leave = resolve));
    this.clock.onRest = () => this.resting();
  }

  get name(): string {
    return this.scenario.name;
  }

  get live(): RunClock {
    return this.clock;
  }

  get simulator(): Simulator {
    return this.shown().simulator;
  }

  /** Ends when it has been left. Rejects with a sentence where there is no such terminal. */
  async tell(): Promise<void> {
    const { engine, onStage, onNews } = this.parts;
    await runScenario(this.scenario, {
      engine,
      clock: this.clock,
      onStage: (stage) => {
        this.stage = stage;
        onStage(this);
      },
      // What it says may be somebody's digits.
      onStep: ({ line, name }) => onNews(`line ${line}: ${name}`),
      onTold: (failure) => this.told(failure),
    });
  }

  page(): string {
    return this.shown().page();
  }

  seen(): TerminalLook {
    const { mode, language, seed } = this.scenario.given;
    const { simulator } = this.shown();
    return {
      ...sightOf(simulator, language),
      card: simulator.world.slot.inserted()?.name ?? "none",
      line: "told by the scenario",
      pace: "real",
      ...{ mode, seed, engine: this.parts.engine },
    };
  }

  onRest(listener: () => void): void {
    this.resting = listener;
  }

  /** Nobody watches any more. */
  close(): void {
    this.clock.close();
    this.leave();
  }

  private told(failure: ScenarioFailed | undefined): Promise<void> {
    this.outcome =
      failure === undefined
        ? "It came out as it says."
        : `It did not come out as it says: line ${failure.line}: ${failure.what}: ${failure.text}`;
    this.resting();
    this.parts.onNews(this.outcome);
    return this.leaving;
  }

  private shown(): Stage {
    if (this.stage === undefined) throw new Error("the story has not begun");
    return this.stage;
  }
}
