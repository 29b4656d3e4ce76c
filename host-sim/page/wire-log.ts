/** The decoded wires of one terminal, bounded. */
import type { ImageMode } from "../engine/engine.ts";
import type { TraceEvent } from "../world/recorder.ts";
import { Ring } from "./ring.ts";
import { CardWireDecoder } from "./wire-decode-card.ts";
import { OpenLineDecoder } from "./wire-decode-open.ts";
import { SealedLineDecoder } from "./wire-decode-sealed.ts";
import type { WireEntry } from "./wire-entry.ts";

export interface NumberedWireEntry extends WireEntry {
  readonly n: number;
  /** Where it passed: T=1 blocks and APDUs are on both. */
  readonly wire: "line" | "card";
}

const MOST = 2000;

export class WireLog {
  readonly entries = new Ring<NumberedWireEntry>(MOST);
  private readonly line: OpenLineDecoder | SealedLineDecoder;
  private readonly card: CardWireDecoder;

  constructor(mode: ImageMode) {
    const on =
      (wire: "line" | "card") =>
      (entry: WireEntry): void =>
        this.entries.add((n) => ({ ...entry, n, wire }));
    this.line = mode === "open" ? new OpenLineDecoder(on("line")) : new SealedLineDecoder(on("line"));
    this.card = new CardWireDecoder(on("card"));
  }

  hear({ timeNs, channel, value }: TraceEvent): void {
    switch (channel) {
      case "line-in":
        return this.line.bytes(timeNs, "counter", value as Uint8Array);
      case "line-out":
        return this.line.bytes(timeNs, "terminal", value as Uint8Array);
      case "card-out":
        return this.card.character(timeNs, "terminal", value as number);
      case "card-in":
        return this.card.character(timeNs, "card", value as number);
      case "card-supply":
        return this.card.supply(timeNs, String(value));
      case "pins":
      case "spi":
      case "memory":
      case "tone":
      case "vcom":
      case "keys":
      case "scan":
      case "world":
        return;
    }
  }
}
