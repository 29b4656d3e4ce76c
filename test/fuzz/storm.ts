/** A storm: actions against one fresh terminal, then the proof that it still works. Everything that is wrong is thrown. */

export interface Storm<Action> {
  /** Bytes put on the attacked wire so far. */
  readonly bytes: number;
  play(action: Action): void;
  /** The noise stops: the terminal must come to rest, and then serve a resident as if nothing had been. */
  recover(): void;
  close(): void;
}

/** A kind of storm. */
export interface StormKind<Action> {
  readonly name: string;
  begin(): Storm<Action>;
  /** The actions of one storm; a pure function of the seed. */
  plan(seed: number): Action[];
  /** One action for a report. */
  describe(action: Action): string;
}

/** Something is wrong that is no exception of its own. */
export class Finding extends Error {}

/** The words and the innermost calls. */
const STACK_LINES = 4;

/** Runs the actions on a fresh terminal. Returns what was wrong, or undefined. */
export function findingOf<Action>(kind: StormKind<Action>, actions: readonly Action[]): string | undefined {
  return run(kind, actions).finding;
}

export interface Outcome {
  readonly bytes: number;
  readonly finding: string | undefined;
}

export function run<Action>(kind: StormKind<Action>, actions: readonly Action[]): Outcome {
  const storm = kind.begin();
  let step = 0;
  try {
    for (; step < actions.length; step++) storm.play(actions[step]!);
    storm.recover();
    return { bytes: storm.bytes, finding: undefined };
  } catch (error) {
    const where = step < actions.length ? `step ${step + 1} of ${actions.length}` : "the recovery";
    return { bytes: storm.bytes, finding: `${where}: ${textOf(error)}` };
  } finally {
    storm.close();
  }
}

/** A finding by its words, anything else with the place that threw it. */
function textOf(error: unknown): string {
  if (error instanceof Finding) return error.message;
  if (!(error instanceof Error)) return String(error);
  return (error.stack ?? error.message).split("\n", STACK_LINES).join("\n");
}
