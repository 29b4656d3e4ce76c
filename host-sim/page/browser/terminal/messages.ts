/** What the simulator tells the terminal's tab (host-sim/page/terminal-channel.ts). */

export interface DeckCard {
  readonly name: string;
  readonly about: string;
}

export interface TerminalState {
  readonly page: string;
  readonly language: string;
  /** In the slot, or "none". */
  readonly card: string;
  readonly lamps: Readonly<Record<"slot" | "secureEntry" | "status", boolean>>;
  readonly line: string;
  readonly power: "on" | "off";
  readonly case: "closed" | "opened";
  readonly caseKey: "service" | "off";
  readonly plugged: boolean;
  readonly complaintCount: number;
  readonly mode: "open" | "sealed" | "town";
  readonly engine: string;
  readonly pace: string;
  readonly seed: number;
  readonly noise: number;
  readonly speed: number;
  readonly held: boolean;
  readonly glassHarmed: boolean;
  /** A sentence about what is shown instead of the live terminal; empty for that one. */
  readonly shows: string;
  /** Keys, cards and faults are at hand: nobody but the scenario touches a terminal that it is told to. */
  readonly isTouchable: boolean;
}

export interface LogEntry {
  readonly n: number;
  readonly timeMs: number;
  readonly kind: string;
  readonly text: string;
}

export type Layer = "link" | "tls" | "ccid" | "contacts" | "atr" | "t1" | "apdu";

export interface WireEntry {
  readonly n: number;
  readonly timeMs: number;
  readonly wire: "line" | "card";
  readonly layer: Layer;
  readonly from: "terminal" | "counter" | "card";
  readonly text: string;
  readonly bad: boolean;
  readonly hasHex: boolean;
}

export type FromSimulator =
  | { readonly type: "deck"; readonly cards: readonly DeckCard[] }
  | ({ readonly type: "state" } & TerminalState)
  | { readonly type: "time"; readonly timeMs: number }
  | { readonly type: "tone"; readonly hz: number }
  | { readonly type: "begin" }
  | { readonly type: "log"; readonly entries: readonly LogEntry[] }
  | { readonly type: "wire"; readonly entries: readonly WireEntry[] }
  | { readonly type: "hex"; readonly n: number; readonly hex: string }
  | { readonly type: "file"; readonly name: string; readonly mime: string; readonly base64: string }
  | { readonly type: "refused"; readonly error: string };

/** Sends what people do. */
export type Tell = (message: Readonly<Record<string, unknown>>) => void;
