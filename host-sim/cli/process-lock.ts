/**
 * A lock that lasts as long as its process: a file that names who holds it. It appears whole or not at all (a link to a finished
 * file), and a lock whose process is gone is taken over by renaming it away first: what was renamed is looked at again.
 */
import { chmodSync, linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";

/** Another process has the lock, or this one has it already. */
export class LockHeld extends Error {
  constructor(
    /** Its process number. */
    readonly holder: string,
  ) {
    super(`process ${holder} has the lock`);
  }
}

/** When this process started, in ticks since boot (proc(5), field 22), and which boot: a process number alone comes again. */
function birthOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const [, ...fields] = stat.slice(stat.lastIndexOf(")")).split(" ");
    return `${boot} ${fields[19] ?? ""}`;
  } catch {
    return undefined;
  }
}

function ownerText(): string {
  return `${process.pid} ${birthOf(process.pid) ?? ""}\n`;
}

/** A lock whose text is nobody's is stale, too. */
function isAlive(owner: string): boolean {
  const pid = Number(/^\d{1,10}/.exec(owner)?.[0]);
  return Number.isInteger(pid) && pid > 0 && owner === `${pid} ${birthOf(pid) ?? "gone"}\n`;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function tryLink(fresh: string, lock: string): boolean {
  try {
    linkSync(fresh, lock);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** Moves a dead process's lock away. What was moved may be a new one, made since: it is put back. */
function removeStale(lock: string): void {
  const aside = `${lock}.${process.pid}.old`;
  try {
    renameSync(lock, aside);
  } catch {
    return;
  }
  if (isAlive(read(aside) ?? "")) tryLink(aside, lock);
  unlinkSync(aside);
}

function held(owner: string): LockHeld {
  return new LockHeld(/^\d*/.exec(owner)?.[0] ?? "");
}

/** Makes the lock file `lock`, mode 600. Returns how to release it. Throws `LockHeld`, or why no file can be made there. */
export function takeLock(lock: string): () => void {
  const fresh = `${lock}.${process.pid}.new`;
  writeFileSync(fresh, ownerText(), { mode: 0o600 });
  try {
    // The process's umask may have taken the owner's own rights away.
    chmodSync(fresh, 0o600);
    if (!tryLink(fresh, lock)) {
      const owner = read(lock) ?? "";
      if (isAlive(owner)) throw held(owner);
      removeStale(lock);
      if (!tryLink(fresh, lock)) throw held(read(lock) ?? "");
    }
  } finally {
    unlinkSync(fresh);
  }
  return () => {
    if (read(lock) === ownerText()) unlinkSync(lock);
  };
}
