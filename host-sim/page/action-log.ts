/**
 * What people have done to a terminal since it was switched on, with the world's times: enough to do it once more. It holds the keys
 * that were typed, digits too: it is never shown, and leaves the simulator only as a scenario that somebody asks for.
 */
export type TerminalAction =
  | { readonly do: "insert"; readonly card: string; readonly fresh: boolean }
  | { readonly do: "remove" }
  | { readonly do: "keys"; readonly keys: string; readonly everyMs: number }
  | { readonly do: "press" | "release"; readonly key: string }
  | { readonly do: "power"; readonly on: boolean }
  | { readonly do: "line"; readonly plugged: boolean }
  | { readonly do: "noise"; readonly rate: number }
  /** What came by the line, to an image that speaks in clear; nobody can say a sealed line's bytes once more. */
  | { readonly do: "line-sends"; readonly hex: string }
  | { readonly do: "case" }
  | { readonly do: "casekey"; readonly service: boolean };

export interface TimedAction {
  readonly timeMs: number;
  readonly action: TerminalAction;
}

/** Longer runs are no scenario any more. */
const MOST = 10_000;

export class ActionLog {
  private readonly actions: TimedAction[] = [];
  private isFull = false;

  add(timeNs: number, action: TerminalAction): void {
    if (this.actions.length >= MOST) this.isFull = true;
    else this.actions.push({ timeMs: Math.floor(timeNs / 1e6), action });
  }

  /** All of them, or undefined when there were more than are kept. */
  all(): readonly TimedAction[] | undefined {
    return this.isFull ? undefined : this.actions;
  }
}
