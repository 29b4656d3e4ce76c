/**
 * Tells scenario files to terminals that nobody sees, in virtual time and beside a live one: one at a time, in slices so short that
 * the live one is never late by what an eye sees.
 */
import type { EngineName } from "../engine/engines.ts";
import { problemLine } from "../scenario-file/problem.ts";
import { readScenario } from "../scenario-file/read.ts";
import { runScenario } from "../scenario-file/run.ts";
import { PageRefusal } from "./page-channel.ts";

/** Of a slice; a single step of an engine may take longer. */
const SLICE_MS = 5;

export class ScenarioTeller {
  /** Name of the one that is being told. */
  private current: string | undefined;
  private isClosed = false;

  constructor(private readonly engine: EngineName) {}

  /**
   * `said` hears that it begins and that it came out as it says. Rejects with `PageRefusal`: line and reason where it does not, or
   * that another one is being told.
   */
  async tell(text: string, said: (line: string) => void): Promise<void> {
    const read = readScenario(text, "scenario");
    if ("problems" in read) throw new PageRefusal(read.problems.map(problemLine).join("\n"));
    if (this.current !== undefined)
      throw new PageRefusal(`scenario ${this.current} is still being told: drop this one after its outcome`);
    const { name } = read.scenario;
    this.current = name;
    try {
      said(`scenario ${name}: begins`);
      const { pages, failure } = await runScenario(read.scenario, {
        engine: this.engine,
        pause: this.slices(),
      });
      if (failure !== undefined)
        throw new PageRefusal(`scenario ${name}: line ${failure.line}: ${failure.what}: ${failure.text}`);
      said(`scenario ${name}: as it says, with the pages ${pages.join(", ")}`);
    } finally {
      this.current = undefined;
    }
  }

  /** What is being told ends at its next event. */
  close(): void {
    this.isClosed = true;
  }

  private slices(): () => Promise<void> | undefined {
    let sinceMs = performance.now();
    return () => {
      if (performance.now() - sinceMs < SLICE_MS) return undefined;
      return new Promise((resolve, reject) =>
        setImmediate(() => {
          sinceMs = performance.now();
          if (this.isClosed) reject(new Error("the simulator has ended"));
          else resolve();
        }),
      );
    };
  }
}
