/** The calls of an operator: SignIn, SignOut (docs/protocol.md, Commands of the counter). */
import { OperatorCommand } from "../../firmware/service/operator-commands.ts";
import { LANGUAGES } from "./check-calls.ts";
import { outcomeName } from "./journal-record.ts";
import { call, Fields, strange, type Caller } from "./terminal-call.ts";

export interface SignInResult {
  readonly outcome: string;
  /** Undefined = not known. */
  readonly triesLeft?: number;
  /** Whose card it was; empty = none was read. */
  readonly operator: string;
}

const TRIES_UNKNOWN = 0xff;
/** A card is looked for, put in the right way at the second attempt, and its PIN typed; a lost line is noticed before. */
const SIGN_IN_US = 900_000_000;

export async function signIn(session: Caller, language: keyof typeof LANGUAGES): Promise<SignInResult> {
  const data = Uint8Array.of(LANGUAGES[language]);
  const fields = new Fields(await call(session, OperatorCommand.SignIn, data, SIGN_IN_US));
  const outcome = outcomeName(fields.u8());
  const triesLeft = fields.u8();
  const operator = Buffer.from(fields.bytes(fields.u8())).toString("latin1");
  fields.end();
  if (!/^[A-Z0-9-]{0,16}$/.test(operator)) throw strange("an operator's name that is none");
  return { outcome, ...(triesLeft === TRIES_UNKNOWN ? {} : { triesLeft }), operator };
}

export async function signOut(session: Caller): Promise<void> {
  await call(session, OperatorCommand.SignOut, new Uint8Array());
}
