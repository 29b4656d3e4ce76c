/** An operator at the terminal, from the command line: sign-in, sign-out. */
import { z } from "zod";
import { CommandResult } from "../../firmware/service/command-result.ts";
import { atTerminal } from "./at-terminal.ts";
import { command, ExitCode } from "./command.ts";
import { REAL_CLOCK } from "./counter-clock.ts";
import { signIn, signOut, type SignInResult } from "./operator-calls.ts";
import { BAUD, JSON_FLAG, KEY, languageName, LINE, TERMINAL_VALUES } from "./option-values.ts";
import { stopped } from "./stop-signal.ts";
import { CallRefused } from "./terminal-call.ts";
import { watched } from "./watched-call.ts";

export const SIGN_IN = command({
  about: "an operator signs in at the terminal, by card and PIN",
  more: `The operator is signed in for 12 hours, until sign-out, another sign-in, the emergency stop or a start of the terminal; only checks in
the operator's own name are taken meanwhile. Signed in, the operator may resume and release without the key of the case.
Exit codes: 0 the outcome is OK, 3 it is another one (WRONG, BLOCKED, CANCELLED, NOT_GENUINE, …), 1 there is none.`,
  flags: [
    LINE,
    KEY,
    ["--language <which>", "of the terminal's pages: ja (default), en, easy (やさしい日本語)"],
    BAUD,
    JSON_FLAG,
  ],
  schema: z.strictObject({
    ...TERMINAL_VALUES,
    language: languageName,
  }),
  run: (options, desk) =>
    atTerminal(options, async (session) => {
      desk.notice("put the operator card into the terminal");
      // A refusal, or a lost link: whoever waits for the sign-in hears of it.
      void stopped().then(() => session.abort().catch(() => undefined));
      const { terminal } = session.info();
      try {
        const result = await watched(session, REAL_CLOCK, signIn(session, options.language));
        desk.say({ terminal, ...result }, textOf(result));
        return result.outcome === "OK" ? ExitCode.Done : ExitCode.NotOk;
      } catch (error) {
        const isKeyless = error instanceof CallRefused && error.result === (CommandResult.NotKnown as number);
        throw isKeyless ? keyless(error) : error;
      }
    }),
});

export const SIGN_OUT = command({
  about: "nobody is signed in at the terminal any more",
  flags: [LINE, KEY, BAUD, JSON_FLAG],
  schema: z.strictObject(TERMINAL_VALUES),
  run: (options, desk) =>
    atTerminal(options, async (session) => {
      await signOut(session);
      const { terminal } = session.info();
      desk.say({ terminal, done: "signed out" }, `${terminal}: signed out`);
      return ExitCode.Done;
    }),
});

function textOf({ outcome, triesLeft, operator }: SignInResult): string {
  return [
    `outcome   ${outcome}`,
    `tries     ${triesLeft ?? "not known"}`,
    `operator  ${operator === "" ? "none was read" : operator}`,
  ].join("\n");
}

function keyless({ result }: CallRefused): CallRefused {
  return new CallRefused(result, "the terminal has no operator key", "provision it with the town's");
}
