/** One line of the decoded wire. */
export type WireLayer = "link" | "tls" | "ccid" | "contacts" | "atr" | "t1" | "apdu";
export type WireEnd = "terminal" | "counter" | "card";

export interface WireEntry {
  readonly timeNs: number;
  readonly layer: WireLayer;
  readonly from: WireEnd;
  readonly text: string;
  /** The bytes, what is secret in them masked; "" when nothing of them may be shown. */
  readonly hex: string;
  /** What is no good: damaged, refused, not understood. */
  readonly bad?: true;
}

export type WireListener = (entry: WireEntry) => void;
