/**
 * PC_to_RDR_Secure for PIN verification and modification (CCID rev 1.1, 6.1.11 and 6.1.12): every field decoded and judged.
 * The first wrong field is told by its offset in the whole message (bMessageType = 0, so bPINOperation = 10), which is
 * what bError means for 1–7F (table 6.2-2). A field of several bytes is told by its first.
 */
import type { ReadonlyBytes } from "../../hal/bytes.ts";

export const enum PinOperation {
  Verify = 0,
  Modify = 1,
}

/** bmFormatString, b1-b0. */
export const enum PinFormat {
  Binary = 0,
  Bcd = 1,
  Ascii = 2,
}

/** No field is wrong. */
export const SECURE_OK = 0;
/** Offsets of bError; from the PIN lengths on they differ between the two structures. */
const LENGTH = 1;
const LEVEL = 8;
const OPERATION = 10;
export const FORMAT_AT = 12;
export const BLOCK_AT = 13;
export const LENGTH_FORMAT_AT = 14;
export const INSERTION_OLD_AT = 15;
export const INSERTION_NEW_AT = 16;
const CONFIRM = 19;

/** Longest PIN that the pad takes and the standard allows (wPINMaxExtraDigit; ISO 9564-1: 12, OpenSC asks for 16). */
const PIN_MAX_DIGITS = 16;
/** Key pressed: 確認 alone ends an entry, so this bit must be set whatever else may be. */
const VALIDATION_KEY = 0x02;

/** Every field, allocated once and decoded into. */
export class SecureRequest {
  operation = PinOperation.Verify;
  /** bTimeOut in seconds, 0 = the terminal's own. */
  timeOutSeconds = 0;
  /** bmFormatString: unit of the position (true = bytes), position after Lc, justification, format. */
  isByteUnit = false;
  position = 0;
  isRightJustified = false;
  format = PinFormat.Ascii;
  /** bmPINBlockString: bits of the inserted length (0 = none), bytes of the PIN block (0 = as long as the PIN). */
  lengthBits = 0;
  blockBytes = 0;
  /** bmPINLengthFormat: unit and position after Lc of the inserted length. */
  isLengthByteUnit = false;
  lengthPosition = 0;
  /** Modification only: bytes after Lc where the old and the new PIN's blocks begin. */
  insertionOld = 0;
  insertionNew = 0;
  minDigits = 0;
  maxDigits = 0;
  /** bConfirmPIN: the new PIN is typed twice; the old PIN is asked for. */
  confirmsNew = false;
  asksOld = false;
  validation = 0;
  numberMessage = 0;
  languageId = 0;
  teoNad = 0;
  teoPcb = 0;
  /** Offset in the message and length of abPINApdu. */
  apduAt = 0;
  apduLength = 0;
  /** Offset of wPINMaxExtraDigit. */
  digitsAt = 0;

  /** Becomes the request to verify exactly `digits` ASCII digits by a template of four header bytes at `apduAt`. */
  setVerify(apduAt: number, digits: number): void {
    this.operation = PinOperation.Verify;
    this.timeOutSeconds = 0;
    this.isByteUnit = true;
    this.position = 0;
    this.isRightJustified = false;
    this.format = PinFormat.Ascii;
    this.lengthBits = 0;
    this.blockBytes = 0;
    this.isLengthByteUnit = false;
    this.lengthPosition = 0;
    this.insertionOld = 0;
    this.insertionNew = 0;
    this.minDigits = digits;
    this.maxDigits = digits;
    this.confirmsNew = false;
    this.asksOld = false;
    this.apduAt = apduAt;
    this.apduLength = 4;
  }
}

/**
 * Decodes a whole message whose dwLength was checked. Returns SECURE_OK or the wrong field's offset; `into` is valid only
 * on SECURE_OK. minDigits may be below 4: the service has its own rule for that.
 */
export function decodeSecureRequest(message: ReadonlyBytes, length: number, into: SecureRequest): number {
  if (message[LEVEL] !== 0 || message[LEVEL + 1] !== 0) return LEVEL;
  if (length < OPERATION + 1) return LENGTH;
  const operation = message[OPERATION];
  if (operation === PinOperation.Verify) return decodeVerify(message, length, into);
  return operation === PinOperation.Modify ? decodeModify(message, length, into) : OPERATION;
}

function decodeVerify(message: ReadonlyBytes, length: number, into: SecureRequest): number {
  if (length < 25) return LENGTH;
  into.operation = PinOperation.Verify;
  into.insertionOld = 0;
  into.insertionNew = 0;
  into.confirmsNew = false;
  into.asksOld = false;
  let wrong = decodeFormat(message, into);
  if (wrong === SECURE_OK) wrong = decodeDigits(message, 15, into);
  if (wrong === SECURE_OK) wrong = decodeValidation(message, 17, into);
  if (wrong !== SECURE_OK) return wrong;
  if (into.numberMessage > 1 && into.numberMessage !== 0xff) return 18;
  return decodeTemplate(message, length, 22, into);
}

function decodeModify(message: ReadonlyBytes, length: number, into: SecureRequest): number {
  if (length < 25) return LENGTH;
  into.operation = PinOperation.Modify;
  into.insertionOld = message[INSERTION_OLD_AT];
  into.insertionNew = message[INSERTION_NEW_AT];
  into.confirmsNew = (message[CONFIRM] & 1) !== 0;
  into.asksOld = (message[CONFIRM] & 2) !== 0;
  let wrong = decodeFormat(message, into);
  if (wrong === SECURE_OK) wrong = decodeDigits(message, 17, into);
  if (wrong !== SECURE_OK) return wrong;
  if (message[CONFIRM] > 3) return CONFIRM;
  wrong = decodeValidation(message, 20, into);
  if (wrong !== SECURE_OK) return wrong;
  if (into.numberMessage > 3 && into.numberMessage !== 0xff) return 21;
  return decodeTemplate(message, length, 24 + indexCount(into.numberMessage), into);
}

/**
 * Bytes of bMsgIndex1–3: the second is there unless bNumberMessage is 0, the third for 3; for FF libccid sends all three.
 * GemPC firmware older than bNumberMessageFix always had three; such a message fails the check of bTeoPrologue's LEN.
 */
function indexCount(numberMessage: number): number {
  if (numberMessage === 0) return 1;
  return numberMessage < 3 ? 2 : 3;
}

function decodeFormat(message: ReadonlyBytes, into: SecureRequest): number {
  into.timeOutSeconds = message[11];
  const format = message[FORMAT_AT] & 3;
  if (format === PinFormat.Binary) into.format = PinFormat.Binary;
  else if (format === PinFormat.Bcd) into.format = PinFormat.Bcd;
  else if (format === PinFormat.Ascii) into.format = PinFormat.Ascii;
  else return FORMAT_AT;
  into.isRightJustified = (message[FORMAT_AT] & 4) !== 0;
  into.position = (message[FORMAT_AT] >>> 3) & 15;
  into.isByteUnit = message[FORMAT_AT] >= 0x80;
  into.lengthBits = message[BLOCK_AT] >>> 4;
  into.blockBytes = message[BLOCK_AT] & 15;
  if (message[LENGTH_FORMAT_AT] > 0x1f) return LENGTH_FORMAT_AT;
  into.isLengthByteUnit = message[LENGTH_FORMAT_AT] >= 0x10;
  into.lengthPosition = message[LENGTH_FORMAT_AT] & 15;
  return SECURE_OK;
}

function decodeDigits(message: ReadonlyBytes, at: number, into: SecureRequest): number {
  into.digitsAt = at;
  into.maxDigits = message[at];
  into.minDigits = message[at + 1];
  const isOrdered = into.minDigits >= 1 && into.minDigits <= into.maxDigits;
  return isOrdered && into.maxDigits <= PIN_MAX_DIGITS ? SECURE_OK : at;
}

/** Reads bEntryValidationCondition at `at` with bNumberMessage and wLangId behind it. */
function decodeValidation(message: ReadonlyBytes, at: number, into: SecureRequest): number {
  into.validation = message[at];
  into.numberMessage = message[at + 1];
  into.languageId = message[at + 2] + message[at + 3] * 256;
  return into.validation <= 7 && (into.validation & VALIDATION_KEY) !== 0 ? SECURE_OK : at;
}

/** bTeoPrologue must open one whole T=1 I-block for NAD 0 that holds exactly the template. */
function decodeTemplate(
  message: ReadonlyBytes,
  length: number,
  prologueAt: number,
  into: SecureRequest,
): number {
  into.apduAt = prologueAt + 3;
  into.apduLength = length - into.apduAt;
  if (into.apduLength < 0) return LENGTH;
  into.teoNad = message[prologueAt];
  into.teoPcb = message[prologueAt + 1];
  const isWholeBlock = into.teoNad === 0 && (into.teoPcb & 0xbf) === 0;
  if (!isWholeBlock || message[prologueAt + 2] !== into.apduLength) return prologueAt;
  return into.apduLength < 4 ? into.apduAt : SECURE_OK;
}
