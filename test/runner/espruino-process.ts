/**
 * One program on a real Espruino interpreter (the Linux build). It reads its console from stdin, which must stay open, and
 * stays after its program has ended: a line of the program tells the end, SIGKILL ends the process.
 */
import { spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** What to run and how its end is known. */
export interface EspruinoProgram {
  readonly script: string;
  /** Files that the program finds beside it. */
  readonly files: readonly string[];
  /** Matches the program's last line. */
  readonly end: RegExp;
  readonly limitS: number;
}

/** Runs `run` in a directory of its own with copies of `files`, where an interpreter's flash file goes. */
export async function inFolderWith<Result>(
  files: readonly string[],
  run: (folder: string) => Result | Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(path.join(tmpdir(), "espruino-"));
  for (const file of files) copyFileSync(file, path.join(folder, path.basename(file)));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns what it printed, the banner included. */
export function runOnInterpreter(interpreter: string, program: EspruinoProgram): Promise<string> {
  return inFolderWith([program.script, ...program.files], (folder) =>
    runIn(folder, path.resolve(interpreter), program),
  );
}

function runIn(folder: string, interpreter: string, program: EspruinoProgram): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(interpreter, [path.basename(program.script)], { cwd: folder, stdio: "pipe" });
    const kill = (): void => void child.kill("SIGKILL");
    let output = "";
    const timer = setTimeout(() => {
      output += `\nended after its limit of ${program.limitS} s\n`;
      kill();
    }, program.limitS * 1000);
    const take = (chunk: Buffer): void => {
      output += chunk.toString("latin1");
      if (program.end.test(output)) kill();
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.stdin.on("error", () => {}); // it is never written to
    process.once("exit", kill);
    child.on("error", (error) => (output += `${interpreter}: ${error.message}\n`));
    child.on("close", () => {
      clearTimeout(timer);
      process.off("exit", kill);
      resolve(output.replaceAll("\r", ""));
    });
  });
}
