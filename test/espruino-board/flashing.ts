/** The flash tool as a process of its own, at a device's port. */
import { spawn, type ChildProcess } from "node:child_process";
import { bundleProgram } from "../program-bundle.ts";

export interface Flashing {
  readonly child: ChildProcess;
  /** Both outputs and the exit code, undefined when it was killed. */
  readonly ended: Promise<{ readonly output: string; readonly code: number | undefined }>;
}

const TOOL = bundleProgram("board/build/flash-espruino.ts", "espruino-flash/flash-espruino");

export function startFlashing(port: string, program: string, board = "LINUX"): Flashing {
  const stdio = ["ignore", "pipe", "pipe"] as const;
  const child = spawn(process.execPath, [TOOL, port, program, "-", board], { stdio: [...stdio] });
  let output = "";
  const take = (text: string): void => void (output += text);
  child.stdout.setEncoding("utf8").on("data", take);
  child.stderr.setEncoding("utf8").on("data", take);
  const ended = new Promise<{ output: string; code: number | undefined }>((done) => {
    child.on("close", (code) => done({ output, code: code ?? undefined }));
  });
  return { child, ended };
}

export function killFlashing({ child }: Flashing): void {
  child.kill("SIGKILL");
}

/** Flashes to the end. */
export async function flash(
  port: string,
  program: string,
  board?: string,
): Promise<{ readonly output: string; readonly code: number | undefined }> {
  return startFlashing(port, program, board).ended;
}
