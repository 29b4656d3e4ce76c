/** What the counter does at the sealed line. A command of its own is a row: its fields, and the call. */
import type { z } from "zod";
import { LANGUAGES, SERVICES, VERDICTS, type Verdict } from "../counter/check-calls.ts";
import { date, moment, name, requestId, serial } from "../counter/option-values.ts";
import { ScenarioFailure } from "../scenario/scenario.ts";
import { STAFF, type CounterEnd } from "./counter-end.ts";
import type { Stage } from "./stage.ts";
import { SEALED, step, type StepRow } from "./step.ts";
import { fields, hex, oneOf, shortFor, whole, yes } from "./values.ts";
import { nothing } from "./world-steps.ts";

const ID_DIGITS = 32;
/** What the terminal answers at once, it has answered by then. */
const ANSWER_NS = 5e9;
const DAY = "2026-11-26";
const OPERATOR = "TANAKA";
const CASE = "CASE-17";

/** Up to 32 hexadecimal digits: `1` is enough for a story. */
const request = hex("a request id, up to 32 hexadecimal digits", /^[0-9a-fA-F]{1,32}$/)
  .transform((digits) => digits.padStart(ID_DIGITS, "0"))
  .pipe(requestId);
const firstRequest = "1".padStart(ID_DIGITS, "0");

const spoken = oneOf("language", Object.keys(LANGUAGES) as (keyof typeof LANGUAGES)[]).default("ja");

const asking = {
  request: request.default(firstRequest),
  date: date.default(DAY),
  operator: name.default(OPERATOR),
  case: name.default(CASE),
  language: spoken,
};

function end({ counter }: Stage): CounterEnd {
  if (counter === undefined) throw new ScenarioFailure("no counter is at this line");
  return counter;
}

/** A command that is answered at once: with `done` the answer is waited for. */
function command<T>(schema: z.ZodType<T>, send: (value: T, counter: CounterEnd) => void): StepRow {
  return step({
    schema,
    modes: SEALED,
    async run(value, stage, pace) {
      const counter = end(stage);
      send(value, counter);
      if (pace === "begun") return;
      await stage.runUntil(() => counter.answer !== "waiting", ANSWER_NS);
    },
  });
}

/** One whose answer waits for people: it is only sent. */
function question<T>(schema: z.ZodType<T>, send: (value: T, counter: CounterEnd) => void): StepRow {
  return step({ schema, modes: SEALED, run: (value, stage) => send(value, end(stage)) });
}

function session(begin: (counter: CounterEnd) => void): StepRow {
  return step({
    schema: nothing,
    modes: SEALED,
    async run(_nothing, stage) {
      await stage.hearNews();
      begin(end(stage));
    },
  });
}

const names = shortFor("operator", fields({ operator: name.default(OPERATOR), case: name.default(CASE) }));

function staff(which: keyof typeof STAFF): StepRow {
  const spelled = (text: string): Buffer => Buffer.from([text.length, ...Buffer.from(text, "latin1")]);
  return command(names, (value, counter) =>
    counter.staff(which, Buffer.concat([spelled(value.operator), spelled(value.case)])),
  );
}

export const COUNTER_STEPS: Readonly<Record<string, StepRow>> = {
  /** A new session, which is waited for; the one before ends. */
  connect: session((counter) => counter.connect()),
  /** A new session, and the story goes on meanwhile: as it is recorded. */
  call: session((counter) => counter.connectSoon()),
  /** The counter's program is gone, from one instant to the next. */
  leave: step({ schema: nothing, modes: SEALED, run: (_nothing, stage) => end(stage).leave() }),
  "check-pin": question(
    shortFor(
      "request",
      fields({
        ...asking,
        service: oneOf("service", Object.keys(SERVICES) as (keyof typeof SERVICES)[]).default("moving"),
        "last-try": yes.default(false),
      }),
    ),
    ({ request: id, "last-try": mayUseLastTry, case: caseNumber, ...same }, counter) =>
      counter.check({ ...same, requestId: id, mayUseLastTry, caseNumber }),
  ),
  "change-pin": question(
    shortFor("request", fields({ ...asking, birth: date.optional(), finish: yes.default(false) })),
    ({ request: id, case: caseNumber, birth = "", finish, ...same }, counter) =>
      counter.check({
        ...same,
        ...{ requestId: id, caseNumber, service: "pin-change", mayUseLastTry: false },
        change: { birth, finish },
      }),
  ),
  /** About the latest question; another insertion or serial is for hosts that go wrong. */
  continue: question(
    shortFor(
      "verdict",
      fields({
        verdict: oneOf("verdict", Object.keys(VERDICTS) as Verdict[]),
        insertion: whole(0, 0xffffffff).optional(),
        serial: serial.optional(),
      }),
    ),
    ({ verdict, insertion, serial: cardSerial }, counter) =>
      counter.decide(verdict, {
        ...(insertion === undefined ? {} : { insertion }),
        ...(cardSerial === undefined ? {} : { serial: cardSerial }),
      }),
  ),
  "get-result": command(shortFor("request", fields({ request: request.optional() })), (value, counter) =>
    counter.getResult(value.request),
  ),
  /** An operator's card and its PIN at the terminal: answered when it is over. */
  "sign-in": question(shortFor("language", fields({ language: spoken })), ({ language }, counter) =>
    counter.signIn(language),
  ),
  "sign-out": command(nothing, (_nothing, counter) => counter.signOut()),
  /** The pair's key is replaced; the next session is with the new one. */
  rekey: command(nothing, (_nothing, counter) => counter.rekey()),
  suspend: staff("suspend"),
  resume: staff("resume"),
  release: staff("release"),
  "set-clock": command(shortFor("to", fields({ to: moment })), ({ to }, counter) => counter.setClock(to)),
  "read-journal": command(nothing, (_nothing, counter) => counter.readJournal()),
  abort: command(nothing, (_nothing, counter) => counter.abort()),
};
