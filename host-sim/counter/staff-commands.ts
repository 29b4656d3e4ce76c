/** What staff do to a terminal from the command line: suspend, resume, release (docs/protocol.md, Commands of the counter). */
import { z } from "zod";
import { StaffCommand } from "../../firmware/service/staff-commands.ts";
import { atTerminal } from "./at-terminal.ts";
import { command, ExitCode, type CounterCommand } from "./command.ts";
import { BAUD, JSON_FLAG, KEY, LINE, name, TERMINAL_VALUES } from "./option-values.ts";
import { call } from "./terminal-call.ts";

const AT_THE_TERMINAL =
  "Meanwhile the key switch of the terminal's case is turned to service, or the operator who is named is signed in (sign-in).";

interface StaffDeed {
  readonly number: StaffCommand;
  readonly about: string;
  readonly more?: string;
  /** What is true when the terminal has done it. */
  readonly done: string;
}

function staffCommand({ number, done, ...about }: StaffDeed): CounterCommand {
  return command({
    ...about,
    flags: [
      LINE,
      KEY,
      ["--operator <name>", "for the journal: 1-16 characters out of A-Z, 0-9 and the hyphen"],
      ["--case <name>", "for the journal, of the same characters"],
      BAUD,
      JSON_FLAG,
    ],
    schema: z.strictObject({ ...TERMINAL_VALUES, operator: name, case: name }),
    run: ({ operator, case: caseNumber, ...options }, desk) =>
      atTerminal(options, async (session) => {
        await call(session, number, Buffer.concat([spelled(operator), spelled(caseNumber)]));
        const { terminal } = session.info();
        desk.say({ terminal, done }, `${terminal}: ${done}`);
        return ExitCode.Done;
      }),
  });
}

/** A length and as many characters. */
function spelled(text: string): Buffer {
  return Buffer.from([text.length, ...Buffer.from(text, "latin1")]);
}

export const SUSPEND = staffCommand({
  number: StaffCommand.Suspend,
  about: "the emergency stop: entries end, cards are switched off, nobody is served until resume",
  more: "It holds over power cuts. No credential is needed to stop.",
  done: "suspended",
});

export const RESUME = staffCommand({
  number: StaffCommand.Resume,
  about: "ends the emergency stop",
  more: AT_THE_TERMINAL,
  done: "in service",
});

export const RELEASE = staffCommand({
  number: StaffCommand.Release,
  about: "lets every card, and the terminal's own limit of wrong entries, begin anew",
  more: AT_THE_TERMINAL,
  done: "released",
});
