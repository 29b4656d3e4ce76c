/** A record of a terminal's journal as the counter and the auditor read it (docs/protocol.md, The journal). */

export interface JournalRecord {
  readonly sequence: number;
  /** Seconds since 1970-01-01 UTC; 0 = the clock was not set. */
  readonly time: number;
  readonly event: number;
  readonly detail: number;
  readonly count: number;
  /** 0 = none. */
  readonly insertion: number;
  /** Empty = none; what no terminal writes is a question mark. See `operatorMeaning`. */
  readonly operator: string;
  readonly caseNumber: string;
}

export const RECORD_BYTES = 64;
/** What the code covers beside the code before it. */
export const CODED_BYTES = 48;

const OPERATOR = 16;
const CASE = 32;
const NAME_BYTES = 16;
const EVENTS = [
  ...[
    "BOOT",
    "ATTEMPT",
    "OUTCOME",
    "TAMPER",
    "KEY",
    "OPERATOR",
    "SUSPEND",
    "RESUME",
    "RELEASE",
    "CLOCK",
    "LINK",
  ],
];
const OUTCOMES = [
  ...["OK", "WRONG", "BLOCKED", "CANCELLED", "TIMEOUT", "REMOVED", "EXPIRED", "PIN_UNSET", "SUSPENDED"],
  ...["UNSUPPORTED", "CARD_ERROR", "TAMPER", "LIMITED", "UNKNOWN", "CHANGE_PARTIAL"],
  ...["NOT_GENUINE", "OTHER_CARD"],
];
const OPERATOR_EVENTS = [...["signed in", "signed out", "ended", "not genuine"]];

/** Of the 64 bytes of a record. */
export function decodeRecord(bytes: Uint8Array): JournalRecord {
  if (bytes.length !== RECORD_BYTES)
    throw new RangeError(`a record is ${RECORD_BYTES} bytes, not ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    sequence: view.getUint32(0, true),
    time: view.getUint32(4, true),
    event: view.getUint8(8),
    detail: view.getUint8(9),
    count: view.getUint16(10, true),
    insertion: view.getUint32(12, true),
    operator: nameAt(bytes, OPERATOR),
    caseNumber: nameAt(bytes, CASE),
  };
}

/** `EVENT-99` for a number that this program does not know. */
export function eventName(event: number): string {
  return EVENTS[event - 1] ?? `EVENT-${event}`;
}

/** Whose name stands in the operator's place of this event. */
export function operatorMeaning(name: string): "operator" | "counter" {
  return name === "KEY" ? "counter" : "operator";
}

export function outcomeName(outcome: number): string {
  return OUTCOMES[outcome] ?? `OUTCOME-${outcome}`;
}

/** What a detail of OPERATOR means. */
export function operatorEventName(detail: number): string {
  return OPERATOR_EVENTS[detail - 1] ?? `operator event ${detail}`;
}

/** Up to the zeros that fill it up; a terminal writes A–Z, 0–9 and the hyphen alone. */
function nameAt(bytes: Uint8Array, at: number): string {
  const text = Buffer.from(bytes.subarray(at, at + NAME_BYTES)).toString("latin1");
  return text.replace(/\0+$/, "").replaceAll(/[^A-Z0-9-]/g, "?");
}
