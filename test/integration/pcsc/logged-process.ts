/**
 * A child process whose output is kept and can be waited for: tests wait for what a program says, never for a time to pass.
 * It stays in this process' group, so the runner's limit ends it as well.
 */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";

export interface ProcessOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Its own process group, ended as a whole. */
  readonly ownGroup?: boolean;
}

/** After this long a process that was asked to end is ended. */
const END_LIMIT_MS = 5000;

/** No locale and no time zone of the machine in what programs print. */
export function cleanEnvironment(env: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: "C", LANG: "C", PYTHONDONTWRITEBYTECODE: "1", ...env };
}

export class LoggedProcess {
  readonly child: ChildProcessWithoutNullStreams;
  private text = "";
  private ended = false;
  private readonly listeners = new Set<() => void>();

  constructor(
    readonly name: string,
    command: readonly string[],
    private readonly options: ProcessOptions = {},
  ) {
    const [program = "", ...args] = command;
    const env = cleanEnvironment(options.env);
    this.child = spawn(program, args, { env, detached: options.ownGroup === true });
    const take = (chunk: Buffer): void => this.add(chunk.toString("latin1"));
    this.child.stdout.on("data", take);
    this.child.stderr.on("data", take);
    this.child.stdin.on("error", () => undefined);
    this.child.on("error", (error) => this.finish(`${program}: ${error.message}`));
    this.child.on("close", (code, signal) => this.finish(`${name} ended with ${code ?? signal}`));
  }

  /** stdout and stderr in the order they came. */
  output(): string {
    return this.text;
  }

  tail(lines: number): string {
    return this.text.split("\n").slice(-lines).join("\n");
  }

  /** Waits until the output from `from` on matches. Rejects at the process' end and after `limitMs`, with the last lines. */
  waitFor(pattern: RegExp, limitMs: number, from = 0): Promise<void> {
    return this.until(() => pattern.test(this.text.slice(from)), `wait for ${String(pattern)}`, limitMs);
  }

  /** Waits until `isTrue`, looked at with every output; rejects as `waitFor`. */
  until(isTrue: () => boolean, what: string, limitMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (action: () => void): void => {
        clearTimeout(timer);
        this.listeners.delete(look);
        action();
      };
      const fail = (why: string): void =>
        settle(() => reject(new Error(`${this.name}: ${what}: ${why}\n${this.tail(30)}`)));
      const look = (): void => {
        if (isTrue()) settle(resolve);
        else if (this.ended) fail("it ended before");
      };
      const timer = setTimeout(() => fail(`nothing in ${limitMs} ms`), limitMs);
      this.listeners.add(look);
      look();
    });
  }

  /** Asks it to end, then ends it; returns when it is gone. */
  async stop(): Promise<void> {
    if (this.ended) return;
    const gone = once(this.child, "close");
    this.signal("SIGTERM");
    const timer = setTimeout(() => this.signal("SIGKILL"), END_LIMIT_MS);
    await gone;
    clearTimeout(timer);
  }

  private signal(name: NodeJS.Signals): void {
    const pid = this.child.pid;
    if (pid === undefined) return;
    try {
      process.kill(this.options.ownGroup === true ? -pid : pid, name);
    } catch {
      // gone in the meantime
    }
  }

  private add(text: string): void {
    this.text += text;
    this.wake();
  }

  private finish(line: string): void {
    if (this.ended) return;
    this.ended = true;
    this.add(`\n${line}\n`);
  }

  private wake(): void {
    for (const look of [...this.listeners]) look();
  }
}
