/**
 * `autokeys`: types by itself on every page that asks for keys: an entry (each purpose is a page of its own) and the last
 * try's question. Each takes the keys up to the next E or X; a new command begins again at the first key; what is left when
 * the page goes is dropped. Keys are a person's: they wait for the wall clock.
 */
import type { Scheduler, Timer } from "../world/scheduler.ts";

/** What the terminal shows and asks; see `Simulator.engineView()`. */
export interface EntryView {
  readonly pageName: string;
  readonly purpose: number;
  /** Grows with every command that asks for a PIN. */
  readonly commandCount: number;
  /** Grows with every entry page that begins. */
  readonly entryCount: number;
}

export interface KeyTyper {
  readonly scheduler: Scheduler;
  readonly view: () => EntryView;
  /** Presses one key now; it is up again within `everyMs`. */
  readonly press: (key: string, everyMs: number) => void;
}

export const AUTO_KEYS_EVERY_MS = 60;
const ASKING: readonly string[] = ["pin", "last"];

/** The keys of the next page: up to and with the next E or X. */
export function nextSegment(keys: string, from: number): string {
  const rest = keys.slice(from);
  const end = rest.search(/[EX]/);
  return end < 0 ? rest : rest.slice(0, end + 1);
}

export class AutoKeys {
  private keys = "";
  private everyMs = AUTO_KEYS_EVERY_MS;
  private used = 0;
  private command = -1;
  private page = "";
  private segment = "";
  private timer: Timer | undefined;

  constructor(private readonly typer: KeyTyper) {}

  /** Holds from the next page that asks, or the present one if it was not typed on yet. `""` switches off. */
  set(keys: string, everyMs: number): void {
    this.keys = keys;
    this.everyMs = everyMs;
    this.used = 0;
    this.drop();
    this.page = "";
  }

  isOn(): boolean {
    return this.keys !== "";
  }

  /** Looks at the terminal; call it whenever something may have changed. */
  look(): void {
    if (this.keys === "") return;
    const view = this.typer.view();
    if (view.commandCount !== this.command) {
      this.command = view.commandCount;
      this.used = 0;
    }
    const asks = ASKING.includes(view.pageName);
    const page = asks ? `${view.commandCount} ${view.entryCount} ${view.pageName} ${view.purpose}` : "";
    if (page === this.page) return;
    this.page = page;
    this.drop();
    if (asks) this.begin();
  }

  private begin(): void {
    this.segment = nextSegment(this.keys, this.used);
    this.used += this.segment.length;
    if (this.segment !== "") this.timer = this.typer.scheduler.patientlyAt(this.nextNs(), () => this.type());
  }

  private type(): void {
    const key = this.segment.slice(0, 1);
    this.segment = this.segment.slice(1);
    this.timer = undefined;
    this.typer.press(key, this.everyMs);
    if (this.segment !== "") this.timer = this.typer.scheduler.patientlyAt(this.nextNs(), () => this.type());
  }

  private nextNs(): number {
    return this.typer.scheduler.nowNs + this.everyMs * 1e6;
  }

  private drop(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.segment = "";
  }
}
