/** Does to a new terminal what was done to another one, at the same times of its world. */
import type { Station } from "../cli/station.ts";
import type { RecordedSession } from "../scenario-file/recording.ts";
import type { TerminalAction, TimedAction } from "./terminal-action.ts";

/** What was done in `session`, without what was seen, and without what no live terminal does. */
export function timedActions({ events }: RecordedSession): TimedAction[] {
  return events.flatMap(({ atNs, action }) =>
    action === undefined || action.do === "reset" ? [] : [{ atNs, action }],
  );
}

/** A counter has spoken: a scenario has one that can do it once more, a live terminal's speaks for itself. */
export function hasCounter({ events }: RecordedSession): boolean {
  return events.some(({ action }) => action?.do === "step");
}

/** Puts all of it into the world of `station`, which has not begun. */
export function playActions(station: Station, actions: readonly TimedAction[]): void {
  const { scheduler } = station.simulator.world;
  for (const { atNs, action } of actions)
    scheduler.patientlyAt(atNs, () => {
      // What could not be done, a card into a full slot, could not be done then either.
      perform(station, action).catch(() => undefined);
    });
}

async function perform(station: Station, action: TerminalAction): Promise<void> {
  switch (action.do) {
    case "insert":
      await station.insert(action.card, action.fresh);
      return;
    case "remove":
      station.remove();
      return;
    case "keys":
      station.keys(action.keys, action.everyMs);
      return;
    case "press":
      return station.press(action.key);
    case "release":
      return station.release(action.key);
    case "power":
      station.power(action.on);
      return;
    case "line":
      station.plugLine(action.plugged);
      return;
    case "noise":
      return station.noise(action.rate);
    case "step":
      return;
    case "line-sends":
      station.simulator.world.line.send(action.bytes);
      return;
    case "case":
      station.openCase();
      return;
    case "casekey":
      station.turnCaseKey(action.service);
      return;
  }
}
