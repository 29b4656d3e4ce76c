/**
 * Answer to reset (ISO/IEC 7816-3:2006, 8.2), fed character by character so that the receiver knows when it is whole.
 *
 *   TS --> T0 --> TA TB TC TD (as announced) --TD--> TA TB TC TD ... --> historical bytes --> TCK (unless only T=0) --> Whole
 *   A refusal is final: nothing malformed becomes a default.
 */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";

/** Characters of an ATR at most, TS included (8.2.1). */
export const ATR_MAX_BYTES = 33;

/** Why an ATR is refused. The numbers are logged and shown; they never change. */
export const enum AtrError {
  None = 0,
  /** TS is neither 3B nor 3F as its convention reads it (8.1). */
  BadTs = 1,
  /** The characters announced so far, an endless TD chain included, make more than 33 (8.2.1). */
  TooLong = 2,
  /** The exclusive-or of T0 to TCK is not 0 (8.2.5). */
  BadTck = 3,
  /** TD1 says T=15, which is no transmission protocol (8.2.3). */
  NoProtocol = 4,
  /** A TD names a smaller T than the TD before it (8.2.3). */
  ProtocolOrder = 5,
  /** A specific mode (TA2) at an Fi or Di of TA1 that is reserved (8.3, tables 7 and 8). */
  ReservedRate = 6,
  /** IFSC is 00 or FF (11.4.2). */
  BadIfsc = 7,
  /** BWI is over 9 (11.4.3). */
  BadBwi = 8,
  /** A character with wrong parity or a lost one before it (7.3; no repetition is asked for). */
  Parity = 9,
  /** More than 9,600 etu (10,080 are waited for) between two characters (8.1, initial waiting time). */
  Slow = 10,
  /** Not whole within 20,160 etu (EMV Book 1, 8.1: 19,200 sent, 20,160 accepted). */
  TotalTime = 11,
}

const enum Next {
  Ts = 0,
  T0 = 1,
  Ta = 2,
  Tb = 3,
  Tc = 4,
  Td = 5,
  Historical = 6,
  Tck = 7,
  Whole = 8,
}

/** T in TDi that says: global interface characters follow (8.2.3). */
const GLOBAL = 15;

export class Atr {
  /** The characters, TS as 3B or 3F, not as the line showed it. */
  readonly raw: Bytes;
  /** Valid characters of `raw`. */
  length = 0;
  /** T of TD1, or 0 when there is no TD1 (8.2.3). */
  firstProtocol = 0;
  offersT1 = false;
  /** A PPS could change the protocol or rate; false in specific mode, when `specificProtocol` is in force (8.3). */
  negotiable = true;
  specificProtocol = 0;
  /** TA2 b5: Fi and Di are not those of TA1 but the card's own, which nobody here knows (8.3). */
  implicitRate = false;
  /** TA1: Fi in the high half, Di in the low; 11 (372 and 1) when absent (8.3). */
  ta1 = 0x11;
  /** TC1: N, extra guard time in etu; 255 = 11 etu between edges in T=1 (8.3, 11.2). */
  extraGuard = 0;
  /** IFSC, 1…254 (11.4.2). */
  ifsc = 32;
  bwi = 4;
  cwi = 13;
  /** The epilogue is a CRC instead of an LRC (11.4.4). */
  usesCrc = false;
  /** First TA after T=15: bits 1 to 3 are classes A, B, C; 0 when absent (8.3, class indicator). */
  classByte = 0;

  private next = Next.Ts;
  /** Y of the level being read: bit 0 TA … bit 3 TD are still to come. */
  private pending = 0;
  private level = 1;
  private protocol = 0;
  private historical = 0;
  private needsTck = false;
  private sawT1Level = false;
  private sawGlobalLevel = false;

  constructor(natives: ByteNatives) {
    this.raw = natives.allocate(ATR_MAX_BYTES);
  }

  /** Forgets everything and waits for TS. */
  reset(): void {
    this.length = 0;
    this.firstProtocol = 0;
    this.offersT1 = false;
    this.negotiable = true;
    this.specificProtocol = 0;
    this.implicitRate = false;
    this.ta1 = 0x11;
    this.extraGuard = 0;
    this.ifsc = 32;
    this.bwi = 4;
    this.cwi = 13;
    this.usesCrc = false;
    this.classByte = 0;
    this.next = Next.Ts;
    this.level = 1;
    this.protocol = 0;
    this.needsTck = false;
    this.sawT1Level = false;
    this.sawGlobalLevel = false;
  }

  isWhole(): boolean {
    return this.next === Next.Whole;
  }

  /** Takes the next character. After a refusal or when whole, call `reset` before the next. */
  accept(value: number): AtrError {
    this.raw[this.length] = value;
    this.length++;
    switch (this.next) {
      case Next.Ts:
        this.next = Next.T0;
        return value === 0x3b || value === 0x3f ? AtrError.None : AtrError.BadTs;
      case Next.T0:
        this.historical = value & 15;
        return this.openLevel(value);
      case Next.Ta:
        return this.orContinue(this.acceptTa(value));
      case Next.Tb:
        return this.orContinue(this.acceptTb(value));
      case Next.Tc:
        return this.orContinue(this.acceptTc(value));
      case Next.Td:
        return this.acceptTd(value);
      case Next.Historical:
        this.historical--;
        return this.advance();
      case Next.Tck:
        this.next = Next.Whole;
        return this.xorOfAll() === 0 ? AtrError.None : AtrError.BadTck;
      case Next.Whole:
        return AtrError.TooLong;
    }
  }

  /** How many characters are known to be still to come, at least. */
  private announced(): number {
    const y = this.pending;
    return (
      (y & 1) + ((y >>> 1) & 1) + ((y >>> 2) & 1) + (y >>> 3) + this.historical + (this.needsTck ? 1 : 0)
    );
  }

  private openLevel(value: number): AtrError {
    this.pending = value >>> 4;
    return this.length + this.announced() > ATR_MAX_BYTES ? AtrError.TooLong : this.advance();
  }

  private orContinue(error: AtrError): AtrError {
    return error === AtrError.None ? this.advance() : error;
  }

  /** Chooses what the next character is. */
  private advance(): AtrError {
    if (this.pending !== 0) {
      this.next = this.takePending();
    } else if (this.historical > 0) {
      this.next = Next.Historical;
    } else {
      this.next = this.needsTck ? Next.Tck : Next.Whole;
    }
    return AtrError.None;
  }

  /** Takes the lowest announced character out of `pending`. */
  private takePending(): Next {
    const lowest = this.pending & -this.pending;
    this.pending -= lowest;
    if (lowest === 1) return Next.Ta;
    if (lowest === 2) return Next.Tb;
    return lowest === 4 ? Next.Tc : Next.Td;
  }

  private acceptTa(value: number): AtrError {
    if (this.level === 1) {
      this.ta1 = value;
    } else if (this.level === 2) {
      return this.acceptTa2(value);
    } else if (this.isFirstOfT1()) {
      if (value === 0 || value === 0xff) return AtrError.BadIfsc;
      this.ifsc = value;
    } else if (this.protocol === GLOBAL && !this.sawGlobalLevel) {
      this.classByte = value & 0x3f;
    }
    return AtrError.None;
  }

  private acceptTa2(value: number): AtrError {
    this.negotiable = false;
    this.specificProtocol = value & 15;
    this.implicitRate = (value & 0x10) !== 0;
    if (this.implicitRate) return AtrError.None;
    return isReservedFi(this.ta1 >>> 4) || isReservedDi(this.ta1 & 15)
      ? AtrError.ReservedRate
      : AtrError.None;
  }

  private acceptTb(value: number): AtrError {
    if (this.level <= 2 || !this.isFirstOfT1()) return AtrError.None;
    this.bwi = value >>> 4;
    this.cwi = value & 15;
    return this.bwi > 9 ? AtrError.BadBwi : AtrError.None;
  }

  private acceptTc(value: number): AtrError {
    if (this.level === 1) this.extraGuard = value;
    if (this.level > 2 && this.isFirstOfT1()) this.usesCrc = (value & 1) === 1;
    return AtrError.None;
  }

  private acceptTd(value: number): AtrError {
    const protocol = value & 15;
    if (this.level === 1) {
      if (protocol === GLOBAL) return AtrError.NoProtocol;
      this.firstProtocol = protocol;
    } else {
      if (protocol < this.protocol) return AtrError.ProtocolOrder;
      this.closeLevel();
    }
    this.level++;
    this.protocol = protocol;
    if (protocol === 1) this.offersT1 = true;
    if (protocol !== 0) this.needsTck = true;
    return this.openLevel(value);
  }

  /** Specific characters count at the first level of their protocol that is beyond the second (8.2.3). */
  private closeLevel(): void {
    if (this.level > 2 && this.protocol === 1) this.sawT1Level = true;
    if (this.level > 2 && this.protocol === GLOBAL) this.sawGlobalLevel = true;
  }

  private isFirstOfT1(): boolean {
    return this.protocol === 1 && !this.sawT1Level;
  }

  private xorOfAll(): number {
    let sum = 0;
    for (let i = 1; i < this.length; i++) sum ^= this.raw[i];
    return sum;
  }
}

/** Table 7: Fi 7, 8, 14 and 15 are reserved. */
function isReservedFi(fi: number): boolean {
  return fi === 7 || fi === 8 || fi >= 14;
}

/** Table 8: Di 0 and 10 to 15 are reserved. */
function isReservedDi(di: number): boolean {
  return di === 0 || di >= 10;
}
