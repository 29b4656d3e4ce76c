/** A record of the journal: what its owner says, and where that stands in its 64 bytes (docs/protocol.md, The journal). */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import { putU32 } from "../protocol/little-endian.ts";
import { NAME_MAX_BYTES, Name } from "./pair.ts";

export const enum JournalEvent {
  /** Detail: reason of the start. */
  Boot = 1,
  /** A PIN is about to be sent to the card. Detail: PIN object. */
  Attempt = 2,
  /** Detail: outcome. */
  Outcome = 3,
  /** The case was opened. Its record is made in advance, see journal.ts. */
  Tamper = 4,
  /** Detail: `KeyEvent`; in the operator's place the name of the counter whose key it is. */
  Key = 5,
  Operator = 6,
  Suspend = 7,
  Resume = 8,
  Release = 9,
  Clock = 10,
  /** Detail: `LinkEvent`; count: how many since the record before. */
  Link = 11,
}

export const enum KeyEvent {
  /** The counter may use the next key. */
  NextAllowed = 1,
  /** It has, and the old one is gone. */
  Replaced = 2,
}

/** Offsets in a record, and sizes. */
export const enum RecordPart {
  Sequence = 0,
  Time = 4,
  Event = 8,
  Detail = 9,
  Count = 10,
  Insertion = 12,
  Operator = 16,
  Case = 32,
  /** What the code covers beside the code before it ends here. */
  Code = 48,
  CodeBytes = 16,
  Bytes = 64,
}

export class JournalEntry {
  event = JournalEvent.Boot;
  /** u8 */
  detail = 0;
  /** u16 */
  count = 0;
  /** u32; 0 = none. */
  insertion = 0;
  readonly operator: Name;
  readonly caseNumber: Name;

  constructor(private readonly natives: ByteNatives) {
    this.operator = new Name(natives);
    this.caseNumber = new Name(natives);
  }

  /** Makes it one of `event` with nothing else. */
  restart(event: JournalEvent): void {
    this.event = event;
    this.detail = 0;
    this.count = 0;
    this.insertion = 0;
    this.operator.set(this.operator.bytes, 0, 0);
    this.caseNumber.set(this.caseNumber.bytes, 0, 0);
  }

  /** Fills `record`'s bytes 8…47. */
  encode(record: Bytes): void {
    record[RecordPart.Event] = this.event;
    record[RecordPart.Detail] = this.detail;
    record[RecordPart.Count] = this.count & 255;
    record[RecordPart.Count + 1] = this.count >>> 8;
    putU32(this.insertion, record, RecordPart.Insertion);
    this.natives.copy(this.operator.bytes, 0, record, RecordPart.Operator, NAME_MAX_BYTES);
    this.natives.copy(this.caseNumber.bytes, 0, record, RecordPart.Case, NAME_MAX_BYTES);
  }
}
