/** Files that their owner alone may read: read by one descriptor, written in one step. */
import {
  chmodSync,
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { CounterFailure } from "./counter-failure.ts";

const OTHERS = 0o077;
/** Behind a file's name, that of its successor while it is written. */
const LEFTOVER = /^\.\d+\.new$/;
const LONGEST_KEY_BYTES = 4096;

/** The text of a key file that nobody else may read: looked at and read by one descriptor, so that it is the same file. */
export function readPrivate(path: string, whatItIs: string): string {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    throw fileRefusal(path, causeOf(error), `--key names ${whatItIs}`);
  }
  try {
    const found = fstatSync(file);
    if (!found.isFile() || found.size > LONGEST_KEY_BYTES) throw fileRefusal(path, "this is no key file", "");
    if ((found.mode & OTHERS) !== 0) throw fileRefusal(path, "others may read it", `run: chmod 600 ${path}`);
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

/**
 * Puts `text` in the place of whatever `path` holds, in one step, readable by its owner alone from the first byte. When it returns
 * the file and its name are on the disk. Throws the cause; then the old file is there as it was.
 */
export function writePrivate(path: string, text: string): void {
  const fresh = `${path}.${process.pid}.new`;
  try {
    writeFileSync(fresh, text, { mode: 0o600, flag: "wx", flush: true });
    // The process's umask may have taken the owner's own rights away.
    chmodSync(fresh, 0o600);
    renameSync(fresh, path);
    syncDirectory(dirname(path));
  } catch (error) {
    removeIfThere(fresh);
    throw fileRefusal(path, causeOf(error), "choose a directory that may be written");
  }
}

/**
 * Makes sure that `writePrivate` would leave the file at `path` to its owner, and removes what one that was killed has left beside
 * it: there may be a key in it. Whoever calls has the lock. Throws the cause.
 */
export function claimPrivate(path: string): void {
  const { uid } = statSync(path);
  if (uid !== process.getuid?.())
    throw fileRefusal(path, "it belongs to another user", "run it as that user");
  const directory = dirname(path);
  const name = basename(path);
  for (const one of readdirSync(directory))
    if (one.startsWith(`${name}.`) && LEFTOVER.test(one.slice(name.length)))
      removeIfThere(join(directory, one));
}

/** A name is on the disk when its directory is. */
function syncDirectory(path: string): void {
  const directory = openSync(path, "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

export function causeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES") return "this user may not open it";
  return error instanceof Error ? error.message : String(error);
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was never made.
  }
}

export function fileRefusal(path: string, cause: string, next: string): CounterFailure {
  return new CounterFailure("file", `${path}: ${cause}`, next);
}
