/** Starts the programs of the test run: no stdin, a time limit, and the end of the whole process group after it. */
import { AsyncLocalStorage } from "node:async_hooks";
import { spawn } from "node:child_process";
import { getPriority, setPriority } from "node:os";

/** Whether programs that are started now leave the processor to others. */
const GIVES_WAY = new AsyncLocalStorage<true>();

/** As nice(1) does it, and the lowest there is. */
const LOWER_BY = 10;
const LOWEST = 19;

/** Does `work`, whose programs run where programs of other work leave the processors idle. */
export function givingWay<Result>(work: () => Promise<Result>): Promise<Result> {
  return GIVES_WAY.run(true, work);
}

export interface ChildResult {
  /** stdout and stderr in the order they came. */
  readonly output: string;
  /** Whether it ended by itself with exit code 0. */
  readonly ok: boolean;
}

/** What one program may take, and whether its output is shown as it comes. */
export interface ChildOptions {
  readonly limitS: number;
  readonly quiet: boolean;
  /** Added to this process's environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What it starts itself inherits it. */
function giveWay(pid: number | undefined): void {
  if (pid === undefined || GIVES_WAY.getStore() !== true) return;
  try {
    setPriority(pid, Math.min(getPriority() + LOWER_BY, LOWEST));
  } catch {
    // already gone
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // already gone
  }
}

/** Runs one program to its end. Never rejects: a program that cannot be started is a failed one. */
export function runChild(
  command: string,
  args: readonly string[],
  options: ChildOptions,
): Promise<ChildResult> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...options.environment };
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], detached: true, env });
    giveWay(child.pid);
    let output = "";
    const take = (text: string): void => {
      output += text;
      if (!options.quiet) process.stdout.write(text);
    };
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    const stop = (): void => endGroup(child.pid);
    const forward = (): void => {
      stop();
      process.exit(130);
    };
    const timer = setTimeout(() => {
      output += `\nended after its limit of ${options.limitS} s\n`;
      stop();
    }, options.limitS * 1000);
    process.once("SIGINT", forward).once("SIGTERM", forward);
    const finish = (ok: boolean): void => {
      clearTimeout(timer);
      process.off("SIGINT", forward).off("SIGTERM", forward);
      stop();
      resolve({ output, ok });
    };
    child.on("error", (error) => {
      output += `${command}: ${error.message}\n`;
      finish(false);
    });
    child.on("close", (code) => finish(code === 0));
  });
}
