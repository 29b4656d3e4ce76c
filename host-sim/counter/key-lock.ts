/** The lock beside a key file: two programs with one key would cut each other's sessions. */
import { LockHeld, takeLock } from "../cli/process-lock.ts";
import { CounterFailure } from "./counter-failure.ts";

/** Locks the key file at `path` for this process. Returns how to release it. Throws while another process uses it. */
export function lockKeyFile(path: string): () => void {
  const lock = `${path}.lock`;
  try {
    return takeLock(lock);
  } catch (error) {
    if (error instanceof LockHeld)
      throw new CounterFailure(
        "file",
        `${path}: process ${error.holder} uses this key`,
        "end that program first",
      );
    const cause = error instanceof Error ? error.message : String(error);
    throw new CounterFailure(
      "file",
      `${lock}: ${cause}`,
      "keep the key in a directory that this user may write",
    );
  }
}
