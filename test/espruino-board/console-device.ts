/**
 * The interpreter with its console on a pty, as a board has it on USB: started in a directory that is its flash, ended as a power
 * cut ends it. It can be told to fail, to lose its line, or to have a byte spoilt, when the n-th chunk of an upload arrives.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openPtyLine } from "../../host-sim/cli/line-pty.ts";
import type { OutsideLine } from "../../host-sim/cli/outside-line.ts";
import { temporaryFolder } from "../host-sim/cli/temporary.ts";
import { INTERPRETER } from "./interpreter.ts";

/** Begins a chunk in what the tool sends. */
const CHUNK = 'atob("';

/**
 * The Linux build takes its console in a thread that shares a buffer with the interpreter and has no lock around it (a board does it
 * in an interrupt): on two processors a packet now and then loses bytes, or ends it by an assertion. It stays on one.
 */
const ONE_PROCESSOR = [
  "-c",
  /^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))![1]!,
];

const running = new Set<ChildProcess>();
process.once("exit", () => running.forEach((child) => child.kill("SIGKILL")));

export class ConsoleDevice {
  readonly folder = temporaryFolder();
  /** Called when chunk `cutAt`, counted from 1, has begun to arrive; nothing goes on to the device from then on. */
  onCut: () => void = () => undefined;
  cutAt = Number.POSITIVE_INFINITY;
  /** What the line makes of a byte that is the `at`-th of the `chunk`-th chunk, both counted from 1. */
  onLine: (byte: number, chunk: number, at: number) => readonly number[] = (byte) => [byte];
  private chunks = 0;
  private at = 0;
  private tail = "";
  private gone: Promise<unknown> = Promise.resolve();
  private child: ChildProcess | undefined;
  private line: OutsideLine | undefined;

  get path(): string {
    return join(this.folder, "tty");
  }

  /** Power on. */
  start(): this {
    const stdio = ["pipe", "pipe", "ignore"] as const;
    const child = spawn("taskset", [...ONE_PROCESSOR, INTERPRETER], { cwd: this.folder, stdio: [...stdio] });
    this.child = child;
    this.gone = once(child, "close");
    this.chunks = 0;
    child.stdin.on("error", () => undefined);
    const line = openPtyLine(this.path, (bytes) => this.pass(bytes));
    this.line = line;
    child.stdout.on("data", (bytes: Buffer) => line.write(bytes));
    running.add(child);
    child.once("close", () => running.delete(child));
    return this;
  }

  /** Power off, whatever it does; the port is gone. May be called again. */
  async cut(): Promise<void> {
    const { child, line } = this;
    this.child = undefined;
    this.line = undefined;
    line?.close();
    child?.kill("SIGKILL");
    await this.gone;
  }

  private pass(bytes: Uint8Array): void {
    const arriving = [...bytes].flatMap((byte) => this.arrive(byte));
    if (this.chunks >= this.cutAt) this.onCut();
    else this.child?.stdin?.write(Uint8Array.from(arriving));
  }

  private arrive(byte: number): readonly number[] {
    this.tail = (this.tail + String.fromCharCode(byte)).slice(-CHUNK.length);
    this.at++;
    const passed = this.onLine(byte, this.chunks, this.at);
    if (this.tail !== CHUNK) return passed;
    this.chunks++;
    this.at = 0;
    return passed;
  }
}
