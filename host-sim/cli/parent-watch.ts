/**
 * Notices that whoever started the simulator or the counter client is gone. make, npm and their shells do not pass a signal on, so
 * the processes between this one and the caller are watched too: each of them must keep the parent it had at the start.
 */
import { readFileSync } from "node:fs";

const POLL_MS = 250;
const LAUNCHERS = /^(sh|dash|bash|make|gmake|npm.*|node)$/;
/** A chain longer than make → sh → npm → sh → node is not looked at. */
const LONGEST_CHAIN = 6;

interface ProcessLine {
  readonly command: string;
  readonly parent: number;
}

/** proc(5): `pid (command) state ppid …`; the command may hold anything, also parentheses. */
export function parseStat(text: string): ProcessLine | undefined {
  const open = text.indexOf("(");
  const close = text.lastIndexOf(")");
  const parent = Number(
    text
      .slice(close + 1)
      .trim()
      .split(" ")[1],
  );
  return open > 0 && close > open && Number.isInteger(parent)
    ? { command: text.slice(open + 1, close), parent }
    : undefined;
}

function lookUp(pid: number): ProcessLine | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return undefined;
  }
}

/** Process and parent, from the launcher next to us up to the one that the caller started. */
function launchers(): { pid: number; parent: number }[] {
  const chain: { pid: number; parent: number }[] = [];
  for (let pid = process.ppid; pid > 1 && chain.length < LONGEST_CHAIN;) {
    const found = lookUp(pid);
    if (found === undefined || !isLauncher(pid, found.command)) break;
    chain.push({ pid, parent: found.parent });
    pid = found.parent;
  }
  return chain;
}

/** A person's shell or a test's Node is no launcher: only what runs make or npm for the caller. */
function isLauncher(pid: number, command: string): boolean {
  if (!LAUNCHERS.test(command)) return false;
  if (/^(make|gmake|npm)/.test(command)) return true;
  try {
    const line = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return command === "node"
      ? /npm/.test(line[1] ?? "")
      : line[1] === "-c" && /sim|counter/.test(line[2] ?? "");
  } catch {
    return false;
  }
}

/** Calls `onGone` once when the parent, or the parent of a launcher, is another one than now. Returns how to stop. */
export function watchParent(onGone: () => void): () => void {
  const own = process.ppid;
  const chain = launchers();
  const timer = setInterval(() => {
    const same = process.ppid === own && chain.every(({ pid, parent }) => lookUp(pid)?.parent === parent);
    if (same) return;
    clearInterval(timer);
    onGone();
  }, POLL_MS);
  return () => clearInterval(timer);
}
