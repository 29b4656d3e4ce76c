/**
 * A pair's key is replaced by the one that follows it, at the terminal and in the key file. Wherever this is broken off, the file
 * holds a key that the terminal takes.
 *
 *   Rekey is done: both keys are good --the file has the new one--> session with it: the terminal drops the old one --> rekeyed
 *
 * The old key is never put back into the file: an alert that says "another key" is in the clear, and could be anybody's.
 */
import { CounterCommand } from "../../firmware/service/counter-commands.ts";
import { CounterFailure, failureOf } from "./counter-failure.ts";
import type { Terminal } from "./connect.ts";
import type { TerminalInfo } from "./hello.ts";
import type { CounterKey } from "./key-file.ts";
import { nextPskOf } from "./next-key.ts";
import { call } from "./terminal-call.ts";

export interface RekeyParts {
  /** A session with this key. */
  open(key: CounterKey): Promise<Terminal>;
  /** Puts this key into the place of the one in the file, in one step. */
  keep(key: CounterKey): void;
  onNotice(text: string): void;
}

const OLD_STAYS = "the file has the old key, and the terminal takes it: run rekey again";
const NEW_STAYS =
  "the file has the new key, and the terminal takes it: the next command, such as info, ends the change";
const EMPTY = new Uint8Array();

/** Resolves with who the terminal is when it has dropped the old key. Rejects with what is to be done next. */
export async function rekey(key: CounterKey, parts: RekeyParts): Promise<TerminalInfo> {
  await told(OLD_STAYS, () =>
    inSession(
      parts.open(key),
      async ({ session }) => void (await call(session, CounterCommand.Rekey, EMPTY)),
    ),
  );
  parts.onNotice("the terminal takes the next key as well as the old one");
  const next: CounterKey = { ...key, psk: nextPskOf(key.psk, key) };
  await told(OLD_STAYS, () => Promise.resolve(parts.keep(next)));
  parts.onNotice("the key file has the new key");
  return told(NEW_STAYS, () => inSession(parts.open(next), ({ session }) => Promise.resolve(session.info())));
}

async function inSession<T>(
  opening: Promise<Terminal>,
  work: (terminal: Terminal) => Promise<T>,
): Promise<T> {
  const terminal = await opening;
  try {
    return await work(terminal);
  } finally {
    await terminal.close();
  }
}

/** What fails in `work` says what stands. A wrong key is mended otherwise. */
async function told<T>(stands: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { kind, why, next } = failureOf(error, "link");
    if (kind === "key") throw error;
    // "Do not repeat it" is for what may not be.
    const isNextTold = next !== "" && kind !== "unknown";
    throw new CounterFailure(kind, why, isNextTold ? `${next}; ${stands}` : stands);
  }
}
