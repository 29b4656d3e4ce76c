/** A pty that no other user can open, behind a link that no other user can replace. */
import { statSync } from "node:fs";
import { dirname } from "node:path";
import { openPtyLine } from "../cli/line-pty.ts";
import type { LineListener, OutsideLine } from "../cli/outside-line.ts";
import { CounterFailure, failureOf } from "./counter-failure.ts";

const OTHERS_WRITE = 0o022;
/** In such a directory everybody's files are everybody's own. */
const STICKY = 0o1000;
const ROOT = 0;

/** Whoever may write the link's directory could put a pty of his own in its place. */
function checkDirectory(path: string): void {
  const directory = dirname(path);
  const found = statSync(directory, { throwIfNoEntry: false });
  if (found === undefined)
    throw refused(path, "there is no such directory", `make it: mkdir -m 700 ${directory}`);
  const isOurs = found.uid === process.getuid?.() || found.uid === ROOT;
  const isShared = (found.mode & OTHERS_WRITE) !== 0 && (found.mode & STICKY) === 0;
  if (!isOurs || isShared) {
    throw refused(
      path,
      "other users may write this directory",
      "choose one of your own, such as $XDG_RUNTIME_DIR",
    );
  }
}

function refused(path: string, cause: string, next: string): CounterFailure {
  return new CounterFailure("file", `--pty ${path}: ${cause}`, next);
}

/** Opens a pty of mode 600 and links it at `path`. Throws the cause when that is not possible or not private. */
export function openPrivatePty(path: string, onBytes: LineListener): OutsideLine {
  checkDirectory(path);
  try {
    return openPtyLine(path, onBytes, { flag: "--pty ", isPrivate: true });
  } catch (error) {
    throw failureOf(error, "file");
  }
}
