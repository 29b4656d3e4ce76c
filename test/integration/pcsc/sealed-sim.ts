/** The simulator with a sealed image, and the counter client beside it: both as their users start them. */
import { existsSync } from "node:fs";
import { once } from "node:events";
import { LoggedProcess } from "./logged-process.ts";
import { SimProcess } from "./sim-process.ts";

const BUNDLE = "build/counter.mjs";
const START_LIMIT_MS = 30_000;

export interface SealedSim {
  readonly sim: SimProcess;
  /** The counter's `--line`. */
  readonly line: string;
  /** Path of the counter's key. */
  readonly key: string;
  /** Path of the auditor's key. */
  readonly auditor: string;
}

/** What the start text says behind `name`. */
function told(sim: SimProcess, name: string): string {
  return new RegExp(`^ {2}${name} +(\\S+)$`, "m").exec(sim.process.output())?.[1] ?? "";
}

/** On a TCP port of its own; `flags` may say another mode or line. */
export async function startSealedSim(directory: string, flags: readonly string[] = []): Promise<SealedSim> {
  const sim = await SimProcess.start(directory, ["--mode", "sealed", "--line", "tcp:0", ...flags]);
  return { sim, line: `tcp:${told(sim, "line")}`, key: told(sim, "key"), auditor: told(sim, "auditor") };
}

export function startCounter(...words: readonly string[]): LoggedProcess {
  if (!existsSync(BUNDLE)) throw new Error(`${BUNDLE} is missing: run \`make build\` first`);
  return new LoggedProcess("counter", [process.execPath, "--enable-source-maps", BUNDLE, ...words]);
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the client to its end. */
export async function runCounter(...words: readonly string[]): Promise<Ended> {
  const { child } = startCounter(...words);
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...said };
}

/** Resolves when the reader is at `pty`. */
export async function startBridge({ line, key }: SealedSim, pty: string): Promise<LoggedProcess> {
  const bridge = startCounter("bridge", "--line", line, "--key", key, "--pty", pty);
  try {
    await bridge.waitFor(new RegExp(`^${pty}$`, "m"), START_LIMIT_MS);
    return bridge;
  } catch (error) {
    await bridge.stop();
    throw error;
  }
}

/** Resolves with the process and the address at which any TLS client reaches the terminal. */
export async function startPipe({ line }: SealedSim): Promise<{ pipe: LoggedProcess; port: number }> {
  const pipe = startCounter("pipe", "--line", line, "--tcp", "0");
  try {
    await pipe.waitFor(/^127\.0\.0\.1:\d+$/m, START_LIMIT_MS);
    return { pipe, port: Number(/^127\.0\.0\.1:(\d+)$/m.exec(pipe.output())?.[1]) };
  } catch (error) {
    await pipe.stop();
    throw error;
  }
}
