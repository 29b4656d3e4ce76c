/**
 * A running simulator with everything around it: world, live clock, card tray, line, trace and control, opened in the order
 * that others rely on: vpcd before the line, the line before the page, the page before the control socket, which is the last to appear.
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { TerminalAction } from "../page/terminal-action.ts";
import { describeDeck } from "../card/deck.ts";
import { LCD_HEIGHT, LCD_WIDTH } from "../chip/memory-lcd.ts";
import { framePng } from "../world/png.ts";
import { codeOfLanguage, type LanguageCode } from "../world/language-code.ts";
import { Simulator } from "../world/simulator.ts";
import { saveMemory } from "../world/terminal-memory.ts";
import { AutoKeys } from "./auto-keys.ts";
import { CardTray } from "./card-tray.ts";
import type { Controlled } from "./control-commands.ts";
import { PageServer } from "../page/page-server.ts";
import { readPageFiles } from "../page/page-files.ts";
import type { PageChannel } from "../page/page-channel.ts";
import { openControlSocket, serveControl } from "./control-server.ts";
import { openPtyLine } from "./line-pty.ts";
import { openTcpLine } from "./line-tcp.ts";
import { LiveRun, NODE_CLOCK } from "./live-run.ts";
import type { ControlChoice, LineChoice, SimOptions } from "./options.ts";
import type { LineListener, OutsideLine } from "./outside-line.ts";
import { SharedLine } from "./shared-line.ts";
import type { StateFolder } from "./state-folder.ts";
import {
  handledOf,
  lastResetOf,
  latestComplaints,
  restartText,
  sightOf,
  ToneEar,
  type TerminalLook,
} from "./terminal-state.ts";
import type { TerminalStart } from "./terminal-start.ts";
import { TraceFile } from "./trace-file.ts";

/** Options with every place decided. */
export interface StationOptions extends SimOptions {
  readonly line: LineChoice;
  readonly control: ControlChoice;
  /** What the terminal begins with; as it left the factory unless told otherwise. */
  readonly start?: TerminalStart;
  /** Where its memory is kept; closed with the station. */
  readonly kept?: StateFolder;
  /** The page is served from there; without it there is none. */
  readonly page?: PagePlaces;
}

export interface PagePlaces {
  /** Where `make sim` has put its files. */
  readonly folder: string;
  /** Its tabs, by name. */
  readonly channels: (station: Station) => Readonly<Record<string, PageChannel>>;
}

export interface StationEnd {
  /** Somebody said `quit`, or standard input ended under `--control stdio`. */
  readonly onQuit: () => void;
  readonly onFailure: (error: unknown) => void;
  /** The terminal has started again, or the page could not do something; a sentence that says why. */
  readonly onRestart: (text: string) => void;
}

export class Station implements Controlled {
  readonly simulator: Simulator;
  readonly tray: CardTray;
  readonly ear: ToneEar;
  /** Where the PC finds the line; undefined with `inproc`. */
  lineAddress: string | undefined;
  /** What to open in a browser; undefined when there is no page. */
  pageAddress: string | undefined;
  private readonly restListeners = new Set<() => void>();
  /** Called with what people do to the terminal, whichever way they do it, and when. */
  onAction: ((action: TerminalAction, timeNs: number) => void) | undefined;
  /** The clock of the run: its speed, holds, steps and jumps. */
  readonly live: LiveRun;
  /** The PC's end of the counter line. */
  readonly line: SharedLine;
  private readonly autoKeysOn: AutoKeys;
  private readonly closers: (() => void)[] = [];

  constructor(
    private readonly options: StationOptions,
    private readonly end: StationEnd,
  ) {
    const { engine, mode, lang, firewall, seed } = options;
    this.simulator = new Simulator({ engine, mode, language: lang, firewall, seed, ...options.start?.holds });
    const { world } = this.simulator;
    world.recorder.keep = false;
    world.recorder.clear();
    world.onRestart = (reset) => this.end.onRestart(restartText(reset));
    this.ear = new ToneEar(world);
    this.live = this.liveRun();
    const enter = (action: () => void): void => this.live.enter(action);
    const told = (action: TerminalAction): void => this.onAction?.(action, this.simulator.nowNs);
    this.line = new SharedLine({
      send: (bytes) => this.live.enter(() => world.line.send(bytes)),
      nowMs: () => NODE_CLOCK.nowMs(),
    });
    world.line.onBytes((bytes) => this.line.hearTerminal(bytes));
    this.tray = new CardTray(world.slot, enter, told);
    this.autoKeysOn = new AutoKeys({
      scheduler: world.scheduler,
      view: () => this.simulator.engineView(),
      press: (key, everyMs) => this.simulator.keys(key, everyMs),
    });
  }

  /** Opens everything. Rejects with a sentence when something cannot be opened; `close` then takes the rest away. */
  async open(): Promise<void> {
    const { trace, card } = this.options;
    if (trace !== undefined) {
      const file = new TraceFile(trace, this.simulator.world.recorder);
      this.closers.push(() => file.close());
    }
    // Before anybody can pair with it.
    this.keep();
    // Their tabs tell of the first boot as well.
    const channels = this.options.page?.channels(this) ?? {};
    this.live.start();
    this.closers.push(() => this.live.stop());
    this.closers.push(() => this.tray.close());
    if (card !== "none") await this.insert(card, false);
    await this.openLine();
    await this.openPage(channels);
    await this.openControl();
  }

  /** Calls `listener` each time the terminal has come to rest, until what is returned is called. */
  onRest(listener: () => void): () => void {
    this.restListeners.add(listener);
    return () => this.restListeners.delete(listener);
  }

  /** Runs what comes from outside at the world's present, and all that follows from it. */
  enter(action: () => void): void {
    this.live.enter(action);
  }

  /** Ends all of it, the latest first. */
  close(): void {
    for (let closer = this.closers.pop(); closer !== undefined; closer = this.closers.pop()) closer();
    this.simulator.close();
    try {
      this.keep();
    } finally {
      this.options.kept?.close();
    }
  }

  async insert(card: string, fresh: boolean): Promise<Record<string, unknown>> {
    return { ...(await this.tray.insert(card, fresh)) };
  }

  remove(): Record<string, unknown> {
    return { card: this.tray.remove() };
  }

  keys(keys: string, everyMs: number): Record<string, unknown> {
    this.act({ do: "keys", keys, everyMs }, () => this.simulator.keys(keys, everyMs));
    return { keys: keys.length, everyMs };
  }

  /** A finger goes down on a key, and lifts later. */
  press(key: string): void {
    this.act({ do: "press", key }, () => this.simulator.press(key));
  }

  release(key: string): void {
    this.act({ do: "release", key }, () => this.simulator.release(key));
  }

  /** Disturbs the counter line: the chance of a character to be damaged, 0…1. */
  noise(rate: number): void {
    this.act({ do: "noise", rate }, () => this.simulator.world.lineNoise.setRate(rate));
  }

  autoKeys(keys: string, everyMs: number): Record<string, unknown> {
    this.live.enter(() => this.autoKeysOn.set(keys, everyMs));
    return { on: keys !== "" };
  }

  /** A counter in this process is about to say it at the line: a step of the scenario files. */
  counterSays(name: string, value?: unknown): void {
    this.act({ do: "step", name, value }, () => undefined);
  }

  screen(png: string): Record<string, unknown> {
    const path = resolve(png);
    this.live.enter(() => undefined);
    writeFileSync(path, framePng(this.simulator.world.lcd.frame()));
    return { page: this.page(), png: path, width: LCD_WIDTH, height: LCD_HEIGHT };
  }

  power(on: boolean): Record<string, unknown> {
    this.act({ do: "power", on }, () => (on ? this.simulator.powerOn() : this.simulator.powerOff()));
    return { power: handledOf(this.simulator).power };
  }

  plugLine(plugged: boolean): Record<string, unknown> {
    const { line } = this.simulator.world;
    this.act({ do: "line", plugged }, () => (plugged ? line.plug() : line.unplug()));
    return { plugged };
  }

  openCase(): Record<string, unknown> {
    this.act({ do: "case" }, () => this.simulator.openCase());
    return { case: handledOf(this.simulator).case };
  }

  turnCaseKey(service: boolean): Record<string, unknown> {
    this.act({ do: "casekey", service }, () => this.simulator.world.turnCaseKey(service));
    return { caseKey: handledOf(this.simulator).caseKey };
  }

  state(): Record<string, unknown> {
    this.live.enter(() => undefined);
    return this.look();
  }

  /** The state as it is, without bringing the world up to the present. */
  look() {
    const { simulator } = this;
    const { world } = simulator;
    return {
      ...this.seen(),
      waiting: this.tray.waiting() ?? "none",
      tone: { hz: world.toneHz, lastHz: this.ear.lastHz, count: this.ear.count },
      autokeys: this.autoKeysOn.isOn(),
      ...(this.options.start?.key === undefined ? {} : { key: this.options.start.key }),
      timeMs: Math.floor(simulator.nowNs / 1e6),
      lastReset: lastResetOf(world),
      complaints: latestComplaints(world),
      firewall: this.options.firewall,
    };
  }

  /** What of it is to be seen, without bringing the world up to the present. */
  seen(): TerminalLook {
    const { mode, engine, pace, seed, lang } = this.options;
    return {
      ...sightOf(this.simulator, lang),
      card: this.tray.inserted() ?? "none",
      line: this.lineAddress ?? "inproc",
      ...{ mode, engine, pace, seed },
    };
  }

  cards(): Record<string, unknown> {
    return { cards: describeDeck() };
  }

  quit(): Record<string, unknown> {
    // After the answer has gone out.
    setImmediate(this.end.onQuit);
    return {};
  }

  /** The page's name; `off` without power. */
  page(): string {
    return this.simulator.isPowered() ? this.simulator.page() : "off";
  }

  language(): LanguageCode {
    if (!this.simulator.isPowered()) return this.options.lang;
    return codeOfLanguage(this.simulator.view().language);
  }

  /** What is done is told at the world's present, before what comes of it. */
  private act(action: TerminalAction, perform: () => void): void {
    this.live.enter(() => {
      this.onAction?.(action, this.simulator.nowNs);
      perform();
    });
  }

  private liveRun(): LiveRun {
    const { simulator } = this;
    const world = {
      get nowNs(): number {
        return simulator.nowNs;
      },
      nextNs: () => simulator.nextNs(),
      advance: (timeNs: number) => simulator.advance(timeNs),
      mayJumpTo: (timeNs: number) => simulator.world.scheduler.mayJumpTo(timeNs),
    };
    return new LiveRun(world, {
      pace: this.options.pace,
      clock: NODE_CLOCK,
      onRest: () => {
        if (simulator.isPowered()) this.autoKeysOn.look();
        this.keep();
        for (const listener of this.restListeners) listener();
      },
      onFailure: this.end.onFailure,
    });
  }

  /** At every rest: a process that is killed has lost at most what the terminal was about to finish. */
  private keep(): void {
    this.options.kept?.write(saveMemory(this.simulator.world));
  }

  private async openLine(): Promise<void> {
    const { line } = this.options;
    if (line.kind === "inproc") return;
    const terminalLine = this.simulator.world.line;
    const send: LineListener = (bytes) => this.live.enter(() => terminalLine.send(bytes));
    const sendToBench: LineListener = (bytes) =>
      this.act({ do: "line-sends", bytes: Uint8Array.from(bytes) }, () => terminalLine.send(bytes));
    const forward = this.options.mode === "open" ? sendToBench : send;
    const hear: LineListener = (bytes) => this.line.hearOutside(bytes, forward);
    const outside: OutsideLine =
      line.kind === "pty" ? openPtyLine(line.path, hear) : await openTcpLine(line.port, hear);
    this.line.connect(outside);
    this.closers.push(() => outside.close());
    this.lineAddress = outside.address;
  }

  private async openPage(channels: Readonly<Record<string, PageChannel>>): Promise<void> {
    const { page, port } = this.options;
    if (page === undefined) return;
    // A page that fails is no reason to end a terminal.
    const onFailure = (error: unknown): void => this.end.onRestart(`the page: ${String(error)}`);
    const server = new PageServer({
      files: readPageFiles(page.folder),
      channels,
      onFailure,
      ...(port === undefined ? {} : { port }),
    });
    await server.open();
    this.closers.push(() => server.close());
    this.pageAddress = server.address;
  }

  private async openControl(): Promise<void> {
    const { control } = this.options;
    if (control.kind === "stdio")
      void serveControl(process.stdin, process.stdout, this).then(this.end.onQuit);
    if (control.kind === "unix") this.closers.push(await openControlSocket(control.path, this));
  }
}
