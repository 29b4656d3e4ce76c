/** A resident's check from the command line: check-pin, get-result. */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { CommandResult } from "../../firmware/service/command-result.ts";
import { atTerminal, withKey, type TerminalOptions } from "./at-terminal.ts";
import {
  getResult,
  type CheckRequest,
  type CheckResult,
  type Question,
  type Verdict,
} from "./check-calls.ts";
import { CheckRun, unheard } from "./check-run.ts";
import { command, ExitCode, type Desk, type Flag } from "./command.ts";
import { REAL_CLOCK } from "./counter-clock.ts";
import {
  BAUD,
  date,
  JSON_FLAG,
  KEY,
  languageName,
  LINE,
  name,
  requestId,
  serial,
  TERMINAL_VALUES,
} from "./option-values.ts";
import { spokenVerdict } from "./spoken-verdict.ts";
import { stopped } from "./stop-signal.ts";
import { CallRefused } from "./terminal-call.ts";

const ID_BYTES = 16;
const EXITS = `Exit codes: 0 the outcome is OK, 3 it is another one (WRONG, BLOCKED, CANCELLED, …), 1 there is none: the cause is on
standard error, and whether get-result can tell it. A check is never repeated: after a lost link the terminal is asked what came of it.`;

/** Of every command that asks a resident. */
const ASKING_FLAGS: readonly Flag[] = [
  ["--date <day>", "day of the service, YYYY-MM-DD: a card that has expired by then is refused"],
  ["--operator <name>", "for the journal: 1-16 characters out of A-Z, 0-9 and the hyphen"],
  ["--case <name>", "for the journal, of the same characters"],
  ["--language <which>", "of the terminal's pages: ja (default), en, easy (やさしい日本語)"],
  ["--suspended <serial>", "answer stop when this card is put in; may be repeated", "repeats"],
  ["--ask", "ask for `go`, `stop` or `other-card` on standard input; nothing in 9 s is stop"],
  ["--request-id <hex>", "32 digits of the request (default: random; told on standard error)"],
  BAUD,
  ["--json", "print the question and the result as one JSON object each, a line each"],
];
const ASKING_VALUES = {
  ...TERMINAL_VALUES,
  date,
  operator: name,
  case: name,
  language: languageName,
  suspended: z.array(serial).default([]),
  ask: z.boolean().default(false),
  requestId: requestId.default(() => randomBytes(ID_BYTES).toString("hex")),
};

export const CHECK_PIN = command({
  about: "a resident's PIN, proved by the card at the terminal",
  more: EXITS,
  flags: [
    LINE,
    KEY,
    ["--service <what>", "copy-elsewhere, moving or identity"],
    ["--last-try", "the card's last try may be used, too"],
    ...ASKING_FLAGS,
  ],
  schema: z.strictObject({
    ...ASKING_VALUES,
    service: z.enum(["copy-elsewhere", "moving", "identity"], {
      error: "must be copy-elsewhere, moving or identity",
    }),
    lastTry: z.boolean().default(false),
  }),
  run: (options, desk) =>
    asked(options, { ...options, mayUseLastTry: options.lastTry, caseNumber: options.case }, desk),
});

export const CHANGE_PIN = command({
  about: "a resident gives the card a new PIN: the one in force, the new one, and that again",
  more: `${EXITS}
CHANGE_PARTIAL: the card's two applications have different PINs now; docs/protocol.md says how --finish ends it.`,
  flags: [
    LINE,
    KEY,
    ["--birth <day>", "the resident's date of birth, YYYY-MM-DD: no PIN may be made from it"],
    ["--finish", "end a change that stopped half way"],
    ...ASKING_FLAGS,
  ],
  schema: z.strictObject({
    ...ASKING_VALUES,
    birth: date.or(z.literal("")).default(""),
    finish: z.boolean().default(false),
  }),
  run({ birth, finish, ...options }, desk) {
    const change = { birth, finish };
    const fixed = { service: "pin-change", mayUseLastTry: false, caseNumber: options.case } as const;
    return asked(options, { ...options, ...fixed, change }, desk);
  },
});

interface AskingOptions extends TerminalOptions {
  readonly suspended: readonly string[];
  readonly ask: boolean;
}

function asked(options: AskingOptions, request: CheckRequest, desk: Desk): Promise<ExitCode> {
  return withKey(options, async (open) => {
    // At once: whatever happens from here on, get-result can ask for it.
    desk.notice(`request ${request.requestId}`);
    const onNotice = (text: string): void => desk.notice(text);
    const decide = (question: Question): Promise<Verdict> => decided(question, options, desk);
    const run = new CheckRun(open, REAL_CLOCK, { decide, onNotice });
    void stopped().then(() => run.abort());
    return told(await run.run(request), desk);
  });
}

export const GET_RESULT = command({
  about: "what came of a check whose answer was lost; asks nobody and uses no try",
  more: "Exit codes: as check-pin.",
  flags: [LINE, KEY, ["--request-id <hex>", "as check-pin has told it"], BAUD, JSON_FLAG],
  schema: z.strictObject({ ...TERMINAL_VALUES, requestId }),
  run: (options, desk) =>
    atTerminal(options, async (session) => {
      try {
        return told(await getResult(session, options.requestId), desk);
      } catch (error) {
        const isUnheard = error instanceof CallRefused && error.result === (CommandResult.NotKnown as number);
        throw isUnheard ? unheard(error) : error;
      }
    }),
});

function decided(
  question: Question,
  { suspended, ask }: { readonly suspended: readonly string[]; readonly ask: boolean },
  desk: Desk,
): Promise<Verdict> {
  const { serial: cardSerial, expiry, insertion } = question;
  const valid = expiry === "" ? "expiry not known" : `valid until ${expiry}`;
  desk.say(question, `card      ${cardSerial}, ${valid}, insertion ${insertion}`);
  if (suspended.includes(cardSerial)) {
    desk.notice("this card is suspended: stop");
    return Promise.resolve("stop");
  }
  if (!ask) return Promise.resolve("go");
  desk.notice("go, stop or other-card?");
  return spokenVerdict(process.stdin, REAL_CLOCK, (text) => desk.notice(text));
}

function told(result: CheckResult, desk: Desk): ExitCode {
  const { outcome, triesLeft, serial: cardSerial, pinObject, sequence, requestId: id, insertion } = result;
  const lines = [
    `outcome   ${outcome}`,
    `tries     ${triesLeft ?? "not known"}`,
    `serial    ${cardSerial === "" ? "none was read" : cardSerial}`,
    `insertion ${insertion}`,
    `object    ${pinObject}`,
    `record    ${sequence}`,
    `request   ${id}`,
  ];
  desk.say(result, lines.join("\n"));
  return outcome === "OK" ? ExitCode.Done : ExitCode.NotOk;
}
