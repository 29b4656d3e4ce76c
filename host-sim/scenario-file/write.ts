/** A recorded session as a scenario file, which read and run again gives the same trace. */
import { Document, isMap, isSeq, visit } from "yaml";
import { problemLine } from "./problem.ts";
import { readScenario } from "./read.ts";
import type { RecordedAction, RecordedEvent, RecordedSession } from "./recording.ts";

/** At the file's head, for whoever finds it. */
const HEAD = ` Recorded at the simulator. Its digits are those of model cards: never record a resident's PIN.
 Each step begins at its own time since the power came on. Not in it: what the terminal remembered before, and what another program
 than the counter window said over a sealed line.`;
const NS_PER_MS = 1e6;

/** Throws when the session is none that a scenario can tell: a program's fault. */
export function writeScenario({ name, about, given, events, then }: RecordedSession): string {
  const document = new Document({
    name,
    ...(about === undefined ? {} : { about }),
    given,
    when: events.map(stepOf),
    ...(then === undefined ? {} : { then }),
  });
  document.commentBefore = HEAD;
  // A step a line.
  const when = document.get("when");
  if (isSeq(when)) for (const item of when.items) if (isMap(item)) item.flow = true;
  visit(document, {
    Pair: (_key, { value }) => void (isSeq(value) && value !== when && (value.flow = true)),
  });
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: true });
  const read = readScenario(text, "recorded session");
  if ("problems" in read) throw new Error(read.problems.map(problemLine).join("\n"));
  return text;
}

function stepOf({ atNs, action, saw }: RecordedEvent): object {
  return { at: timeText(atNs), ...(action === undefined ? { expect: saw } : deedOf(action)) };
}

/** Exact: no fraction goes through a number. */
function timeText(ns: number): string {
  const fraction = String(ns % NS_PER_MS)
    .padStart(6, "0")
    .replace(/0+$/, "");
  return `${Math.floor(ns / NS_PER_MS)}${fraction === "" ? "" : `.${fraction}`}ms`;
}

function deedOf(action: RecordedAction): object {
  switch (action.do) {
    case "insert":
      return { insert: action.fresh ? { card: action.card, fresh: "yes" } : action.card };
    case "remove":
      return { remove: "" };
    case "keys":
      return { keys: { press: action.keys, every: `${action.everyMs}ms` } };
    case "press":
      return { "key-down": action.key };
    case "release":
      return { "key-up": action.key };
    case "power":
      return { power: action.on ? "on" : "off" };
    case "line":
      return { line: action.plugged ? "plugged" : "unplugged" };
    case "noise":
      return { noise: `${Number((action.rate * 100).toFixed(6))}%` };
    case "case":
      return { "open-case": "" };
    case "casekey":
      return { "case-key": action.service ? "service" : "back" };
    case "reset":
      return { reset: "" };
    case "line-sends":
      return { "line-sends": Buffer.from(action.bytes).toString("hex") };
    case "step":
      return { [action.name]: action.value ?? "" };
  }
}
