/** The simulator as users start it: bundled as `make sim` does, in a process of its own. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { existsSync, watch } from "node:fs";
import { connect, type Socket } from "node:net";
import { basename, dirname } from "node:path";
import { createInterface } from "node:readline";
import { bundleProgram } from "../../program-bundle.ts";

let bundle: string | undefined;
const children = new Set<ChildProcessWithoutNullStreams>();
process.on("exit", () => children.forEach((child) => child.kill("SIGKILL")));

const STATE_LIMIT_MS = 60_000;
/** Shorter than any page stands. */
const LOOK_EVERY_MS = 5;

export type Answer = Readonly<Record<string, unknown>>;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class SimProcess {
  private stdout = "";
  private stderr = "";
  /** When the process and all that shared its output are gone. */
  readonly ended: Promise<Ended>;

  private constructor(readonly child: ChildProcessWithoutNullStreams) {
    child.stdout.setEncoding("utf8").on("data", (text: string) => (this.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.stderr += text));
    child.stdin.on("error", () => undefined);
    this.ended = once(child, "close").then(([code]) => ({
      code: code as number | null,
      stdout: this.stdout,
      stderr: this.stderr,
    }));
  }

  /** `shell` gets the whole command as its text and may do more with it. */
  static async start(flags: readonly string[], shell?: (command: string) => string[]): Promise<SimProcess> {
    bundle ??= bundleProgram("host-sim/cli/sim.ts", "sim-test");
    const words = [process.execPath, bundle, ...flags];
    const [program, ...rest] =
      shell === undefined ? words : shell(words.map((word) => `'${word}'`).join(" "));
    const sim = new SimProcess(spawn(program, rest));
    children.add(sim.child);
    return sim;
  }

  /** Waits for the socket; rejects when the process ends before. */
  async control(path: string): Promise<ControlPeer> {
    const failed = this.ended.then(({ stderr }) => {
      throw new Error(`ended: ${stderr}`);
    });
    await Promise.race([appeared(path), failed]);
    const socket = connect(path);
    await once(socket, "connect");
    return new ControlPeer(socket);
  }
}

/** Resolves in the moment in which `path` is seen to exist. */
export function appeared(path: string): Promise<void> {
  return new Promise((done) => {
    const watcher = watch(dirname(path), (_kind, name) => {
      if (name === basename(path)) look();
    });
    const look = (): void => {
      if (!existsSync(path)) return;
      watcher.close();
      done();
    };
    look();
  });
}

export class ControlPeer {
  private readonly waiting: ((answer: Answer) => void)[] = [];

  constructor(private readonly socket: Socket) {
    socket.on("error", () => undefined);
    createInterface({ input: socket }).on("line", (line) =>
      this.waiting.shift()?.(JSON.parse(line) as Answer),
    );
  }

  ask(command: Answer): Promise<Answer> {
    this.socket.write(`${JSON.stringify(command)}\n`);
    return new Promise((done) => this.waiting.push(done));
  }

  /**
   * Asks for the state until it is as wanted: the terminal has its own time. Asking without a pause would take the processor from
   * the very terminal and browser that are waited for (measured: two thirds of a browser test's own time). Rejects with what it is
   * instead, after a time that no busy machine needs.
   */
  async stateWith(isWanted: (state: Answer) => boolean): Promise<Answer> {
    const endMs = performance.now() + STATE_LIMIT_MS;
    for (;;) {
      const state = await this.ask({ do: "state" });
      if (isWanted(state)) return state;
      if (performance.now() > endMs) throw new Error(`never ${String(isWanted)}: ${JSON.stringify(state)}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  end(): void {
    this.socket.destroy();
  }
}
