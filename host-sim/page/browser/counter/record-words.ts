/** A record of the terminal's journal in the words of the window's language. */
import { hasWords, language, say, sayOf } from "./words.ts";

/** As the simulator tells it: names of counter/journal-record.ts. */
export type ShownRecord = Readonly<Record<string, string | number>>;

export function eventWords({ event, meaning, count }: ShownRecord): string {
  const name = String(event);
  const more = [
    detailWords(name, String(meaning ?? "")),
    Number(count) > 1 ? say("recordTimes", String(count)) : "",
  ];
  return [sayOf("event", name), ...more.filter((words) => words !== "")].join(
    language() === "en" ? ": " : ":",
  );
}

/** Local time; the terminal's clock may not be set. */
export function timeWords({ time }: ShownRecord): string {
  return time === undefined ? say("noClock") : new Date(String(time)).toLocaleString(language());
}

function detailWords(event: string, meaning: string): string {
  // Which PIN it is the outcome's service says.
  if (event === "ATTEMPT" || meaning === "") return "";
  // Of a change as well as of a check.
  const isOutcome = event === "OUTCOME" && !hasWords(`detail.${event}`, meaning);
  return sayOf(isOutcome ? "outcome" : `detail.${event}`, meaning);
}
