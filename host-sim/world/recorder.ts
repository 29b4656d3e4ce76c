/**
 * Records what happens on every pin and wire of the world, in order, in memory.
 * The keypad's contacts and the characters to the card carry digits, and the memory's bytes keys: they are recorded on channels of
 * their own, whose values `lines()` replaces by a dot unless a test asks for them. A file never holds them.
 */
export type Channel =
  | "pins"
  | "spi"
  | "memory"
  | "line-in"
  | "line-out"
  | "tone"
  | "vcom"
  | "card-supply"
  | "card-out"
  | "card-in"
  | "keys"
  | "scan"
  | "world";

/** Channels whose values depend on the typed digits or hold keys. */
export const SECRET_CHANNELS: ReadonlySet<Channel> = new Set<Channel>(["card-out", "keys", "memory", "scan"]);

export interface TraceEvent {
  readonly timeNs: number;
  readonly channel: Channel;
  readonly value: number | string | Uint8Array;
}

export class Recorder {
  private readonly events: TraceEvent[] = [];
  private readonly listeners: ((event: TraceEvent) => void)[] = [];
  /** Off: listeners still hear everything, nothing is kept. */
  keep = true;

  record(timeNs: number, channel: Channel, value: number | string | Uint8Array): void {
    if (!this.keep && this.listeners.length === 0) return;
    const event = { timeNs, channel, value };
    if (this.keep) this.events.push(event);
    for (const listener of this.listeners) listener(event);
  }

  onEvent(listener: (event: TraceEvent) => void): void {
    this.listeners.push(listener);
  }

  all(): readonly TraceEvent[] {
    return this.events;
  }

  clear(): void {
    this.events.length = 0;
  }

  lines(): string[] {
    return this.events.map(traceLine);
  }
}

/** One event as text, digits masked. */
export function traceLine(event: TraceEvent): string {
  const shown = SECRET_CHANNELS.has(event.channel) ? "•" : valueText(event.value);
  return `${event.timeNs} ${event.channel} ${shown}`;
}

function valueText(value: number | string | Uint8Array): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : String(value);
}
