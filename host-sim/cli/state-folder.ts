/**
 * `--state DIR`: what of a terminal outlives the process. memory.bin holds both memories of one instant, so that they always belong
 * together, and is replaced in one step; whatever it is not whole with is refused and stays as it is.
 *
 *   "madoguchi memory 1\n" | FRAM 32768 | backup memory 128, latch 1 | SHA-256 of what stands before it
 */
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FRAM_BYTES } from "../chip/fram.ts";
import {
  BLANK_MEMORY,
  KEPT_BACKUP_BYTES,
  sameMemory,
  type TerminalMemory,
} from "../world/terminal-memory.ts";
import { LockHeld, takeLock } from "./process-lock.ts";
import { UsageStop } from "./usage-stop.ts";

export const MEMORY_FILE = "memory.bin";
const LOCK_FILE = "simulator.lock";
const HEAD = Buffer.from("madoguchi memory 1\n");
const BACKUP_AT = HEAD.length + FRAM_BYTES;
const HASH_AT = BACKUP_AT + KEPT_BACKUP_BYTES;
const OTHERS_WRITE = 0o022;

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}

function encode({ fram, backup }: TerminalMemory): Buffer {
  const bytes = Buffer.concat([HEAD, fram, backup]);
  return Buffer.concat([bytes, sha256(bytes)]);
}

/** Undefined when something is missing or was changed. */
function decode(bytes: Buffer): TerminalMemory | undefined {
  const isWhole =
    bytes.subarray(0, HEAD.length).equals(HEAD) &&
    bytes.subarray(HASH_AT).equals(sha256(bytes.subarray(0, HASH_AT)));
  if (!isWhole) return undefined;
  return { fram: bytes.subarray(HEAD.length, BACKUP_AT), backup: bytes.subarray(BACKUP_AT, HASH_AT) };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export class StateFolder {
  private readonly file: string;
  private readonly unlock: () => void;
  private last = BLANK_MEMORY;

  /** Makes `path`, mode 700, unless it is there, and locks it for this process. Throws `UsageStop`. */
  constructor(readonly path: string) {
    this.file = join(path, MEMORY_FILE);
    try {
      makeFolder(path);
      this.unlock = takeLock(join(path, LOCK_FILE));
    } catch (error) {
      const holder = error instanceof LockHeld ? error.holder : undefined;
      const why =
        holder === undefined ? textOf(error) : `the simulator with process number ${holder} uses it`;
      throw refusal(path, why, "choose another directory");
    }
  }

  /** What was kept; undefined when nothing was. Throws `UsageStop` when the file is damaged. */
  read(): TerminalMemory | undefined {
    let bytes: Buffer;
    try {
      bytes = readFileSync(this.file);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw refusal(this.path, textOf(error), "choose another directory");
    }
    const memory = decode(bytes);
    if (memory === undefined)
      throw refusal(
        this.path,
        `${this.file} is damaged; it was left as it is`,
        "put a whole copy in its place, or choose another directory",
      );
    this.last = memory;
    return memory;
  }

  /** Keeps `memory`, when anything has changed. A terminal that remembers nothing leaves no file. */
  write(memory: TerminalMemory): void {
    if (sameMemory(memory, this.last)) return;
    const fresh = `${this.file}.new`;
    try {
      writeFileSync(fresh, encode(memory), { mode: 0o600, flush: true });
      chmodSync(fresh, 0o600);
      renameSync(fresh, this.file);
    } catch (error) {
      rmSync(fresh, { force: true });
      throw new Error(`--state ${this.path}: the memory cannot be kept: ${textOf(error)}`);
    }
    this.last = memory;
  }

  close(): void {
    this.unlock();
  }
}

function makeFolder(path: string): void {
  // The process's umask may have taken the owner's own rights away.
  if (mkdirSync(path, { recursive: true, mode: 0o700 }) !== undefined) chmodSync(path, 0o700);
  const { uid, mode } = statSync(path);
  if (uid !== process.getuid?.() || (mode & OTHERS_WRITE) !== 0)
    throw new Error("it must be this user's own, and nobody else may write it");
}

/** What the command line is told of a directory that does not serve. */
export function refusal(path: string, cause: string, next: string): UsageStop {
  return new UsageStop(`--state ${path}: ${cause}; ${next}`, 2);
}
