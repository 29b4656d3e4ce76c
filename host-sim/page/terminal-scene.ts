/**
 * One terminal as a tab sees it: its picture, its state, what happened and what went over its wires. It only listens: what a tab does
 * goes through the station, and the scene never holds the terminal up.
 */
import { BOARD } from "../../board/mps2-an386/pins.ts";
import type { RunClock } from "../cli/live-run.ts";
import type { Station } from "../cli/station.ts";
import type { TerminalLook } from "../cli/terminal-state.ts";
import type { ImageMode } from "../engine/engine.ts";
import type { Simulator } from "../world/simulator.ts";
import type { TraceEvent } from "../world/recorder.ts";
import { SessionRecording } from "../scenario-file/recording.ts";
import type { TerminalAction } from "./terminal-action.ts";
import { EventLog } from "./event-log.ts";
import { WireLog } from "./wire-log.ts";

/** What has changed since it was told last. */
export type SceneChange = "picture" | "tone" | "other";

/** A terminal that can be looked at: one that people touch, or one that a story is told to. */
export interface ShownTerminal {
  readonly simulator: Simulator;
  readonly live: RunClock;
  /** The page's name; `off` without power. */
  page(): string;
  /** What of it is to be seen, without bringing the world up to the present. */
  seen(): TerminalLook;
  /** Calls `listener` each time the terminal has come to rest. */
  onRest(listener: () => void): void;
  close(): void;
}

/** Whose hands are at a terminal, and what they did. */
export interface Touched {
  readonly station: Station;
  readonly recording: SessionRecording;
}

export class TerminalScene {
  readonly log = new EventLog();
  readonly wire: WireLog;
  /** Of a terminal that people touch. */
  touched: Touched | undefined;
  /** Called often: whoever listens gathers what it tells. */
  onChange: ((change: SceneChange) => void) | undefined;
  private seen = 0;

  constructor(
    readonly terminal: ShownTerminal,
    mode: ImageMode,
  ) {
    this.wire = new WireLog(mode);
    terminal.simulator.world.recorder.onEvent((event) => this.hear(event));
    terminal.onRest(() => this.look());
  }

  /** Of a terminal that people touch: what they do is told and recorded. */
  static ofStation(station: Station, mode: ImageMode): TerminalScene {
    const scene = new TerminalScene(station, mode);
    const recording = new SessionRecording({
      get nowNs() {
        return station.simulator.nowNs;
      },
      page: () => station.page(),
    });
    scene.touched = { station, recording };
    station.onAction = (action, timeNs) => {
      recording.did(action);
      scene.acted(action, timeNs);
    };
    return scene;
  }

  /** How many events were recorded that somebody may see: a single step waits for one more. */
  seenCount(): number {
    return this.seen;
  }

  /** VCOM stands still under a picture: the glass takes harm. */
  isGlassHarmed(): boolean {
    const { outputs, lcd } = this.terminal.simulator.world;
    return (outputs & BOARD.lcd.displayOnMask) !== 0 && !lcd.isAlternating();
  }

  private hear(event: TraceEvent): void {
    this.log.hear(event);
    this.wire.hear(event);
    const { channel } = event;
    if (channel === "scan" || channel === "memory") return;
    this.seen++;
    this.onChange?.(
      channel === "spi" || channel === "pins" ? "picture" : channel === "tone" ? "tone" : "other",
    );
  }

  private acted(action: TerminalAction, timeNs: number): void {
    const text = handText(action);
    if (text !== undefined) this.log.hand(timeNs, text);
    this.onChange?.("other");
  }

  private look(): void {
    const { simulator } = this.terminal;
    const before = this.log.entries.last();
    this.log.look(simulator.nowNs, this.terminal.page(), simulator.world.complaints);
    if (this.log.entries.last() !== before) this.onChange?.("other");
  }
}

/** Keys, power, case and case key are told by the world itself. */
function handText(action: TerminalAction): string | undefined {
  switch (action.do) {
    case "insert":
      return `card ${action.card} put in`;
    case "remove":
      return "card pulled";
    case "line":
      return action.plugged ? "line plugged in" : "line unplugged";
    case "noise":
      return action.rate === 0 ? "line quiet" : `noise on the line: ${action.rate * 100} % of the characters`;
    case "step":
      return `the counter: ${action.name}`;
    case "line-sends":
    case "keys":
    case "press":
    case "release":
    case "power":
    case "case":
    case "casekey":
      return undefined;
  }
}
