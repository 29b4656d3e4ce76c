/** `npm run -s sim`: starts the terminal in its world and serves until a signal, `quit` or its parent's death. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { EngineFailure, EngineMissing } from "../engine/engine.ts";
import { checkEngine } from "../engine/engines.ts";
import { REAL_CLOCK } from "../counter/counter-clock.ts";
import { DeskChannel } from "../desk/desk-channel.ts";
import { Desk } from "../desk/desk.ts";
import { REGISTER_FILE } from "../desk/register-file.ts";
import { Register } from "../desk/register.ts";
import { stationLine } from "../desk/station-line.ts";
import { TerminalChannel } from "../page/terminal-channel.ts";
import { parseOptions, UsageStop, type ControlChoice, type LineChoice, type SimOptions } from "./options.ts";
import { watchParent } from "./parent-watch.ts";
import { StateFolder } from "./state-folder.ts";
import { Station, type PagePlaces, type StationOptions } from "./station.ts";
import { terminalStart, type TerminalStart } from "./terminal-start.ts";
import { TextTerminal } from "./text-terminal.ts";

/** A reader that has stopped reading does not hold the end up any longer. */
const LAST_WORDS_MS = 500;
const REQUEST_BYTES = 16;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The page's files stand beside this bundle. `folder` is the run's own. */
function pageOf(given: SimOptions, folder: string, start: TerminalStart | undefined): PagePlaces {
  const options = { ...given, operators: start?.operators ?? given.operators };
  const fresh = (): Station => freshStation(options, folder);
  return {
    folder: fileURLToPath(new URL("page/", import.meta.url)),
    channels: (station) => ({
      terminal: new TerminalChannel(station, { options, fresh }),
      counter: new DeskChannel(deskOf(station, options.state, start?.key)),
    }),
  };
}

/** The counter window's register is kept beside the terminal's memory. Throws `CounterFailure` for a file that does not serve. */
function deskOf(station: Station, state: string | undefined, key: string | undefined): Desk {
  return new Desk({
    register: Register.open(state === undefined ? undefined : join(state, REGISTER_FILE)),
    isKept: state !== undefined,
    open: key === undefined ? undefined : stationLine(station.line, key, REAL_CLOCK),
    clock: REAL_CLOCK,
    wallMs: () => Date.now(),
    requestId: () => randomBytes(REQUEST_BYTES).toString("hex"),
    says: (name, value) => station.counterSays(name, value),
  });
}

/** A terminal as new that nothing outside is connected to: a replay's. What becomes of it is nobody's end. */
function freshStation(options: SimOptions, folder: string): Station {
  const { start } = memoryOf({ ...options, state: undefined }, mkdtempSync(join(folder, "replay-")));
  const { trace: _trace, state: _state, ...others } = options;
  const places = { line: { kind: "inproc" }, control: { kind: "none" }, card: "none" } as const;
  return new Station(
    { ...others, ...places, ...(start === undefined ? {} : { start }) },
    { onQuit: () => undefined, onFailure: complain, onRestart: () => undefined },
  );
}

/** The places of a run, and how they are taken away. */
interface Places {
  readonly options: StationOptions;
  readonly remove: () => void;
}

/**
 * Decides the places that no flag names: in a directory of this run, which goes away with it. Makes the key of a sealed image.
 * Throws `UsageStop`.
 */
function makePlaces(options: SimOptions): Places {
  const folder = mkdtempSync(join(tmpdir(), "madoguchi-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const line: LineChoice = options.line ?? { kind: "pty", path: join(folder, "line") };
    const control: ControlChoice = options.control ?? { kind: "unix", path: join(folder, "control") };
    const memory = memoryOf(options, folder);
    const page = options.headless ? {} : { page: pageOf(options, folder, memory.start) };
    return { options: { ...options, line, control, ...page, ...memory }, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** What the terminal remembers, from `--state` or new. */
function memoryOf(options: SimOptions, folder: string): Pick<StationOptions, "start" | "kept"> {
  const { state } = options;
  if (state === undefined) return { start: terminalStart(options, folder) };
  const kept = new StateFolder(state);
  try {
    return { start: terminalStart(options, folder, kept), kept };
  } catch (error) {
    kept.close();
    throw error;
  }
}

function controlText(control: ControlChoice): string {
  return control.kind === "unix" ? control.path : control.kind;
}

const IMAGES: Readonly<Record<SimOptions["mode"], string>> = {
  open: "bench image, open mode (not for a town's counter)",
  sealed: "development image, sealed mode (not for a town's counter)",
  town: "town image, town mode (it takes no key that was made for development)",
};

/** What to do next, as it can be typed. */
function nextText(station: Station, { control, start, line }: StationOptions, card: string): string {
  if (start?.key !== undefined && station.lineAddress !== undefined) {
    const where = `${line.kind === "tcp" ? "tcp:" : ""}${station.lineAddress}`;
    return `npm run -s counter -- info --line ${where} --key ${start.key}`;
  }
  const command = `{"do":"insert","card":"mynumber"}`;
  if (card !== "none") return `{"do":"state"} on the control path tells what the terminal shows`;
  return control.kind === "unix"
    ? `echo '${command}' | nc -NU ${control.path}`
    : `send ${command} on standard input`;
}

function startText(station: Station, options: StationOptions): string {
  const card = station.tray.inserted() ?? station.tray.waiting() ?? "none";
  const { mode, start, state } = options;
  return [
    `Madoguchi simulator: ${IMAGES[mode]}`,
    `  line     ${station.lineAddress ?? "inproc"}`,
    ...(start?.key === undefined ? [] : [`  key      ${start.key}`]),
    ...(start?.auditor === undefined ? [] : [`  auditor  ${start.auditor}`]),
    ...(state === undefined ? [] : [`  state    ${state}`]),
    `  control  ${controlText(options.control)}`,
    `  card     ${card}`,
    `  next     ${nextText(station, options, card)}`,
    // Alone on its line, so that a terminal's double click takes it.
    ...(station.pageAddress === undefined ? [] : [station.pageAddress]),
    "",
  ].join("\n");
}

function complain(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`sim: ${text}\n`);
}

class Run {
  private readonly station: Station;
  private text: TextTerminal | undefined;
  private ended = false;

  constructor(private readonly places: Places) {
    this.station = new Station(places.options, {
      onQuit: () => this.finish(0),
      onFailure: (error) => {
        complain(error);
        this.finish(1);
      },
      // The text view has the screen to itself.
      onRestart: (text) => (this.text === undefined ? complain(text) : this.text.tell(text)),
    });
    for (const signal of SIGNALS) process.on(signal, () => this.finish(0));
    watchParent(() => this.finish(0));
    // A pipe that nobody reads any more is no reason to end.
    process.stdout.on("error", () => undefined);
    process.stderr.on("error", () => undefined);
  }

  async open(): Promise<void> {
    try {
      await this.station.open();
    } catch (error) {
      complain(error);
      return this.finish(2);
    }
    if (this.ended) return;
    // Standard output belongs to the answers under `--control stdio`.
    const { options } = this.places;
    const say = options.control.kind === "stdio" ? process.stderr : process.stdout;
    say.write(startText(this.station, options));
    this.openText();
  }

  private openText(): void {
    const { text, control } = this.places.options;
    const attached = process.stdin.isTTY && process.stdout.isTTY;
    if (!text || !attached || control.kind === "stdio") return;
    this.text = new TextTerminal(this.station, controlText(control), () => this.finish(0));
    this.text.open();
  }

  /** Takes everything away and ends the process. */
  private finish(exitCode: number): void {
    if (this.ended) return;
    this.ended = true;
    this.text?.close();
    try {
      this.station.close();
    } catch (error) {
      complain(error);
      exitCode ||= 1;
    } finally {
      this.places.remove();
    }
    process.exitCode = exitCode;
    // What was written to a pipe goes out before `exit` cuts it off.
    process.stdout.write("", () => process.exit(exitCode));
    setTimeout(() => process.exit(exitCode), LAST_WORDS_MS);
  }
}

/** Opens what the flags say. Throws `UsageStop`, `EngineMissing` and `EngineFailure`. */
function start(options: SimOptions): void {
  checkEngine(options.engine, options.mode);
  const places = makePlaces(options);
  try {
    void new Run(places).open();
  } catch (error) {
    places.options.kept?.close();
    places.remove();
    throw error;
  }
}

function main(): void {
  try {
    start(parseOptions(process.argv.slice(2)));
  } catch (error) {
    if (error instanceof EngineMissing || error instanceof EngineFailure) {
      complain(error);
      process.exitCode = 2;
      return;
    }
    if (!(error instanceof UsageStop)) throw error;
    (error.exitCode === 0 ? process.stdout : process.stderr).write(`${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}

main();
