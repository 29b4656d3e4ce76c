/** Runs the text view in the terminal that the simulator was started in: draws what changed, turns its keys into presses. */
import { describeDeck } from "../card/deck.ts";
import { CachedPicture } from "./half-blocks.ts";
import type { Station } from "./station.ts";
import { lampsOf } from "./terminal-state.ts";
import { positionOf, viewLines, type ViewModel } from "./text-view.ts";

const ENTER_SCREEN = "\x1b[?1049h\x1b[?25l\x1b[2J";
const LEAVE_SCREEN = "\x1b[0m\x1b[?25h\x1b[?1049l";
const FRAME_MS = 40;
const PRESS_EVERY_MS = 150;

/** Keys of the terminal's keyboard and the keypad's (KEY_ORDER). */
const PRESSES: Readonly<Record<string, string>> = {
  "\r": "E",
  "\n": "E",
  "\x7f": "C",
  "\b": "C",
  "\x1b": "X",
  l: "L",
  "\x1b[D": "<",
  "\x1bOD": "<",
  "\x1b[C": ">",
  "\x1bOC": ">",
};

/** Cuts what the keyboard sent into keys: escape sequences stay whole. */
export function keysOf(text: string): string[] {
  return text.match(/\x1b[[O][0-9;]*[A-Za-z~]|[\s\S]/gu) ?? [];
}

/** The keypad's key for one of `keysOf`, or undefined. */
export function pressOf(key: string): string | undefined {
  return /^[0-9]$/.test(key) ? key : PRESSES[key];
}

export class TextTerminal {
  private drawn: string[] = [];
  private drawTimer: NodeJS.Timeout | undefined;
  private message = "";
  private showsDeck = false;
  private forgetRest: () => void = () => undefined;
  private readonly deck = describeDeck();
  private readonly picture = new CachedPicture();
  private readonly input = process.stdin;
  private readonly output = process.stdout;
  private readonly onData = (chunk: Buffer): void =>
    keysOf(chunk.toString("utf8")).forEach((key) => this.key(key));
  private readonly onResize = (): void => {
    this.drawn = [];
    this.output.write("\x1b[2J");
    this.draw();
  };

  constructor(
    private readonly station: Station,
    private readonly control: string,
    private readonly onQuit: () => void,
  ) {}

  open(): void {
    this.input.setRawMode(true);
    this.input.on("data", this.onData).resume();
    this.output.on("resize", this.onResize);
    this.output.write(ENTER_SCREEN);
    this.forgetRest = this.station.onRest(() => this.drawSoon());
    this.draw();
  }

  close(): void {
    clearTimeout(this.drawTimer);
    this.forgetRest();
    this.output.off("resize", this.onResize);
    this.input.off("data", this.onData).pause();
    this.input.setRawMode(false);
    this.output.write(LEAVE_SCREEN);
  }

  /** Shows a sentence until the next key. */
  tell(text: string): void {
    this.message = text;
    this.drawSoon();
  }

  private drawSoon(): void {
    this.drawTimer ??= setTimeout(() => this.draw(), FRAME_MS);
  }

  private draw(): void {
    clearTimeout(this.drawTimer);
    this.drawTimer = undefined;
    const { columns, rows } = this.output;
    const lines = viewLines(this.model(), { columns: columns || 80, rows: rows || 24 });
    let change = "";
    for (let row = 0; row < Math.max(lines.length, this.drawn.length); row++) {
      const line = lines[row] ?? "";
      if (line !== this.drawn[row]) change += `\x1b[${row + 1};1H${line}\x1b[K`;
    }
    this.drawn = lines;
    if (change !== "") this.output.write(change);
  }

  private model(): ViewModel {
    const { tray, ear } = this.station;
    const { world } = this.station.simulator;
    const waiting = tray.waiting();
    return {
      picture: (columns) => this.picture.lines(world.lcd.frame(), columns),
      page: this.station.page(),
      card: tray.inserted() ?? (waiting === undefined ? "none" : `waiting at ${waiting}`),
      lamps: lampsOf(world),
      toneHz: ear.lastHz,
      sounds: world.toneHz !== 0,
      line: this.station.lineAddress ?? "inproc",
      control: this.control,
      complaints: world.complaints.length,
      message: this.message,
      deck: this.deck,
      showsDeck: this.showsDeck,
    };
  }

  private key(key: string): void {
    this.message = "";
    const press = pressOf(key);
    if (key === "q" || key === "\x03") return this.onQuit();
    if (key === "?") this.showsDeck = !this.showsDeck;
    else if (press !== undefined) this.station.keys(press, PRESS_EVERY_MS);
    else if (key === "r") this.try(() => this.station.remove());
    else this.insert(positionOf(key, this.deck.length));
    this.drawSoon();
  }

  private insert(position: number | undefined): void {
    if (position === undefined) return;
    this.showsDeck = false;
    this.station.insert(this.deck[position].name, false).catch((error: unknown) => this.say(error));
  }

  private try(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.say(error);
    }
  }

  private say(error: unknown): void {
    this.tell(error instanceof Error ? error.message : String(error));
  }
}
