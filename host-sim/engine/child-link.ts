/**
 * A child process that is read and written synchronously, for the simulator cannot wait in between: two FIFOs, opened before the
 * child is started and without a name afterwards. They are its standard input and output and its standard error is the log, or
 * its descriptors 3 and 4, which a program may open again as /dev/fd/3 and /dev/fd/4, and both outputs are the log.
 */
import { execFileSync, spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

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
/** An answer usually comes within some ten microseconds: look that often before the processor is given away. */
const EAGER_LOOKS = 20;
const NAP_MS = 0.05;
const NAP = new Int32Array(new SharedArrayBuffer(4));

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

function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EAGAIN";
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
    const fromChild = openFifo(up, constants.O_RDONLY | constants.O_NONBLOCK, constants.O_WRONLY);
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
    const limitMs = performance.now() + this.program.silenceMs;
    for (let look = 0; ; look++) {
      const count = this.lookOnce();
      if (count === 0) throw new LinkBroken("has ended");
      if (count !== undefined) return this.chunk.subarray(0, count);
      if (performance.now() > limitMs)
        throw new LinkBroken(`has been silent for ${this.program.silenceMs} ms`);
      if (look >= EAGER_LOOKS) Atomics.wait(NAP, 0, 0, NAP_MS);
    }
  }

  /** Throws `LinkBroken`. */
  write(bytes: Uint8Array): void {
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(this.output, bytes, at);
    } catch {
      throw new LinkBroken("has ended");
    }
  }

  /** What it said in its log. */
  log(): string {
    if (!this.isOpen) return "";
    const bytes = Buffer.alloc(LOG_BYTES);
    return bytes
      .subarray(0, readSync(this.logFile, bytes, 0, LOG_BYTES, 0))
      .toString("utf8")
      .trim();
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    for (const file of [this.output, this.input, this.logFile]) closeSync(file);
    this.child.kill("SIGKILL");
  }

  /** How many bytes came, 0 at the end, undefined when there is nothing yet. */
  private lookOnce(): number | undefined {
    try {
      return readSync(this.input, this.chunk);
    } catch (error) {
      if (isBusy(error)) return undefined;
      throw error;
    }
  }
}
