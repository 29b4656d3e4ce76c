/** Starts the programs of the test run: no stdin, a time limit, and the end of the whole process group after it. */
import { spawn } from "node:child_process";

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
