/**
 * Puts typed digits into a PIN command's template as bmFormatString, bmPINBlockString and bmPINLengthFormat say
 * (CCID rev 1.1, 6.1.11 and 6.1.12). `prepare` judges the template and fixes the layout without digits; `placeNew`,
 * after `placeOld` where the old PIN is asked for, writes the finished APDU straight into the card side's command buffer.
 *
 * Host digits can never be verified: every data byte of the template must be padding, FF, or 00 for ASCII, where 00 is no
 * digit; the one other byte accepted is the control nibble 2 of an ISO 9564-1 format 2 block. And no padding is invented
 * that the template does not show, because a wrong guess would cost a try.
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import type { SecureRequest } from "./secure-request.ts";
import {
  BLOCK_AT,
  FORMAT_AT,
  INSERTION_NEW_AT,
  INSERTION_OLD_AT,
  LENGTH_FORMAT_AT,
  PinFormat,
  PinOperation,
  SECURE_OK,
} from "./secure-request.ts";

/** Offsets in a short APDU with data (ISO/IEC 7816-3:2006, 12.1.3). */
const LC = 4;
const DATA = 5;
/** Bytes that the caller's buffer for the finished APDU must have. */
export const PIN_APDU_MAX_BYTES = 5 + 255;

export class PinBlock {
  private readonly template: Bytes;
  /** Bytes of data in the template; 0 when it has none. */
  private presetBytes = 0;
  private format = PinFormat.Ascii;
  private widthBits = 8;
  /** Length of each PIN's field, 0 = as long as the PIN. */
  private fieldBits = 0;
  private oldAt = 0;
  private newAt = 0;
  private isRightJustified = false;
  private isFormat2 = false;
  private lengthBits = 0;
  /** Distance of the length from where its block begins, and the beginnings of both blocks. */
  private lengthAt = 0;
  private oldBase = 0;
  private newBase = 0;
  private minDigits = 0;
  private maxDigits = 0;
  private asksOld = false;
  private oldDigits = 0;
  /** Of the new PIN as `placeNew` wrote it. */
  private newDigits = 0;
  private newPlacedAt = 0;

  constructor(private readonly natives: ByteNatives) {
    this.template = natives.allocate(PIN_APDU_MAX_BYTES);
  }

  /** Judges the template of `message`, decoded as `request`. Returns SECURE_OK or the wrong field's offset for bError. */
  prepare(request: SecureRequest, message: ReadonlyBytes): number {
    this.minDigits = 0;
    this.maxDigits = 0;
    this.takeFields(request);
    let wrong = this.takeTemplate(request, message);
    if (wrong === SECURE_OK) wrong = this.judgeWidth(request);
    if (wrong === SECURE_OK) {
      wrong = this.presetBytes === 0 ? this.judgeGrowing(request, message) : this.judgePreset(request);
    }
    if (wrong !== SECURE_OK) return wrong;
    this.minDigits = request.minDigits;
    this.maxDigits = request.maxDigits;
    return SECURE_OK;
  }

  /** Writes the APDU with the old PIN, `digits[0..count-1]` (values 0–9), alone. Returns its length so far, 0 for a wrong count. */
  placeOld(digits: ReadonlyBytes, count: number, into: Bytes): number {
    this.oldDigits = 0;
    if (!this.asksOld || !this.isCount(count)) return 0;
    this.natives.copy(this.template, 0, into, 0, DATA + this.presetBytes);
    this.oldDigits = count;
    this.place(digits, count, into, this.oldAt);
    this.placeLength(count, into, this.oldBase);
    return DATA + (this.presetBytes === 0 ? this.bytesOf(count) : this.presetBytes);
  }

  /**
   * Writes the APDU with the PIN to verify or the new one; where the old one is asked for, behind `placeOld` in the same bytes.
   * Returns the length, or 0 for a wrong count.
   */
  placeNew(digits: ReadonlyBytes, count: number, into: Bytes): number {
    const isReady = !this.asksOld || this.oldDigits > 0;
    if (!isReady || !this.isCount(count)) return 0;
    if (!this.asksOld) this.natives.copy(this.template, 0, into, 0, DATA + this.presetBytes);
    const isAppended = this.asksOld && this.fieldBits === 0;
    this.newDigits = count;
    this.newPlacedAt = isAppended ? this.oldDigits * this.widthBits : this.newAt;
    this.place(digits, count, into, this.newPlacedAt);
    this.placeLength(count, into, this.newBase);
    const before = this.asksOld ? this.bytesOf(this.oldDigits) : 0;
    const dataBytes = this.presetBytes === 0 ? before + this.bytesOf(count) : this.presetBytes;
    into[LC] = dataBytes;
    this.oldDigits = 0;
    return DATA + dataBytes;
  }

  /** Whether `digits[0..count-1]` are those that `placeNew` put into `built`, compared where they stand, without a branch on them. */
  matchesNew(digits: ReadonlyBytes, count: number, built: ReadonlyBytes): boolean {
    if (count !== this.newDigits) return false;
    const spare = this.fieldBits - count * this.widthBits;
    const firstAt = this.newPlacedAt + (this.isRightJustified && this.fieldBits > 0 ? spare : 0);
    const base = this.format === PinFormat.Ascii ? 0x30 : 0;
    let difference = 0;
    for (let i = 0; i < count; i++) {
      difference =
        difference | (readBits(built, firstAt + i * this.widthBits, this.widthBits) ^ (base + digits[i]));
    }
    return difference === 0;
  }

  private takeFields(request: SecureRequest): void {
    this.format = request.format;
    this.widthBits = request.format === PinFormat.Bcd ? 4 : 8;
    this.asksOld = request.asksOld;
    this.oldDigits = 0;
    this.isRightJustified = request.isRightJustified;
    this.lengthBits = request.lengthBits;
    this.lengthAt = request.lengthPosition * (request.isLengthByteUnit ? 8 : 1);
    this.isFormat2 = isFormat2(request);
    this.oldBase = request.insertionOld * 8;
    this.newBase = request.insertionNew * 8;
    const position = request.position * (request.isByteUnit ? 8 : 1);
    this.oldAt = this.oldBase + position;
    this.newAt = this.newBase + position;
    if (request.blockBytes > 0) this.fieldBits = request.blockBytes * 8 - (this.isFormat2 ? 8 : 0);
    else this.fieldBits = request.minDigits === request.maxDigits ? request.maxDigits * this.widthBits : 0;
    const isConcatenated = request.asksOld && request.blockBytes === 0;
    if (isConcatenated && this.oldBase === 0 && this.newBase === 0) this.newAt = this.oldAt + this.fieldBits;
  }

  /** Copies the template; its Lc must count its data, and its data must be padding. */
  private takeTemplate(request: SecureRequest, message: ReadonlyBytes): number {
    const apduAt = request.apduAt;
    const apduLength = request.apduLength;
    this.presetBytes = apduLength > DATA ? apduLength - DATA : 0;
    if (this.presetBytes > 0 && message[apduAt + LC] !== this.presetBytes) return apduAt + LC;
    for (let i = 0; i < this.presetBytes; i++) {
      if (!this.isPadding(message[apduAt + DATA + i], i * 8)) return apduAt + DATA;
    }
    this.natives.copy(message, apduAt, this.template, 0, apduLength);
    return SECURE_OK;
  }

  private isPadding(value: number, atBits: number): boolean {
    if (value === 0xff) return true;
    if (this.format === PinFormat.Ascii) return value === 0;
    const opensBlock = atBits === this.newBase || (this.asksOld && atBits === this.oldBase);
    return this.isFormat2 && opensBlock && value >>> 4 === 2;
  }

  private judgeWidth(request: SecureRequest): number {
    if (request.blockBytes > 0 && request.maxDigits * this.widthBits > this.fieldBits) return BLOCK_AT;
    if (this.lengthBits > 0 && request.maxDigits >= 1 << this.lengthBits) return BLOCK_AT;
    return SECURE_OK;
  }

  /** A template without data grows by exactly the digits: nothing may stand before, between or behind them. */
  private judgeGrowing(request: SecureRequest, message: ReadonlyBytes): number {
    if (request.position !== 0) return FORMAT_AT;
    if (this.lengthBits > 0) return BLOCK_AT;
    const isFixed = request.minDigits === request.maxDigits;
    const digitBits = request.maxDigits * this.widthBits;
    if (request.blockBytes > 0 && (!isFixed || digitBits !== this.fieldBits)) return BLOCK_AT;
    const fillsBytes = (digitBits & 7) === 0 && (isFixed || this.widthBits === 8);
    if (!fillsBytes) return BLOCK_AT;
    if (request.asksOld && this.oldBase !== 0) return INSERTION_OLD_AT;
    if (request.operation === PinOperation.Modify && this.newAt !== (request.asksOld ? this.fieldBits : 0)) {
      return INSERTION_NEW_AT;
    }
    const presetLc = request.apduLength > LC ? message[request.apduAt + LC] : 0;
    const total = this.bytesOf(request.maxDigits) * (request.asksOld ? 2 : 1);
    const isTrue = presetLc === 0 || (isFixed && presetLc === total);
    return isTrue ? SECURE_OK : request.apduAt + LC;
  }

  /** In a template with data every field lies wholly inside them, and none overlaps another. */
  private judgePreset(request: SecureRequest): number {
    const endBits = this.presetBytes * 8;
    const isModify = request.operation === PinOperation.Modify;
    if (this.fieldBits === 0) return BLOCK_AT;
    if (this.asksOld && this.oldAt + this.fieldBits > endBits) return INSERTION_OLD_AT;
    if (this.newAt + this.fieldBits > endBits) return isModify ? INSERTION_NEW_AT : FORMAT_AT;
    if (this.asksOld && overlaps(this.oldAt, this.fieldBits, this.newAt, this.fieldBits)) {
      return INSERTION_NEW_AT;
    }
    // Without a block size Lc becomes the PIN's own end for some readers: only where both agree is it clear.
    const lastAt = this.asksOld && this.oldAt > this.newAt ? this.oldAt : this.newAt;
    if (request.blockBytes === 0 && lastAt + this.fieldBits !== endBits) return BLOCK_AT;
    if (this.lengthBits === 0) return SECURE_OK;
    const isFree = this.isFree(this.newBase + this.lengthAt, endBits);
    const isOldFree = !this.asksOld || this.isFree(this.oldBase + this.lengthAt, endBits);
    return isFree && isOldFree ? SECURE_OK : LENGTH_FORMAT_AT;
  }

  /** Whether a length at `at` lies inside the data and outside both PINs. */
  private isFree(at: number, endBits: number): boolean {
    if (at + this.lengthBits > endBits) return false;
    if (this.asksOld && overlaps(at, this.lengthBits, this.oldAt, this.fieldBits)) return false;
    return !overlaps(at, this.lengthBits, this.newAt, this.fieldBits);
  }

  private isCount(count: number): boolean {
    return count > 0 && count >= this.minDigits && count <= this.maxDigits;
  }

  private bytesOf(count: number): number {
    return Math.floor((count * this.widthBits) / 8);
  }

  private place(digits: ReadonlyBytes, count: number, into: Bytes, fieldAt: number): void {
    const spare = this.fieldBits - count * this.widthBits;
    const firstAt = this.isRightJustified && this.fieldBits > 0 ? fieldAt + spare : fieldAt;
    const base = this.format === PinFormat.Ascii ? 0x30 : 0;
    for (let i = 0; i < count; i++) {
      writeBits(into, firstAt + i * this.widthBits, this.widthBits, base + digits[i]);
    }
  }

  private placeLength(count: number, into: Bytes, base: number): void {
    if (this.lengthBits > 0) writeBits(into, base + this.lengthAt, this.lengthBits, count);
  }
}

/** ISO 9564-1 format 2 as OpenSC asks for it: nibble 2, nibble length, 14 nibbles of BCD; its 8 bytes include the first. */
function isFormat2(request: SecureRequest): boolean {
  if (request.format !== PinFormat.Bcd || request.isRightJustified || request.isByteUnit) return false;
  if (request.position !== 8 || request.blockBytes !== 8 || request.lengthBits !== 4) return false;
  return request.lengthPosition === 4 && !request.isLengthByteUnit;
}

function overlaps(firstAt: number, firstBits: number, secondAt: number, secondBits: number): boolean {
  return firstAt < secondAt + secondBits && secondAt < firstAt + firstBits;
}

/** Writes the lowest `width` bits of `value` at bit `at` after Lc, b8 of the first data byte being bit 0. No branch on them. */
function writeBits(into: Bytes, at: number, width: number, value: number): void {
  let bit = at;
  let left = width;
  while (left > 0) {
    // What still fits into the byte.
    const room = 8 - (bit & 7);
    const taken = left < room ? left : room;
    const shift = room - taken;
    const mask = ((1 << taken) - 1) << shift;
    const index = DATA + (bit >>> 3);
    into[index] = (into[index] & (0xff ^ mask)) | (((value >>> (left - taken)) << shift) & mask);
    bit += taken;
    left -= taken;
  }
}

/** The `width` bits at bit `at` after Lc. */
function readBits(from: ReadonlyBytes, at: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) {
    const shift = 7 - ((at + i) & 7);
    value = (value << 1) | ((from[DATA + ((at + i) >>> 3)] >>> shift) & 1);
  }
  return value;
}
