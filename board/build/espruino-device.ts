/**
 * A device that runs Espruino, spoken to with the npm package `espruino` (installed apart below board/espruino/): its packets, of
 * which each is acknowledged. The package is a set of scripts for a web page that share globals; they stay behind this file.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { deviceAt, type SerialDevice } from "./espruino-port.ts";

const PACKAGE = "board/espruino/node_modules/espruino";
/** A packet carries 13 bits of length. */
const PACKET_BYTES = 0x1fff;
/** What must not be the low byte of a packet's length: the interpreter's console takes them for Ctrl-C and Ctrl-D (2v29). */
const CONTROL_BYTES = [3, 4];
const ANSWER_MS = 20_000;
/** A device that waits for the rest of a packet forgets it after 2 s. */
const GREETING_MS = 3000;
const GREETINGS = 4;
/** Of one expression, before the device counts as gone: a line may lose a byte. */
const ATTEMPTS = 3;
/** What goes out in one call. */
const WRITE_BYTES = 512;

interface Package {
  readonly Config: Record<string, unknown>;
  readonly Core: {
    readonly Serial: {
      readonly devices: SerialDevice[];
      readonly connection: {
        chunkSize: number;
        espruinoEval(expression: string, options: { timeout: number }): Promise<unknown>;
      };
      open(path: string, opened: (info: unknown) => void, closed: () => void): void;
    };
  };
}

/** Something about the device or the way to it; the message is for whoever flashes. */
export class DeviceError extends Error {}

/** What the package prints is no news for whoever flashes, and it prints for as long as it lives: the console is its own. */
function silenceConsole(): void {
  const nothing = (): void => undefined;
  Object.assign(console, { log: nothing, warn: nothing, error: nothing });
}

function loadPackage(): Package {
  if (!existsSync(PACKAGE)) throw new DeviceError(`${PACKAGE} is missing; \`make flash\` installs it`);
  const load = createRequire(import.meta.url);
  const { init } = load(resolve(PACKAGE)) as { init(done: () => void): void };
  silenceConsole();
  init(() => undefined);
  const loaded = Reflect.get(globalThis, "Espruino") as Package;
  // It would ask a server about the board, set the clock, and pass over ports of some names.
  Object.assign(loaded.Config, { ENV_ON_CONNECT: false, SET_TIME_ON_CONNECT: false, SERIAL_IGNORE: "" });
  return loaded;
}

/** One for each process, as the package has it. */
export class EspruinoDevice {
  private greetings = 0;

  private constructor(
    private readonly tools: Package,
    readonly path: string,
  ) {}

  /** Opens the port. `onClosed` is called when it ends by itself. Rejects with `DeviceError`. */
  static async open(path: string, onClosed: () => void): Promise<EspruinoDevice> {
    const tools = loadPackage();
    const { Serial } = tools.Core;
    Serial.devices.splice(0, Serial.devices.length, deviceAt(path));
    const opened = await new Promise<unknown>((done) => Serial.open(path, done, onClosed));
    if (typeof opened !== "object") throw new DeviceError(String(opened ?? `${path} cannot be opened`));
    Serial.connection.chunkSize = WRITE_BYTES;
    const made = new EspruinoDevice(tools, path);
    if (await made.isAnswering()) return made;
    throw new DeviceError(
      `${path}: nothing there answers as Espruino does. Is the case key in service, and the terminal switched on since?`,
    );
  }

  /**
   * The value of `expression` on the device. It is asked again when bytes of it or of its answer were lost on the line, so it has to
   * do no harm twice. Rejects with `DeviceError` when no answer comes.
   */
  async evaluate(expression: string): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.ask(expression, ANSWER_MS);
      } catch (error) {
        if (attempt < ATTEMPTS && (await this.isAnswering())) continue;
        throw new DeviceError(
          `${this.path}: the device does not answer any more (${String(error)}); flash again`,
        );
      }
    }
  }

  /**
   * Until it answers rightly: an upload that was broken off, or a lost byte, leaves it in the middle of a packet. Each greeting has a
   * number, for answers carry none: behind the right one no late answer to an older question is left.
   */
  private async isAnswering(): Promise<boolean> {
    for (let attempt = 1; attempt <= GREETINGS; attempt++) {
      const number = ++this.greetings;
      const answer = await this.ask(`${number}*7`, GREETING_MS).catch(() => undefined);
      if (answer === number * 7) return true;
    }
    return false;
  }

  private ask(expression: string, timeout: number): Promise<unknown> {
    const padded = CONTROL_BYTES.includes(expression.length & 255) ? `${expression}   ` : expression;
    if (padded.length > PACKET_BYTES) throw new Error("the expression is too long for a packet");
    return this.tools.Core.Serial.connection.espruinoEval(padded, { timeout });
  }
}
