/**
 * The interpreter with its console on a pty, as a board has it on USB: started in a directory that is its flash, ended as a power
 * cut ends it. It can be told to fail, or to lose its line, when the n-th chunk of an upload arrives.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { openPtyLine } from "../../host-sim/cli/line-pty.ts";
import type { OutsideLine } from "../../host-sim/cli/outside-line.ts";
import { deviceFolder, INTERPRETER } from "./interpreter.ts";

/** Begins a chunk in what the tool sends. */
const CHUNK = ',atob("';

const running = new Set<ChildProcess>();
process.once("exit", () => running.forEach((child) => child.kill("SIGKILL")));

export class ConsoleDevice {
  readonly folder = deviceFolder();
  /** Called when chunk `cutAt`, counted from 1, has begun to arrive; nothing goes on to the device from then on. */
  onCut: () => void = () => undefined;
  cutAt = Number.POSITIVE_INFINITY;
  private chunks = 0;
  private tail = "";
  private gone: Promise<unknown> = Promise.resolve();
  private child: ChildProcess | undefined;
  private line: OutsideLine | undefined;

  get path(): string {
    return join(this.folder, "tty");
  }

  /** Power on. */
  start(): this {
    const child = spawn(INTERPRETER, [], { cwd: this.folder, stdio: ["pipe", "pipe", "ignore"] });
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
    const text = this.tail + Buffer.from(bytes).toString("latin1");
    this.chunks += text.split(CHUNK).length - 1;
    this.tail = text.slice(-(CHUNK.length - 1));
    if (this.chunks >= this.cutAt) this.onCut();
    else this.child?.stdin?.write(bytes);
  }
}
