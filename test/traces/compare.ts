/** Compares two traces event for event, values of secret channels included; what it prints masks them. */
import { traceLine, type TraceEvent } from "../../host-sim/world/recorder.ts";

/** Events shown before and after the first that differs. */
const BEFORE = 6;
const AFTER = 3;

function sameValue(one: TraceEvent["value"], other: TraceEvent["value"]): boolean {
  if (one instanceof Uint8Array && other instanceof Uint8Array) return Buffer.compare(one, other) === 0;
  return one === other;
}

function sameEvent(one: TraceEvent | undefined, other: TraceEvent | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.timeNs === other.timeNs && one.channel === other.channel && sameValue(one.value, other.value);
}

function context(name: string, events: readonly TraceEvent[], at: number): string[] {
  const from = Math.max(0, at - BEFORE);
  const shown = events.slice(from, at + AFTER + 1).map((event, position) => {
    const mark = from + position === at ? ">" : " ";
    return `${mark} ${from + position} ${traceLine(event)}`;
  });
  if (at >= events.length) shown.push(`> ${events.length} the trace ends`);
  return [`${name}:`, ...shown];
}

export interface NamedTrace {
  readonly name: string;
  readonly events: readonly TraceEvent[];
}

/** The first event that differs, with what stands around it in both; undefined when the traces are the same. */
export function firstDifference(one: NamedTrace, other: NamedTrace): string | undefined {
  const length = Math.max(one.events.length, other.events.length);
  for (let at = 0; at < length; at++) {
    if (sameEvent(one.events[at], other.events[at])) continue;
    const contexts = [one, other].flatMap(({ name, events }) => context(name, events, at));
    return [`event ${at} differs`, ...contexts].join("\n");
  }
  return undefined;
}
