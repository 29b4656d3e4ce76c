/**
 * What happens to the terminal, in words: made of the recorder's events and of what people do to it. A digit's key is a dot, whoever
 * presses it.
 */
import { BOARD } from "../../board/mps2-an386/pins.ts";
import { KEY_ORDER } from "../chip/key-matrix.ts";
import type { TraceEvent } from "../world/recorder.ts";
import { Ring } from "./ring.ts";

export type LogKind = "key" | "lamp" | "sound" | "card" | "page" | "hand" | "trouble";

export interface LogEntry {
  readonly n: number;
  readonly timeMs: number;
  readonly kind: LogKind;
  readonly text: string;
}

const MOST = 1000;
const KEY_NAMES: Readonly<Record<string, string>> = {
  X: "取消 ✕",
  C: "訂正 ＜",
  L: "言語 ？",
  E: "確認 ○",
  "<": "←",
  ">": "→",
};
const KEYS = KEY_ORDER.length;
const LAMPS = [
  [BOARD.lamps.slot, "slot lamp"],
  [BOARD.lamps.secureEntry, "secure-entry lamp"],
  [BOARD.lamps.status, "status lamp"],
] as const;

export class EventLog {
  readonly entries = new Ring<LogEntry>(MOST);
  private outputs = 0;
  private page = "";
  private complaints = 0;

  hear({ timeNs, channel, value }: TraceEvent): void {
    switch (channel) {
      case "keys":
        return this.key(timeNs, value as number);
      case "pins":
        return this.pins(timeNs, value as number);
      case "tone":
        return this.tone(timeNs, value as number);
      case "card-supply":
        return this.say(timeNs, "card", String(value));
      case "world":
        return this.say(timeNs, "hand", String(value));
      case "spi":
      case "memory":
      case "line-in":
      case "line-out":
      case "vcom":
      case "card-out":
      case "card-in":
      case "scan":
        return;
    }
  }

  /** What somebody has done that no pin tells. */
  hand(timeNs: number, text: string): void {
    this.say(timeNs, "hand", text);
  }

  /** Looks at the terminal at rest: the page that it shows, and what the world complains of. */
  look(timeNs: number, page: string, complaints: readonly string[]): void {
    if (page !== this.page) this.say(timeNs, "page", page);
    this.page = page;
    for (const complaint of complaints.slice(this.complaints)) this.say(timeNs, "trouble", complaint);
    this.complaints = complaints.length;
  }

  private key(timeNs: number, value: number): void {
    const key = KEY_ORDER.charAt(value % KEYS);
    const name = KEY_NAMES[key] ?? "●";
    this.say(timeNs, "key", `${name} ${value < KEYS ? "down" : "up"}`);
  }

  private pins(timeNs: number, outputs: number): void {
    const changed = this.outputs ^ outputs;
    this.outputs = outputs;
    for (const [mask, name] of LAMPS)
      if ((changed & mask) !== 0)
        this.say(timeNs, "lamp", `${name} ${(outputs & mask) === 0 ? "off" : "lit"}`);
    if ((changed & BOARD.lcd.displayOnMask) === 0) return;
    this.say(timeNs, "page", (outputs & BOARD.lcd.displayOnMask) === 0 ? "display off" : "display on");
  }

  private tone(timeNs: number, hz: number): void {
    if (hz > 0) this.say(timeNs, "sound", `tone ${hz} Hz`);
  }

  private say(timeNs: number, kind: LogKind, text: string): void {
    this.entries.add((n) => ({ n, timeMs: Math.floor(timeNs / 1e6), kind, text }));
  }
}
