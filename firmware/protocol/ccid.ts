/**
 * CCID messages (USB CCID rev 1.1, chapter 6): the 10-byte header of both directions and the numbers in it.
 * The bulk messages are the same on a serial line, in whatever wraps them.
 */
import type { Bytes, ReadonlyBytes } from "../../hal/bytes.ts";

export const HEADER_BYTES = 10;
/** dwMaxCCIDMessageLength: what libccid assumes for every serial reader. */
export const MESSAGE_MAX_BYTES = 271;

/** Offsets in a message (6.1 and 6.2). They are also the bError numbers of a wrong field (table 6.2-2). */
export const TYPE_AT = 0;
export const LENGTH_AT = 1;
export const SLOT_AT = 5;
export const SEQUENCE_AT = 6;
/** First of the three bytes whose meaning is the message's own; in answers bStatus, bError and the third. */
export const SPECIFIC_AT = 7;
/** bPowerSelect, bBWI or bProtocolNum. */
export const STATUS_AT = 7;
export const ERROR_AT = 8;
/** wLevelParameter of XfrBlock and Secure. */
export const LEVEL_AT = 8;
export const DATA_AT = 10;

/** PC_to_RDR messages (table 6.1-1). */
export const enum Request {
  SetParameters = 0x61,
  IccPowerOn = 0x62,
  IccPowerOff = 0x63,
  GetSlotStatus = 0x65,
  Secure = 0x69,
  T0Apdu = 0x6a,
  Escape = 0x6b,
  GetParameters = 0x6c,
  ResetParameters = 0x6d,
  IccClock = 0x6e,
  XfrBlock = 0x6f,
  Mechanical = 0x71,
  Abort = 0x72,
  SetDataRateAndClockFrequency = 0x73,
}

/** RDR_to_PC messages (table 6.2-1). */
export const enum Answer {
  DataBlock = 0x80,
  SlotStatus = 0x81,
  Parameters = 0x82,
  Escape = 0x83,
  DataRateAndClockFrequency = 0x84,
}

/** bmICCStatus (table 6.2-3). */
export const enum IccStatus {
  Active = 0,
  Inactive = 1,
  Absent = 2,
}

/** bmCommandStatus (table 6.2-3), already at its place in bStatus. */
export const enum CommandStatus {
  Done = 0x00,
  Failed = 0x40,
  TimeExtension = 0x80,
}

/** bError when the command failed (table 6.2-2). 1–7F: the offset of the wrong field in the message. */
export const enum SlotError {
  CommandNotSupported = 0x00,
  BadPowerSelect = 0x07,
  BadProtocol = 0x07,
  CommandSlotBusy = 0xe0,
  PinCancelled = 0xef,
  PinTimeout = 0xf0,
  BusyWithAutoSequence = 0xf2,
  DeactivatedProtocol = 0xf3,
  ProcedureByteConflict = 0xf4,
  ClassNotSupported = 0xf5,
  ProtocolNotSupported = 0xf6,
  BadAtrTck = 0xf7,
  BadAtrTs = 0xf8,
  HardwareError = 0xfb,
  XfrOverrun = 0xfc,
  XfrParityError = 0xfd,
  IccMute = 0xfe,
  CommandAborted = 0xff,
}

export const enum CcidError {
  None = 0,
  /** Fewer than 10 bytes. */
  TooShort = 1,
  /** dwLength is not the number of bytes that follow the header. */
  LengthMismatch = 2,
}

/** A request's header, allocated once and decoded into. */
export class CcidHeader {
  messageType = 0;
  /** dwLength: bytes after the header. */
  dataLength = 0;
  slot = 0;
  sequence = 0;
  /** Bytes 7, 8 and 9. */
  specific = 0;
  specific2 = 0;
  specific3 = 0;

  /** Takes over what an answer needs. */
  keep(asked: CcidHeader): void {
    this.messageType = asked.messageType;
    this.slot = asked.slot;
    this.sequence = asked.sequence;
  }
}

/** Decodes the header of `raw[0..length-1]`; `into` changes on `LengthMismatch` too, whose answer needs type and bSeq. */
export function decodeHeader(raw: ReadonlyBytes, length: number, into: CcidHeader): CcidError {
  if (length < HEADER_BYTES) return CcidError.TooShort;
  const dataLength = raw[1] + raw[2] * 0x100 + raw[3] * 0x10000 + raw[4] * 0x1000000;
  into.messageType = raw[TYPE_AT];
  into.dataLength = dataLength;
  into.slot = raw[SLOT_AT];
  into.sequence = raw[SEQUENCE_AT];
  into.specific = raw[SPECIFIC_AT];
  into.specific2 = raw[SPECIFIC_AT + 1];
  into.specific3 = raw[SPECIFIC_AT + 2];
  return dataLength === length - HEADER_BYTES ? CcidError.None : CcidError.LengthMismatch;
}

/** The answer's type to a request; an unknown request is answered by a failed SlotStatus with bError 0 (6.2.2). */
export function answerTo(messageType: number): Answer {
  if (messageType === Request.IccPowerOn || messageType === Request.XfrBlock) return Answer.DataBlock;
  if (messageType === Request.Secure) return Answer.DataBlock;
  if (messageType === Request.Escape) return Answer.Escape;
  if (messageType === Request.SetDataRateAndClockFrequency) return Answer.DataRateAndClockFrequency;
  if (messageType === Request.SetParameters || messageType === Request.GetParameters) {
    return Answer.Parameters;
  }
  if (messageType === Request.ResetParameters) return Answer.Parameters;
  return Answer.SlotStatus;
}

/** What an answer's header says beside what it takes from the request. */
export class CcidAnswer {
  iccStatus = IccStatus.Absent;
  commandStatus = CommandStatus.Done;
  /** bError: a SlotError or a field's offset when failed; a multiplier of BWT for a time extension; else 0. */
  error = 0;
  /** Byte 9: bChainParameter, bClockStatus or bProtocolNum. */
  specific = 0;
  dataLength = 0;
}

/** Writes the header of the answer to `request` at `into[at…]`; the data are the caller's. Returns the total length. */
export function encodeAnswer(request: CcidHeader, answer: CcidAnswer, into: Bytes, at: number): number {
  into[at + TYPE_AT] = answerTo(request.messageType);
  into[at + 1] = answer.dataLength & 0xff;
  into[at + 2] = (answer.dataLength >>> 8) & 0xff;
  into[at + 3] = 0;
  into[at + 4] = 0;
  into[at + SLOT_AT] = request.slot;
  into[at + SEQUENCE_AT] = request.sequence;
  into[at + STATUS_AT] = answer.iccStatus | answer.commandStatus;
  into[at + ERROR_AT] = answer.error;
  into[at + 9] = answer.specific;
  return HEADER_BYTES + answer.dataLength;
}
