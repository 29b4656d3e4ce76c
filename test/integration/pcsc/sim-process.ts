/** The simulator as its users start it: a process of its own, driven by its control socket (one JSON object a line). */
import { existsSync, watch } from "node:fs";
import { connect, type Socket } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { JsonLines, type JsonObject } from "./json-lines.ts";
import { LoggedProcess } from "./logged-process.ts";

const BUNDLE = "build/sim.mjs";
const START_LIMIT_MS = 20_000;
const ANSWER_LIMIT_MS = 20_000;

export class SimProcess {
  private constructor(
    readonly process: LoggedProcess,
    private readonly socket: Socket,
    private readonly lines: JsonLines,
  ) {}

  /** Starts it with its line and its control socket in `directory`; resolves when it takes commands. */
  static async start(directory: string, flags: readonly string[]): Promise<SimProcess> {
    if (!existsSync(BUNDLE)) throw new Error(`${BUNDLE} is missing: run \`make build\` first`);
    const control = join(directory, "control");
    const places = ["--line", `pty:${join(directory, "tty")}`, "--control", `unix:${control}`];
    const command = [process.execPath, "--enable-source-maps", BUNDLE, "--headless", ...places, ...flags];
    const child = new LoggedProcess("sim", command, { ownGroup: true });
    try {
      await appears(child, directory, control);
      const socket = connect(control);
      await once(socket, "connect");
      return new SimProcess(child, socket, new JsonLines("control", socket, socket));
    } catch (error) {
      await child.stop();
      throw error;
    }
  }

  /** One control command, whatever its answer. */
  ask(command: JsonObject): Promise<JsonObject> {
    return this.lines.ask(command, ANSWER_LIMIT_MS);
  }

  /** One control command that must succeed. */
  async do(command: JsonObject): Promise<JsonObject> {
    const answer = await this.ask(command);
    if (answer["ok"] !== true) throw new Error(`${String(command["do"])}: ${String(answer["error"])}`);
    return answer;
  }

  async stop(): Promise<void> {
    this.socket.destroy();
    await this.process.stop();
  }
}

/** The control socket appears last, so it says that everything else is there. */
async function appears(child: LoggedProcess, directory: string, path: string): Promise<void> {
  let wake = (): void => undefined;
  const watcher = watch(directory, () => wake());
  const arrived = new Promise<void>((resolve) => {
    wake = () => void (existsSync(path) && resolve());
    wake();
  });
  const failed = child.until(() => existsSync(path), "open its control socket", START_LIMIT_MS);
  try {
    await Promise.race([arrived, failed]);
  } finally {
    watcher.close();
    // The loser of the race may still end when the simulator does: that is no failure any more.
    failed.catch(() => undefined);
  }
}
