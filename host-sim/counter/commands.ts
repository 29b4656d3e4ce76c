/** The commands of the counter client by their names. */
import { CHANGE_PIN, CHECK_PIN, GET_RESULT } from "./check-commands.ts";
import type { CounterCommand } from "./command.ts";
import { READ_JOURNAL, SET_CLOCK, VERIFY_JOURNAL } from "./journal-commands.ts";
import { BRIDGE, INFO, PIPE } from "./line-commands.ts";
import { SIGN_IN, SIGN_OUT } from "./operator-commands.ts";
import { RELEASE, RESUME, SUSPEND } from "./staff-commands.ts";
import { SYSLOG } from "./syslog-commands.ts";

/** In the order of the help. */
export const COMMANDS: readonly (readonly [string, CounterCommand])[] = [
  ["info", INFO],
  ["pipe", PIPE],
  ["bridge", BRIDGE],
  ["sign-in", SIGN_IN],
  ["sign-out", SIGN_OUT],
  ["check-pin", CHECK_PIN],
  ["get-result", GET_RESULT],
  ["change-pin", CHANGE_PIN],
  ["read-journal", READ_JOURNAL],
  ["verify-journal", VERIFY_JOURNAL],
  ["set-clock", SET_CLOCK],
  ["syslog", SYSLOG],
  ["suspend", SUSPEND],
  ["resume", RESUME],
  ["release", RELEASE],
];

/** Of the contract, for terminals to come: known, and answered `not built yet`. */
export const LATER: readonly string[] = ["rekey"];
