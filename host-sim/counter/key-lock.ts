/**
 * The lock beside a key file: a file that names the process which uses the key. It appears whole or not at all (a link to a finished
 * file), and a lock whose process is gone is taken over by renaming it away first: what was renamed is looked at again.
 */
import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { CounterFailure } from "./counter-failure.ts";

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

function inUse(path: string, owner: string): CounterFailure {
  const pid = /^\d*/.exec(owner)?.[0] ?? "";
  return new CounterFailure("file", `${path}: process ${pid} uses this key`, "end that program first");
}

/** Locks the key file at `path` for this process. Returns how to release it. Throws while another process uses it. */
export function lockKeyFile(path: string): () => void {
  const lock = `${path}.lock`;
  const fresh = `${lock}.${process.pid}.new`;
  try {
    writeFileSync(fresh, ownerText(), { mode: 0o600 });
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new CounterFailure(
      "file",
      `${lock}: ${cause}`,
      "keep the key in a directory that this user may write",
    );
  }
  try {
    if (!tryLink(fresh, lock)) {
      const owner = read(lock) ?? "";
      if (isAlive(owner)) throw inUse(path, owner);
      removeStale(lock);
      if (!tryLink(fresh, lock)) throw inUse(path, read(lock) ?? "");
    }
  } finally {
    unlinkSync(fresh);
  }
  return () => {
    if (read(lock) === ownerText()) unlinkSync(lock);
  };
}
