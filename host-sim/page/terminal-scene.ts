/**
 * One terminal as a tab sees it: its picture, its state, what happened and what went over its wires. It only listens: what a tab does
 * goes through the station, and the scene never holds the terminal up.
 */
import { BOARD } from "../../board/mps2-an386/pins.ts";
import type { Station } from "../cli/station.ts";
import type { ImageMode } from "../engine/engine.ts";
import type { TraceEvent } from "../world/recorder.ts";
import { SessionRecording } from "../scenario-file/recording.ts";
import type { TerminalAction } from "./terminal-action.ts";
import { EventLog } from "./event-log.ts";
import { WireLog } from "./wire-log.ts";

/** What has changed since it was told last. */
export type SceneChange = "picture" | "tone" | "other";

export class TerminalScene {
  readonly log = new EventLog();
  readonly wire: WireLog;
  readonly recording: SessionRecording;
  /** Called often: whoever listens gathers what it tells. */
  onChange: ((change: SceneChange) => void) | undefined;
  private seen = 0;

  constructor(
    readonly station: Station,
    mode: ImageMode,
  ) {
    this.wire = new WireLog(mode);
    const { recorder } = station.simulator.world;
    recorder.onEvent((event) => this.hear(event));
    this.recording = new SessionRecording({
      get nowNs() {
        return station.simulator.nowNs;
      },
      page: () => station.page(),
    });
    station.onAction = (action, timeNs) => this.acted(action, timeNs);
    station.onRest(() => this.look());
  }

  /** How many events were recorded that somebody may see: a single step waits for one more. */
  seenCount(): number {
    return this.seen;
  }

  /** VCOM stands still under a picture: the glass takes harm. */
  isGlassHarmed(): boolean {
    const { outputs, lcd } = this.station.simulator.world;
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
    this.recording.did(action);
    const text = handText(action);
    if (text !== undefined) this.log.hand(timeNs, text);
    this.onChange?.("other");
  }

  private look(): void {
    const { station } = this;
    const before = this.log.entries.last();
    this.log.look(station.simulator.nowNs, station.page(), station.simulator.world.complaints);
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
