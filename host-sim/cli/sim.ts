/** `npm run -s sim`: starts the terminal in its world and serves until a signal, `quit` or its parent's death. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineMissing } from "../engine/engine.ts";
import { checkEngine } from "../engine/engines.ts";
import { parseOptions, UsageStop, type ControlChoice, type SimOptions } from "./options.ts";
import { watchParent } from "./parent-watch.ts";
import { Station, type StationOptions } from "./station.ts";
import { TextTerminal } from "./text-terminal.ts";

/** A reader that has stopped reading does not hold the end up any longer. */
const LAST_WORDS_MS = 500;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Decides the places that no flag names: in a directory of this run, which goes away with it. */
function withPlaces(options: SimOptions): { places: StationOptions; removePlaces: () => void } {
  if (options.line !== undefined && options.control !== undefined) {
    return {
      places: { ...options, line: options.line, control: options.control },
      removePlaces: () => undefined,
    };
  }
  const folder = mkdtempSync(join(tmpdir(), "madoguchi-"));
  const line = options.line ?? { kind: "pty", path: join(folder, "line") };
  const control = options.control ?? { kind: "unix", path: join(folder, "control") };
  return {
    places: { ...options, line, control },
    removePlaces: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function controlText(control: ControlChoice): string {
  return control.kind === "unix" ? control.path : control.kind;
}

function startText(station: Station, options: StationOptions): string {
  const card = station.tray.inserted() ?? station.tray.waiting() ?? "none";
  const command = `{"do":"insert","card":"mynumber"}`;
  const control = controlText(options.control);
  const next =
    options.control.kind === "unix"
      ? `echo '${command}' | nc -NU ${control}`
      : `send ${command} on standard input`;
  return [
    "Madoguchi simulator: bench image, open mode (not for a town's counter)",
    `  line     ${station.lineAddress ?? "inproc"}`,
    `  control  ${control}`,
    `  card     ${card}`,
    `  next     ${card === "none" ? next : `{"do":"state"} on the control path tells what the terminal shows`}`,
    "",
  ].join("\n");
}

function complain(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`sim: ${text}\n`);
}

class Run {
  private readonly station: Station;
  private readonly places: StationOptions;
  private readonly removePlaces: () => void;
  private text: TextTerminal | undefined;
  private ended = false;

  constructor(options: SimOptions) {
    const { places, removePlaces } = withPlaces(options);
    this.places = places;
    this.removePlaces = removePlaces;
    this.station = new Station(places, {
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
    const say = this.places.control.kind === "stdio" ? process.stderr : process.stdout;
    say.write(startText(this.station, this.places));
    this.openText();
  }

  private openText(): void {
    const { headless, control } = this.places;
    const attached = process.stdin.isTTY && process.stdout.isTTY;
    if (headless || !attached || control.kind === "stdio") return;
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
      this.removePlaces();
    } catch (error) {
      complain(error);
      exitCode ||= 1;
    }
    process.exitCode = exitCode;
    // What was written to a pipe goes out before `exit` cuts it off.
    process.stdout.write("", () => process.exit(exitCode));
    setTimeout(() => process.exit(exitCode), LAST_WORDS_MS);
  }
}

function main(): void {
  try {
    const options = parseOptions(process.argv.slice(2));
    checkEngine(options.engine);
    void new Run(options).open();
  } catch (error) {
    if (error instanceof EngineMissing) {
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
