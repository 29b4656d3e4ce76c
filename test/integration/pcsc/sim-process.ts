/** The simulator as its users start it: a process of its own, driven by its control socket (one JSON object a line). */
import { existsSync } from "node:fs";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { ENGINE } from "../../chosen-engine.ts";
import { JsonLines, type JsonObject } from "./json-lines.ts";
import { LoggedProcess } from "./logged-process.ts";

const BUNDLE = "build/sim.mjs";
/** Its start text comes after everything is open, the control socket last. */
const LISTENS = /^ +control +/m;
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
    const always = ["--headless", "--engine", ENGINE, ...places];
    const command = [process.execPath, "--enable-source-maps", BUNDLE, ...always, ...flags];
    const child = new LoggedProcess("sim", command, { ownGroup: true });
    try {
      await child.waitFor(LISTENS, START_LIMIT_MS);
      const socket = connect(control);
      await once(socket, "connect");
      return new SimProcess(child, socket, new JsonLines("control", socket, socket));
    } catch (error) {
      await child.stop();
      throw error;
    }
  }

  /** One control command that must succeed. */
  async do(command: JsonObject): Promise<JsonObject> {
    const answer = await this.lines.ask(command, ANSWER_LIMIT_MS);
    if (answer["ok"] !== true) throw new Error(`${String(command["do"])}: ${String(answer["error"])}`);
    return answer;
  }

  async stop(): Promise<void> {
    this.socket.destroy();
    await this.process.stop();
  }
}
