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
import { startPcscd } from "./pcscd-process.ts";
import { SimProcess } from "./sim-process.ts";

const PROGRAM_LIMIT_MS = 60_000;
const TAIL_LINES = 60;

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

export class PcscStation {
  private readonly clients: PcscClient[] = [];

  private constructor(
    /** Absolute, without a blank. */
    readonly directory: string,
    readonly sim: SimProcess,
    private readonly namespace: MountNamespace,
    private readonly daemon: LoggedProcess,
  ) {}

  /** `flags` of the simulator besides its line and control socket, such as `--card mynumber`. Unpaced unless they say so. */
  static async start(...flags: readonly string[]): Promise<PcscStation> {
    const directory = mkdtempSync(join(tmpdir(), "madoguchi-"));
    const namespace = await MountNamespace.open();
    const closing: (() => Promise<void>)[] = [() => namespace.close()];
    try {
      const sim = await SimProcess.start(directory, ["--pace", "none", ...flags]);
      closing.unshift(() => sim.stop());
      const enter = (command: readonly string[]): string[] => namespace.inside(command);
      const daemon = await startPcscd(directory, join(directory, "tty"), enter).catch((error: unknown) => {
        throw new Error(`${String(error)}\n--- sim\n${sim.process.tail(TAIL_LINES)}`);
      });
      return new PcscStation(directory, sim, namespace, daemon);
    } catch (error) {
      for (const close of closing) await close();
      rmSync(directory, { recursive: true, force: true });
      throw error;
    }
  }

  /** Runs a PC/SC program to its end. Rejects, with its output, unless its exit code is `code`. */
  async run(command: readonly string[], options: RunOptions = {}, code = 0): Promise<string> {
    const env = { HOME: this.directory, ...options.env };
    const child = new LoggedProcess(command[0] ?? "", this.namespace.inside(command), { env });
    child.child.stdin.end(options.stdin ?? "");
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
    const told = frames.filter((line) => !/ccid_serial\.c|RefReader|^\d+ frame:/.test(line)).slice(-TAIL_LINES);
    return [`--- sim\n${this.sim.process.tail(TAIL_LINES)}`, "--- pcscd", ...told].join("\n");
  }

  async close(): Promise<void> {
    for (const client of this.clients) await client.close();
    await this.daemon.stop();
    await this.sim.stop();
    await this.namespace.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
