/** The way of every command that speaks with a terminal: its key, locked for this process, a session, and all of it taken down again. */
import { CONNECT_ONCE, openTerminal, withRetries, type OpenTerminal, type Terminal } from "./connect.ts";
import { REAL_CLOCK } from "./counter-clock.ts";
import { readKeyFile } from "./key-file.ts";
import { lockKeyFile } from "./key-lock.ts";
import { addressOf, type LineOptions } from "./option-values.ts";

export interface TerminalOptions extends LineOptions {
  readonly key: string;
}

/** Lends `work` the way to sessions with the terminal; it closes what it opens. The key is this process's alone meanwhile. */
export async function withKey<T>(
  options: TerminalOptions,
  work: (open: OpenTerminal) => Promise<T>,
): Promise<T> {
  const key = readKeyFile(options.key);
  const unlock = lockKeyFile(options.key);
  try {
    return await work(() => openTerminal(addressOf(options), key, REAL_CLOCK));
  } finally {
    unlock();
  }
}

/** Lends `work` one session. */
export function atTerminal<T>(
  options: TerminalOptions,
  work: (session: Terminal["session"]) => Promise<T>,
): Promise<T> {
  return withKey(options, async (open) => {
    const terminal = await withRetries(open, CONNECT_ONCE, REAL_CLOCK);
    try {
      return await work(terminal.session);
    } finally {
      await terminal.close();
    }
  });
}
