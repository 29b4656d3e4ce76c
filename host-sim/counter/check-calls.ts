/** The calls of a resident check: CheckPin, Continue, GetResult (docs/protocol.md, Commands of the counter). */
import { outcomeName } from "./journal-record.ts";
import { call, Fields, strange, u32, type Caller } from "./terminal-call.ts";

/** Numbers of the protocol. */
export const SERVICES = { "copy-elsewhere": 1, moving: 2, "pin-change": 3, identity: 4 } as const;
export const LANGUAGES = { ja: 0, en: 1, easy: 2 } as const;

export interface CheckRequest {
  /** 32 hexadecimal digits; never those of another check. */
  readonly requestId: string;
  readonly service: keyof typeof SERVICES;
  /** The day of the service, YYYY-MM-DD. */
  readonly date: string;
  readonly mayUseLastTry: boolean;
  readonly language: keyof typeof LANGUAGES;
  readonly operator: string;
  readonly caseNumber: string;
  /** ChangePin instead of CheckPin; its service is pin-change, and a last try is never used. */
  readonly change?: Change;
}

export interface Change {
  /** YYYY-MM-DD, from which no PIN may be made; empty = not known. */
  readonly birth: string;
  /** Ends a change that stopped half way (docs/protocol.md, ChangePin). */
  readonly finish: boolean;
}

/** Who the card says it is; no try was used. To be answered within 10 s. */
export interface Question {
  readonly step: "question";
  readonly requestId: string;
  readonly insertion: number;
  readonly serial: string;
  /** YYYY-MM-DD; empty = not known. */
  readonly expiry: string;
}

export interface CheckResult {
  readonly step: "result";
  readonly requestId: string;
  readonly outcome: string;
  /** Undefined = not known. */
  readonly triesLeft?: number;
  readonly insertion: number;
  readonly pinObject: number;
  /** Of its record in the journal. */
  readonly sequence: number;
  /** Empty = none was read. */
  readonly serial: string;
}

/** `stop`: the card is suspended; `other-card`: it is not this card's turn, which the terminal then says in place of it. */
export const VERDICTS = { stop: 0, go: 1, "other-card": 2 } as const;
export type Verdict = keyof typeof VERDICTS;

const CHECK_PIN = 0x20;
const CONTINUE = 0x21;
const GET_RESULT = 0x22;
const CHANGE_PIN = 0x23;
const USE_LAST_TRY = 1;
const FINISH = 2;
const NO_DATE = new Uint8Array(4);
const ID_BYTES = 16;
const DATE_BYTES = 4;
const STEP_QUESTION = 1;
const STEP_RESULT = 2;
const TRIES_UNKNOWN = 0xff;
const SECOND_US = 1_000_000;
/** A resident looks for the card, and puts it in the right way at the second attempt. */
const CARD_US = 240 * SECOND_US;
/** A resident changes the PIN, and has to type the new one again and again; a line that is lost meanwhile is noticed before. */
const PIN_US = 3600 * SECOND_US;

/** CheckPin, or ChangePin when the request has a change. */
export async function checkPin(session: Caller, request: CheckRequest): Promise<Question | CheckResult> {
  const { requestId, service, date, mayUseLastTry, language, operator, caseNumber, change } = request;
  const flags = change === undefined ? Number(mayUseLastTry) * USE_LAST_TRY : Number(change.finish) * FINISH;
  const data = Buffer.concat([
    bytesOf(requestId),
    Uint8Array.of(SERVICES[service]),
    dateOf(date),
    Uint8Array.of(flags, LANGUAGES[language]),
    named(operator),
    named(caseNumber),
    ...(change === undefined ? [] : [dateOf(change.birth)]),
  ]);
  const number = change === undefined ? CHECK_PIN : CHANGE_PIN;
  return stepOf(await call(session, number, data, CARD_US), requestId);
}

/** Answers `question`, about the same card. */
export async function continueCheck(
  session: Caller,
  { requestId, insertion, serial }: Question,
  verdict: Verdict,
): Promise<CheckResult> {
  const said = Uint8Array.of(VERDICTS[verdict]);
  const data = Buffer.concat([bytesOf(requestId), u32(insertion), said, named(serial)]);
  return resultOf(stepOf(await call(session, CONTINUE, data, PIN_US), requestId));
}

/** What came of a check. Asks nobody; rejects with `CallRefused` 05 when the terminal has no result of it. */
export async function getResult(session: Caller, requestId: string): Promise<CheckResult> {
  return resultOf(stepOf(await call(session, GET_RESULT, bytesOf(requestId)), requestId));
}

/** YYYY-MM-DD in BCD; zeros for a date that is not known. */
function dateOf(day: string): Uint8Array {
  return day === "" ? NO_DATE : bytesOf(day.replaceAll("-", ""));
}

function stepOf(data: Uint8Array, requestId: string): Question | CheckResult {
  const fields = new Fields(data);
  const step = fields.u8();
  if (fields.hex(ID_BYTES) !== requestId) throw strange("the answer to another check");
  if (step === STEP_QUESTION) return questionOf(fields, requestId);
  if (step === STEP_RESULT) return checkResultOf(fields, requestId);
  throw strange(`step ${step}`);
}

function questionOf(fields: Fields, requestId: string): Question {
  const insertion = fields.u32();
  const serial = fields.digits();
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(fields.hex(DATE_BYTES)) ?? [];
  if (day === undefined) throw strange("a date that is none");
  fields.end();
  const expiry = year === "0000" ? "" : `${year}-${month}-${day}`;
  return { step: "question", requestId, insertion, serial, expiry };
}

function checkResultOf(fields: Fields, requestId: string): CheckResult {
  const outcome = outcomeName(fields.u8());
  const triesLeft = fields.u8();
  const insertion = fields.u32();
  const pinObject = fields.u8();
  const sequence = fields.u32();
  const serial = fields.digits();
  fields.end();
  const tries = triesLeft === TRIES_UNKNOWN ? {} : { triesLeft };
  return { step: "result", requestId, outcome, ...tries, insertion, pinObject, sequence, serial };
}

function resultOf(step: Question | CheckResult): CheckResult {
  if (step.step === "question") throw strange("a question where a result belongs");
  return step;
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, "hex"));
}

function named(name: string): Uint8Array {
  return Uint8Array.of(name.length, ...Buffer.from(name, "latin1"));
}
