/** The pair's key from the command line: rekey. */
import { realpathSync } from "node:fs";
import { z } from "zod";
import { withKey } from "./at-terminal.ts";
import { command, ExitCode } from "./command.ts";
import { CONNECT_ONCE, openTerminal, withRetries } from "./connect.ts";
import { REAL_CLOCK } from "./counter-clock.ts";
import { writeKeyFile } from "./key-file.ts";
import { addressOf, BAUD, JSON_FLAG, KEY, LINE, TERMINAL_VALUES } from "./option-values.ts";
import { claimPrivate } from "./private-file.ts";
import { rekey } from "./rekey-run.ts";

export const REKEY = command({
  about: "replaces the pair's key by the next one, at the terminal and in the key file",
  more: `Who takes the new key cannot read what was recorded under the old one. Who had the old one can follow: a key that may be
known to others is replaced by a new pairing alone. Copies of the key file are of no use afterwards.
Broken off at any moment the file holds a key that the terminal takes: run it again, or go on with any other command.`,
  flags: [LINE, KEY, BAUD, JSON_FLAG],
  schema: z.strictObject(TERMINAL_VALUES),
  run: (options, desk) =>
    withKey(options, async (_open, key) => {
      // A link stays one: what it names is replaced, not the link.
      const file = realpathSync(options.key);
      claimPrivate(file);
      const { terminal, counter } = await rekey(key, {
        open: (one) =>
          withRetries(() => openTerminal(addressOf(options), one, REAL_CLOCK), CONNECT_ONCE, REAL_CLOCK),
        keep: (next) => writeKeyFile(file, next),
        onNotice: (text) => desk.notice(text),
      });
      desk.say({ terminal, counter, done: "rekeyed" }, `${terminal}: rekeyed`);
      return ExitCode.Done;
    }),
});
