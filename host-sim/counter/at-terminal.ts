/** The way of every command that speaks with a terminal: its key, locked for this process, a session, and all of it taken down again. */
import { CONNECT_ONCE, openTerminal, withRetries, type OpenTerminal, type Terminal } from "./connect.ts";
import { REAL_CLOCK } from "./counter-clock.ts";
import { CounterFailure, failureOf } from "./counter-failure.ts";
import { readKeyFile, type CounterKey } from "./key-file.ts";
import { lockKeyFile } from "./key-lock.ts";
import { addressOf, type LineOptions } from "./option-values.ts";

const AGAIN = "run it again: it does no harm when it was done already";

export interface TerminalOptions extends LineOptions {
  readonly key: string;
}

/** Lends `work` the key, and the way to sessions with the terminal; it closes what it opens. The key is this process's alone meanwhile. */
export async function withKey<T>(
  options: TerminalOptions,
  work: (open: OpenTerminal, key: CounterKey) => Promise<T>,
): Promise<T> {
  // A file that does not serve is told before anything is put beside it.
  readKeyFile(options.key);
  const unlock = lockKeyFile(options.key);
  try {
    // Whoever had the lock until now may have replaced the key.
    const key = readKeyFile(options.key);
    return await work(() => openTerminal(addressOf(options), key, REAL_CLOCK), key);
  } finally {
    unlock();
  }
}

/** Lends `work` one session. For what may be repeated: a lost answer is no reason to ask first what came of it. */
export function atTerminal<T>(
  options: TerminalOptions,
  work: (session: Terminal["session"]) => Promise<T>,
): Promise<T> {
  return withKey(options, async (open) => {
    const terminal = await withRetries(open, CONNECT_ONCE, REAL_CLOCK);
    try {
      return await work(terminal.session);
    } catch (error) {
      const failure = failureOf(error, "link");
      throw failure.kind === "unknown" ? new CounterFailure("unknown", failure.why, AGAIN) : failure;
    } finally {
      await terminal.close();
    }
  });
}
