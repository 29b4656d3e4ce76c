/**
 * A counter PC with stock software before a simulated terminal: the simulator, a private pcscd, and programs run beside it.
 * Everything lives in one new directory below the system's temporary one and is gone after `close`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LoggedProcess } from "./logged-process.ts";
import { MountNamespace } from "./mount-namespace.ts";
import { PcscClient } from "./pcsc-client.ts";
import { startPcscd, type PcscdLog } from "./pcscd-process.ts";
import { startBridge, startSealedSim } from "./sealed-sim.ts";
import { SimProcess } from "./sim-process.ts";

const PROGRAM_LIMIT_MS = 60_000;
const TAIL_LINES = 60;

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

export interface StationOptions {
  /** Of the simulator, besides its line and control socket. */
  readonly flags: readonly string[];
  /** `full`: every byte of the line; it costs more time than the line itself. */
  readonly log: PcscdLog;
  /** The development image behind the counter client's bridge, and a trace; the bench image unless told otherwise. */
  readonly sealed?: boolean;
}

/** What the reader's line is made of. */
interface Line {
  readonly sim: SimProcess;
  readonly bridge?: LoggedProcess;
}

/** The line for pcscd is at DIRECTORY/tty in both cases. */
async function openLine(directory: string, { flags, sealed = false }: StationOptions): Promise<Line> {
  if (!sealed) return { sim: await SimProcess.start(directory, flags) };
  const terminal = await startSealedSim(directory, ["--trace", join(directory, "trace"), ...flags]);
  try {
    return { sim: terminal.sim, bridge: await startBridge(terminal, join(directory, "tty")) };
  } catch (error) {
    await terminal.sim.stop();
    throw error;
  }
}

export class PcscStation {
  private readonly clients: PcscClient[] = [];
  private readonly programs: LoggedProcess[] = [];

  private constructor(
    /** Absolute, without a blank. */
    readonly directory: string,
    readonly sim: SimProcess,
    private readonly namespace: MountNamespace,
    private readonly daemon: LoggedProcess,
    private readonly bridge?: LoggedProcess,
  ) {}

  /** Resolves when the reader is ready. Whatever was started is ended again when something cannot be. */
  static async open(options: StationOptions): Promise<PcscStation> {
    const namespace = await MountNamespace.open();
    const directory = mkdtempSync(join(tmpdir(), "madoguchi-"));
    const closing: (() => Promise<void>)[] = [() => namespace.close()];
    try {
      const { sim, bridge } = await openLine(directory, options);
      closing.unshift(() => sim.stop());
      if (bridge !== undefined) closing.unshift(() => bridge.stop());
      const enter = (command: readonly string[]): string[] => namespace.inside(command);
      const daemon = await startPcscd(directory, options.log, enter).catch((error: unknown) => {
        throw new Error(`${String(error)}\n--- sim\n${sim.process.tail(TAIL_LINES)}`);
      });
      return new PcscStation(directory, sim, namespace, daemon, bridge);
    } catch (error) {
      for (const close of closing) await close();
      rmSync(directory, { recursive: true, force: true });
      throw error;
    }
  }

  /** Runs a PC/SC program to its end. Rejects, with its output, unless its exit code is `code`. */
  async run(command: readonly string[], options: RunOptions = {}, code = 0): Promise<string> {
    const child = this.start(command, options);
    child.child.stdin.end();
    let exitCode: number | null = null;
    child.child.on("exit", (value) => (exitCode = value));
    try {
      await child.waitFor(new RegExp(`\\n${child.name} ended with .*\\n$`), PROGRAM_LIMIT_MS);
    } finally {
      await child.stop();
    }
    if (exitCode !== code) throw new Error(`${command.join(" ")}: exit code ${exitCode}\n${child.output()}`);
    return child.output();
  }

  /** A PC/SC program of our own; closed with the station. */
  client(): PcscClient {
    const client = new PcscClient((command) => this.namespace.inside(command));
    this.clients.push(client);
    return client;
  }

  /** A program that runs beside the others; ended with the station at the latest. */
  start(command: readonly string[], options: RunOptions = {}): LoggedProcess {
    const env = { HOME: this.directory, ...options.env };
    const program = new LoggedProcess(command[0] ?? "", this.namespace.inside(command), { env });
    if (options.stdin !== undefined) program.child.stdin.write(options.stdin);
    this.programs.push(program);
    return program;
  }

  /** What a person types at the next prompts: control command `autokeys`. */
  async types(keys: string): Promise<void> {
    await this.sim.do({ do: "autokeys", keys });
  }

  /** Changes the card and waits until pcscd has seen that it went and that the new one is there. */
  async changeCard(card: string, client: PcscClient): Promise<void> {
    await this.sim.do({ do: "remove" });
    await client.waitCard(false);
    await this.sim.do({ do: "insert", card });
    await client.waitCard(true);
  }

  /** pcscd's and the driver's log, every byte of the line included. */
  driverLog(): string {
    return this.daemon.output();
  }

  /** The last lines of each program, for a failed test; without the driver's count of every byte it waits for. */
  tails(): string {
    const frames = this.daemon.output().split("\n");
    const told = frames
      .filter((line) => !/ccid_serial\.c|RefReader|^\d+ frame:/.test(line))
      .slice(-TAIL_LINES);
    const bridge = this.bridge === undefined ? [] : [`--- bridge\n${this.bridge.tail(TAIL_LINES)}`];
    return [`--- sim\n${this.sim.process.tail(TAIL_LINES)}`, ...bridge, "--- pcscd", ...told].join("\n");
  }

  async close(): Promise<void> {
    for (const client of this.clients) await client.close();
    for (const program of this.programs) await program.stop();
    await this.daemon.stop();
    await this.bridge?.stop();
    await this.sim.stop();
    await this.namespace.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
