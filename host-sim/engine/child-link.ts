/**
 * A child process that is read and written synchronously, for the simulator cannot wait in between: two FIFOs, opened before the
 * child is started and without a name afterwards. They are its standard input and output and its standard error is the log, or
 * its descriptors 3 and 4, which a program may open again as /dev/fd/3 and /dev/fd/4, and both outputs are the log.
 */
import { execFileSync, spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { closeSync, constants, fstatSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SilenceGuard } from "./silence-guard.ts";

export interface ChildProgram {
  readonly command: string;
  readonly args: readonly string[];
  /** How long one read waits at most, in milliseconds of real time. */
  readonly silenceMs: number;
  /** Where it runs; here unless told otherwise. */
  readonly folder?: string;
  /** Where the bus is: standard input and output unless told otherwise, else descriptors 3 and 4, standard input staying open. */
  readonly bus?: "descriptors";
}

const CHUNK_BYTES = 65536;
const LOG_BYTES = 4000;
let guard: SilenceGuard | undefined;

interface Ends {
  readonly ours: number;
  readonly theirs: number;
}

/** Opens both ends of a FIFO. Opening one alone waits for the other, but for the end that can do both. */
function openFifo(path: string, oursFlags: number, theirsFlags: number): Ends {
  const both = openSync(path, constants.O_RDWR);
  const ends = { ours: openSync(path, oursFlags), theirs: openSync(path, theirsFlags) };
  closeSync(both);
  return ends;
}

/** A link that does not work any more; the message says how. */
export class LinkBroken extends Error {}

export class ChildLink {
  private readonly child: ChildProcess;
  private readonly input: number;
  private readonly output: number;
  private readonly logFile: number;
  private readonly chunk = Buffer.alloc(CHUNK_BYTES);
  private isOpen = true;

  constructor(private readonly program: ChildProgram) {
    const folder = mkdtempSync(join(tmpdir(), "madoguchi-engine-"));
    const [down, up, log] = ["down", "up", "log"].map((name) => join(folder, name));
    execFileSync("mkfifo", [down, up]);
    const toChild = openFifo(down, constants.O_WRONLY, constants.O_RDONLY);
    const fromChild = openFifo(up, constants.O_RDONLY, constants.O_WRONLY);
    this.logFile = openSync(log, "w+");
    rmSync(folder, { recursive: true });
    this.output = toChild.ours;
    this.input = fromChild.ours;
    const bus = [toChild.theirs, fromChild.theirs];
    const stdio: StdioOptions =
      program.bus === undefined ? [...bus, this.logFile] : ["pipe", this.logFile, this.logFile, ...bus];
    this.child = spawn(program.command, program.args, { stdio, cwd: program.folder });
    // Noticed as the end of its output.
    this.child.on("error", () => undefined);
    this.child.stdin?.on("error", () => undefined);
    this.child.unref();
    closeSync(toChild.theirs);
    closeSync(fromChild.theirs);
  }

  /** Of the child; undefined when it could not be started. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Whatever has arrived, at least one byte; valid until the next call. Throws `LinkBroken`. */
  read(): Uint8Array {
    const { pid = 0 } = this.child;
    guard ??= new SilenceGuard();
    guard.watch(pid, this.program.silenceMs);
    const count = readSync(this.input, this.chunk);
    const wasSilent = guard.rest(pid);
    if (wasSilent) throw new LinkBroken(`has been silent for ${this.program.silenceMs} ms`);
    if (count === 0) throw new LinkBroken("has ended");
    return this.chunk.subarray(0, count);
  }

  /** Throws `LinkBroken`. */
  write(bytes: Uint8Array): void {
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(this.output, bytes, at);
    } catch {
      throw new LinkBroken("has ended");
    }
  }

  /** How its log begins, and how it ends: an error stands first, a long story's end last. */
  log(): string {
    if (!this.isOpen) return "";
    const { size } = fstatSync(this.logFile);
    const head = this.logFrom(0);
    if (size <= LOG_BYTES) return head.trim();
    const tail = this.logFrom(Math.max(LOG_BYTES, size - LOG_BYTES));
    return (size <= 2 * LOG_BYTES ? head + tail : `${head}\n…\n${tail}`).trim();
  }

  private logFrom(at: number): string {
    const bytes = Buffer.alloc(LOG_BYTES);
    return bytes.subarray(0, readSync(this.logFile, bytes, 0, LOG_BYTES, at)).toString("utf8");
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    for (const file of [this.output, this.input, this.logFile]) closeSync(file);
    this.child.kill("SIGKILL");
  }
}
