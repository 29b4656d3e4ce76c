/**
 * What a scenario can expect, by name. To add one: a row in `EXPECTATIONS`: what may stand in the file, and what is seen of it on the
 * stage. `holds` is needed where it is not plainly the same.
 */
import { z } from "zod";
import { codeOfLanguage, LANGUAGE_CODES } from "../world/language-code.ts";
import { EntryPurpose } from "../../firmware/service/view.ts";
import { lampsOf } from "../cli/terminal-state.ts";
import { eventName, outcomeName, type JournalRecord } from "../counter/journal-record.ts";
import { PAGE_NAMES } from "../world/page-name.ts";
import { residentPin } from "./card-pins.ts";
import { ANSWER_NAMES } from "./counter-end.ts";
import { isFaulty, judge, type Fault, type Judged } from "./judged.ts";
import { nearest } from "./nearest.ts";
import type { FieldPath } from "./problem.ts";
import { PLACE_NAMES, type PlaceName } from "./program-end.ts";
import type { Stage } from "./stage.ts";
import { cardName, fields, oneOf, whole } from "./values.ts";

/** One expectation of a file, ready to be looked at. */
export interface Expected {
  readonly name: string;
  /** Undefined when it holds; else what was seen, and what was wanted. */
  look(stage: Stage): string | undefined;
}

interface Row {
  judge(value: unknown, path: FieldPath): Judged<(stage: Stage) => string | undefined>;
}

interface RowParts<T> {
  readonly schema: z.ZodType<T>;
  see(stage: Stage, wanted: T): unknown;
  holds?(seen: unknown, wanted: T): boolean;
}

function row<T>({ schema, see, holds = same }: RowParts<T>): Row {
  return {
    judge(value, path) {
      const judged = judge(schema, value, path);
      if (isFaulty(judged)) return judged;
      const wanted = judged.value;
      const look = (stage: Stage): string | undefined => {
        const seen = see(stage, wanted);
        return holds(seen, wanted) ? undefined : `seen ${shown(seen)}, wanted ${shown(wanted)}`;
      };
      return { value: look };
    },
  };
}

function same(seen: unknown, wanted: unknown): boolean {
  return JSON.stringify(seen) === JSON.stringify(wanted);
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Whether `wanted` comes in this order, whatever is between. */
function isWithin(seen: unknown, wanted: readonly string[]): boolean {
  let at = 0;
  for (const one of seen as readonly string[]) if (one === wanted[at]) at++;
  return at === wanted.length;
}

function names(count: number, nameOf: (number: number) => string, from = 0): string[] {
  return Array.from({ length: count }, (_, i) => nameOf(i + from));
}

/** As long as the programs know names. */
function known(nameOf: (number: number) => string, from: number): string[] {
  let count = 0;
  while (!/^(EVENT|OUTCOME)-\d+$/.test(nameOf(count + from))) count++;
  return names(count, nameOf, from);
}

const OUTCOMES = known(outcomeName, 0);
const EVENTS = known(eventName, 1).flatMap((event) =>
  event === "OUTCOME" ? [event, ...OUTCOMES.map((outcome) => `${event} ${outcome}`)] : [event],
);
const PURPOSES: Readonly<Record<EntryPurpose, string>> = {
  [EntryPurpose.Verify]: "verify",
  [EntryPurpose.ChangeOld]: "change-old",
  [EntryPurpose.ChangeNew]: "change-new",
  [EntryPurpose.ChangeAgain]: "change-again",
};

const page = oneOf("page", [...PAGE_NAMES, "off"]);
const onOff = oneOf("state", ["on", "off"]);
const LIST = "must be a list";
const MOST_COUNTED = 1_000_000;
const count = whole(0, MOST_COUNTED);

/** Only the fields that are asked for. */
function picked(seen: Readonly<Record<string, unknown>> | undefined, wanted: object): unknown {
  if (seen === undefined) return "none";
  return Object.fromEntries(Object.keys(wanted).map((name) => [name, seen[name] ?? "none"]));
}

/** As `OUTCOME`, or with what the outcome was for a list that names it. */
function isTold(records: unknown, wanted: readonly string[]): boolean {
  const told = (records as readonly string[]).map((record, at) => {
    const [event = ""] = record.split(" ");
    return wanted.includes(event) && !wanted.includes(record) ? event : String((records as string[])[at]);
  });
  return isWithin(told, wanted);
}

function recordName({ event, detail }: JournalRecord): string {
  const name = eventName(event);
  return name === "OUTCOME" ? `${name} ${outcomeName(detail)}` : name;
}

function lampNames(stage: Stage): Record<string, string> {
  const { slot, secureEntry, status } = lampsOf(stage.simulator.world);
  const word = (lit: boolean): string => (lit ? "on" : "off");
  return { slot: word(slot), "secure-entry": word(secureEntry), status: word(status) };
}

function lineState({ simulator, counter }: Stage): string {
  if (!simulator.world.line.isPlugged()) return "unplugged";
  return counter === undefined || counter.isUp() ? "up" : "down";
}

const perPin = z.preprocess(
  (value) => (typeof value === "string" ? { juki: value } : value),
  fields(
    Object.fromEntries(PLACE_NAMES.map((name) => [name, whole(0, 15).optional()])) as Record<
      PlaceName,
      z.ZodOptional<ReturnType<typeof whole>>
    >,
  ),
);

/** A view, which a terminal that is off has not. */
function viewed<T>(stage: Stage, see: (view: ReturnType<Stage["simulator"]["view"]>) => T): T | "off" {
  return stage.simulator.isPowered() ? see(stage.simulator.view()) : "off";
}

const outcomeFields = fields({
  is: oneOf("outcome", [...OUTCOMES, "none"]).optional(),
  "tries-left": whole(0, 15).optional(),
  serial: z.string("must be a serial").optional(),
  insertion: count.optional(),
  object: whole(0, 255).optional(),
  record: count.optional(),
});

export const EXPECTATIONS: Readonly<Record<string, Row>> = {
  /** What the display shows; off = without power. */
  page: row({ schema: page, see: (stage) => stage.page() }),
  /** These were shown in this order, others perhaps between them. */
  seen: row({
    schema: z.array(page, LIST).min(1, "must name a page"),
    see: (stage) => stage.watch.pages,
    holds: isWithin,
  }),
  /** All that were shown since the power came on first. */
  pages: row({ schema: z.array(page, LIST), see: (stage) => stage.watch.pages }),
  /** None of these was ever shown. */
  never: row({
    schema: z.array(page, LIST),
    see: (stage) => stage.watch.pages,
    holds: (seen, wanted) => !wanted.some((one) => (seen as readonly string[]).includes(one)),
  }),
  /** Of the pages. */
  language: row({
    schema: oneOf("language", LANGUAGE_CODES),
    see: (stage) => viewed(stage, (view) => codeOfLanguage(view.language)),
  }),
  /** What the entry on the display is for. */
  entry: row({
    schema: oneOf("entry", Object.values(PURPOSES)),
    see: (stage) =>
      stage.page() === "pin" ? viewed(stage, (view) => PURPOSES[view.purpose]) : `page ${stage.page()}`,
  }),
  /** Dots on the display. */
  digits: row({ schema: whole(0, 16), see: (stage) => viewed(stage, (view) => view.digits) }),
  lamps: row({
    schema: fields({
      slot: onOff.optional(),
      "secure-entry": onOff.optional(),
      status: onOff.optional(),
    }),
    see: (stage, wanted) => picked(lampNames(stage), wanted),
  }),
  /** How many tones have begun. */
  tones: row({ schema: count, see: (stage) => stage.watch.tones.length }),
  /** In the cards themselves: one number is of the 住民基本台帳用 PIN. */
  "tries-left": row({
    schema: z.record(cardName, perPin, "must be cards of the deck and their tries"),
    see: (stage, wanted) =>
      Object.fromEntries(
        Object.entries(wanted).map(([name, pins]) => {
          const card = stage.card(name);
          const left = PLACE_NAMES.map((place) => [place, residentPin(card, place)?.left] as const);
          return [name, picked(Object.fromEntries(left), pins)];
        }),
      ),
  }),
  /** VERIFY commands that have gone over the card's contact. */
  verifies: row({ schema: count, see: (stage) => stage.verifies }),
  "card-power": row({
    schema: onOff,
    see: (stage) => (stage.simulator.world.slot.isPowered() ? "on" : "off"),
  }),
  /** Of the latest check that the counter has begun or asked for. */
  outcome: row({
    schema: z.preprocess((value) => (typeof value === "string" ? { is: value } : value), outcomeFields),
    see: ({ counter }, wanted) => {
      const result = counter?.result;
      if (result === undefined) return picked({ is: "none" }, wanted);
      const { outcome, triesLeft, pinObject, sequence, ...same } = result;
      const all = { ...same, is: outcome, "tries-left": triesLeft, object: pinObject, record: sequence };
      return picked(all, wanted);
    },
  }),
  /** What the latest sign-in came to. */
  "signed-in": row({
    schema: z.preprocess(
      (value) => (typeof value === "string" ? { is: value } : value),
      fields({
        is: oneOf("outcome", [...OUTCOMES, "none"]).optional(),
        operator: z.string("must be an operator").optional(),
        "tries-left": whole(0, 15).optional(),
      }),
    ),
    see: ({ counter }, wanted) => {
      const result = counter?.signedIn;
      if (result === undefined) return picked({ is: "none" }, wanted);
      return picked(
        { is: result.outcome, operator: result.operator, "tries-left": result.triesLeft },
        wanted,
      );
    },
  }),
  /** What the terminal asks the counter about the card. */
  question: row({
    schema: z.preprocess(
      (value) => (value === "asked" ? {} : value),
      fields({
        serial: z.string("must be a serial").optional(),
        expiry: z.string("must be a day").optional(),
        insertion: count.optional(),
      }),
    ),
    see: ({ counter }, wanted) => picked(counter?.question && { ...counter.question }, wanted),
  }),
  /** To the latest command. */
  answer: row({
    schema: z.string("must be an answer").transform((text, context): string => {
      const isAnswer = ANSWER_NAMES.includes(text) || /^([0-9a-f]{2})+$/i.test(text);
      const meant = nearest(text, ANSWER_NAMES);
      const guess = meant === undefined ? "" : `did you mean ${meant}? `;
      const allowed = `there are ${ANSWER_NAMES.join(", ")}; in open mode a status word or a response`;
      if (isAnswer) return text;
      context.addIssue({
        code: "custom",
        message: `${JSON.stringify(text.slice(0, 40))} is no answer: ${guess}${allowed}`,
      });
      return z.NEVER;
    }),
    see: ({ counter, program }) => counter?.answer ?? program?.answer ?? "none",
  }),
  line: row({ schema: oneOf("state of the line", ["up", "down", "unplugged"]), see: lineState }),
  /** Of the journal as it was read last; records of this kind in this order, others perhaps between them. */
  journal: row({
    schema: z.array(oneOf("event", EVENTS), LIST),
    see: ({ counter }) => (counter?.journal ?? []).map(recordName),
    holds: isTold,
  }),
  /** Nothing that was typed has left by the line as characters. */
  "digits-on-line": row({
    schema: oneOf("amount", ["none"]),
    see: (stage) => (stage.areDigitsOnLine() ? "some" : "none"),
  }),
};

const NAMES = Object.keys(EXPECTATIONS);
const mapping = z.record(z.string(), z.unknown(), `must be expectations out of ${NAMES.join(", ")}`);

/** Reads a mapping of expectations; at least one unless `least` is 0. */
export function judgeExpectations(value: unknown, path: FieldPath, least = 1): Judged<readonly Expected[]> {
  const judged = judge(mapping, value, path);
  if (isFaulty(judged)) return judged;
  const faults: Fault[] = [];
  const all: Expected[] = [];
  for (const [name, wanted] of Object.entries(judged.value)) {
    const found = Object.hasOwn(EXPECTATIONS, name) ? EXPECTATIONS[name] : undefined;
    if (found === undefined) {
      faults.push({ path: [...path, name], text: noExpectation(name) });
      continue;
    }
    const one = found.judge(wanted, [...path, name]);
    if (isFaulty(one)) faults.push(...one.faults);
    else all.push({ name, look: one.value });
  }
  if (faults.length > 0) return { faults };
  if (all.length < least)
    return { faults: [{ path, text: `expects nothing: there are ${NAMES.join(", ")}` }] };
  return { value: all };
}

function noExpectation(name: string): string {
  const meant = nearest(name, NAMES);
  return `is no expectation: ${meant === undefined ? "" : `did you mean ${meant}? `}there are ${NAMES.join(", ")}`;
}
