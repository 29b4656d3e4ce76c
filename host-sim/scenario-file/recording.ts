/** A session at a terminal as it is recorded: what was done to it and when, and what was seen. `write.ts` makes a scenario file of it. */

/** Keys and bytes included: it leaves the simulator only as a scenario that somebody asks for. */
export type RecordedAction =
  | { readonly do: "insert"; readonly card: string; readonly fresh: boolean }
  | { readonly do: "remove" }
  | { readonly do: "keys"; readonly keys: string; readonly everyMs: number }
  | { readonly do: "press" | "release"; readonly key: string }
  | { readonly do: "power"; readonly on: boolean }
  | { readonly do: "line"; readonly plugged: boolean }
  | { readonly do: "noise"; readonly rate: number }
  | { readonly do: "case" }
  | { readonly do: "casekey"; readonly service: boolean }
  | { readonly do: "reset" }
  /** What came by the line, for a PC that is told byte for byte. */
  | { readonly do: "line-sends"; readonly bytes: Uint8Array }
  /** A step of the scenario files by its name: what the counter or a program does. */
  | { readonly do: "step"; readonly name: string; readonly value?: unknown };

/** Expectations by their names, as in a scenario file. */
export type Observed = Readonly<Record<string, unknown>>;

export interface RecordedEvent {
  /** Since the power came on: exact, for a trace is the same only then. */
  readonly atNs: number;
  readonly action?: RecordedAction;
  readonly saw?: Observed;
}

export interface RecordedSession {
  /** A sentence. */
  readonly name: string;
  readonly about?: string;
  /** As in a scenario file. */
  readonly given: Readonly<Record<string, unknown>>;
  /** In the order in which they came. */
  readonly events: readonly RecordedEvent[];
  readonly then?: Observed;
}

/** What a recording looks at. */
export interface RecordedTerminal {
  readonly nowNs: number;
  /** `off` without power. */
  page(): string;
}

/** Longer sessions are no scenario any more. */
const MOST_EVENTS = 10_000;

export class SessionRecording {
  private readonly events: RecordedEvent[] = [];
  private lastPage = "";
  private isFull = false;

  constructor(private readonly terminal: RecordedTerminal) {}

  /** Call it before `action` is carried out, at a world whose instant has come to its end. What a person acts upon is noted as well. */
  did(action: RecordedAction): void {
    const { nowNs } = this.terminal;
    const page = this.terminal.page();
    if (page !== this.lastPage) this.add({ atNs: nowNs, saw: { page } });
    this.lastPage = page;
    this.add({ atNs: nowNs, action });
  }

  /** Looks at the end. Undefined when the session was too long to be kept. */
  finish(
    head: Pick<RecordedSession, "name" | "about" | "given">,
    then: Observed = {},
  ): RecordedSession | undefined {
    if (this.isFull) return undefined;
    const page = this.terminal.page();
    const end = { atNs: this.terminal.nowNs, saw: { page } };
    return { ...head, events: [...this.events, end], then: { page, ...then } };
  }

  private add(event: RecordedEvent): void {
    if (this.events.length >= MOST_EVENTS) this.isFull = true;
    else this.events.push(event);
  }
}
