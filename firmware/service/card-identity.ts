/**
 * Who a card says it is: the serial and the expiry that anyone may read in the 個人番号カード共通AP, record 1 of file 0001, without a
 * try (facts: card §1.3). The terminal cannot tell whether that is true (docs/security.md).
 *
 *   Idle --begin--> Select --9000--> Record --9000, well formed--> Known
 *                     +-- no such application: Foreign +-- anything else: Unreadable       the card gone or silent: Unreadable
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { CommandKind } from "../driver/t1-exchange.ts";
import { SessionOutcome, type CardSession } from "./card-session.ts";
import { Application, writeSelectApplication } from "./pin-objects.ts";

export const SERIAL_BYTES = 15;
/** YYYYMMDD, BCD. */
export const DATE_BYTES = 4;

export const enum IdentityState {
  Idle = 0,
  Select = 1,
  Record = 2,
  /** `serial` and `expiry` are the card's. */
  Known = 3,
  /** It has no such application: no 個人番号カード. */
  Foreign = 4,
  Unreadable = 5,
}

/** Tag 01, 28 digits: serial 15, municipality 5, expiry 8. */
const TAG = 0x01;
const DIGITS = 28;
const DIGITS_AT = 2;
const EXPIRY_AT = DIGITS_AT + SERIAL_BYTES + 5;
const RECORD_BYTES = DIGITS_AT + DIGITS;
const STATUS_BYTES = 2;
const ZERO = 0x30;
const NOT_FOUND = 0x6a82;

export class CardIdentity {
  /** ASCII digits. */
  readonly serial: Bytes;
  readonly expiry: Bytes;
  private current = IdentityState.Idle;

  constructor(
    natives: ByteNatives,
    private readonly session: CardSession,
  ) {
    this.serial = natives.allocate(SERIAL_BYTES);
    this.expiry = natives.allocate(DATE_BYTES);
  }

  /** The card is ready. */
  begin(nowUs: number): void {
    this.current = IdentityState.Select;
    const length = writeSelectApplication(Application.Common, this.session.command);
    this.session.transmit(length, CommandKind.Own, nowUs);
  }

  step(nowUs: number): IdentityState {
    const outcome = this.session.outcome();
    const isAsking = this.current === IdentityState.Select || this.current === IdentityState.Record;
    if (!isAsking || outcome === SessionOutcome.Busy) return this.current;
    if (outcome !== SessionOutcome.Done) this.current = IdentityState.Unreadable;
    else if (this.current === IdentityState.Select) this.selected(nowUs);
    else this.current = this.takeRecord() ? IdentityState.Known : IdentityState.Unreadable;
    return this.current;
  }

  /** Whether the card's last day is before `date`; a date of zeros is not known and nothing is before it. */
  isExpiredOn(date: ReadonlyBytes): boolean {
    for (let i = 0; i < DATE_BYTES; i++) {
      if (this.expiry[i] !== date[i]) return this.expiry[i] < date[i];
    }
    return false;
  }

  private selected(nowUs: number): void {
    const status = this.session.statusWord();
    if (status === 0x9000) {
      this.current = IdentityState.Record;
      this.session.transmit(writeReadRecord(this.session.command), CommandKind.Own, nowUs);
    } else this.current = status === NOT_FOUND ? IdentityState.Foreign : IdentityState.Unreadable;
  }

  /** Returns whether the record is well formed; the fields change only then. */
  private takeRecord(): boolean {
    const record = this.session.response;
    const isWhole = this.session.responseLength() === RECORD_BYTES + STATUS_BYTES;
    if (!isWhole || this.session.statusWord() !== 0x9000) return false;
    if (record[0] !== TAG || record[1] !== DIGITS) return false;
    for (let i = 0; i < DIGITS; i++) {
      const digit = record[DIGITS_AT + i] - ZERO;
      if (digit < 0 || digit > 9) return false;
    }
    for (let i = 0; i < SERIAL_BYTES; i++) this.serial[i] = record[DIGITS_AT + i];
    for (let i = 0; i < DATE_BYTES; i++) {
      const at = EXPIRY_AT + 2 * i;
      this.expiry[i] = (record[at] - ZERO) * 16 + record[at + 1] - ZERO;
    }
    return true;
  }
}

/** `00 B2 01 0C 00`: record 1 of the file with short identifier 1 (ISO/IEC 7816-4:2005, 7.3.3); returns its length. */
function writeReadRecord(into: Bytes): number {
  into[0] = 0x00;
  into[1] = 0xb2;
  into[2] = 0x01;
  into[3] = 0x0c;
  into[4] = 0x00;
  return 5;
}
