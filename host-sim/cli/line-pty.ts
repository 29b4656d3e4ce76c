/**
 * The counter line as a pseudo terminal: this process has the master, a PC program (pcscd) opens the slave by the link at PATH.
 * The slave stays open here as well, raw, so that nothing is echoed or translated before the PC's program has set it up and
 * its leaving is no end of file.
 */
import { spawnSync } from "node:child_process";
import {
  closeSync,
  fchmodSync,
  fstatSync,
  lstatSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { ReadStream } from "node:tty";
import type { LineListener, OutsideLine } from "./outside-line.ts";
import { PtyWriter } from "./pty-writer.ts";

/** Who else may use the pty, and what the command line calls it. */
export interface PtyUse {
  /** In front of the path in what is refused. */
  readonly flag: string;
  /** Its owner's alone, before its name is known to anybody. */
  readonly isPrivate: boolean;
}

const COUNTER_LINE: PtyUse = { flag: "--line pty:", isPrivate: false };

interface PtyBinding {
  open(columns: number, rows: number): { master: number; slave: number; pty: string };
}

/** The package's own `open()` reads from the slave as well and so steals bytes: only its binding is used. */
function binding(): PtyBinding {
  const load = createRequire(import.meta.url);
  const { requireBinary } = load("@lydell/node-pty/requireBinary.js") as {
    requireBinary(file: string): PtyBinding;
  };
  return requireBinary("pty.node");
}

/** Node's raw mode leaves output translation on (\n becomes \r\n): stty does the whole of cfmakeraw(3). */
function makeRaw(slave: number): void {
  const done = spawnSync("stty", ["raw", "-echo", "-iexten", "clocal", "115200"], {
    stdio: [slave, "ignore", "pipe"],
  });
  if (done.status !== 0)
    throw new Error(`stty cannot make the pty raw: ${done.error?.message ?? String(done.stderr)}`);
}

/** The system gives a new pty the mode 620 and the group tty, or what its devpts is mounted with. */
function makePrivate(slave: number): void {
  fchmodSync(slave, 0o600);
  const { uid, mode } = fstatSync(slave);
  if (uid !== process.getuid?.() || (mode & 0o777) !== 0o600)
    throw new Error("the system gives no pty that is this user's alone");
}

/** What a link at `path` points to; undefined when nothing is there. Throws when it is not a link to a pty. */
function staleLink(path: string, flag: string): string | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  const target = found.isSymbolicLink() ? readlinkSync(path) : undefined;
  if (target === undefined || !/^\/dev\/pts\/\d+$/.test(target)) {
    throw new Error(`${flag}${path}: something else is there already; remove it or choose another path`);
  }
  return target;
}

/** Renaming over an old link leaves no moment without one. */
function link(target: string, path: string, flag: string): void {
  staleLink(path, flag);
  const fresh = `${path}.${process.pid}`;
  try {
    symlinkSync(target, fresh);
    renameSync(fresh, path);
  } catch (error) {
    throw new Error(`${flag}${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function unlinkOwn(target: string, path: string): void {
  try {
    if (readlinkSync(path) === target) unlinkSync(path);
  } catch {
    // Somebody took it away before.
  }
}

/** Opens a pty and puts a link to it at `path`. Throws when something else is there. */
export function openPtyLine(path: string, onBytes: LineListener, use: PtyUse = COUNTER_LINE): OutsideLine {
  staleLink(path, use.flag);
  const { master, slave, pty } = binding().open(80, 24);
  try {
    if (use.isPrivate) makePrivate(slave);
    makeRaw(slave);
    link(pty, path, use.flag);
  } catch (error) {
    // An open master would keep the process alive.
    closeSync(master);
    closeSync(slave);
    throw error;
  }
  const stream = new ReadStream(master);
  stream.on("data", onBytes);
  // The slave is open here, so an end cannot come; an error is the end of the pty alone, not of the terminal.
  stream.on("error", () => stream.destroy());
  const writer = new PtyWriter(master);
  return {
    address: path,
    write: (bytes) => writer.write(bytes),
    close() {
      writer.close();
      unlinkOwn(pty, path);
      stream.destroy();
      closeSync(slave);
    },
  };
}
