/**
 * Command APDUs: the seven encodings of ISO/IEC 7816-3:2006, 12.1.3 (cases 1, 2S, 3S, 4S, 2E, 3E, 4E) and the class byte
 * of ISO/IEC 7816-4:2005, 5.1.1. What is none of the seven is refused by its cause, never repaired.
 */
import type { ReadonlyBytes } from "../../hal/bytes.ts";

/** The longest command and response that are passed on: 4 KB of data with header, extended Lc and Le, or with SW1 SW2. */
export const COMMAND_MAX_BYTES = 4096 + 9;
export const RESPONSE_MAX_BYTES = 4096 + 2;

export const enum ApduError {
  None = 0,
  /** Fewer than the 4 bytes of a header. */
  TooShort = 1,
  /** Lc announces more bytes than stand there. */
  DataTruncated = 2,
  /** More bytes stand after the data than an Le has. */
  TrailingBytes = 3,
  /** A first 00 with one byte after it: neither a short Le nor an extended length. */
  ExtendedTruncated = 4,
  /** An extended Lc of 0000 with bytes after it. */
  ExtendedZeroLc = 5,
}

/** A decoded command; the data stay where they are. */
export class CommandApdu {
  cla = 0;
  ins = 0;
  p1 = 0;
  p2 = 0;
  /** Nc, bytes of data (0–65535), and where they begin. */
  dataLength = 0;
  dataAt = 0;
  /** Ne, the most bytes expected (0 = no Le field, 1–65536). */
  expectedLength = 0;
  isExtended = false;
}

/** Decodes `raw[0..length-1]`; on an error only the four header fields of `into` may have changed. */
export function decodeCommandApdu(raw: ReadonlyBytes, length: number, into: CommandApdu): ApduError {
  if (length < 4) return ApduError.TooShort;
  into.cla = raw[0];
  into.ins = raw[1];
  into.p1 = raw[2];
  into.p2 = raw[3];
  if (length === 4) return accept(into, 0, 0, 0);
  if (length === 5) return accept(into, 0, 0, raw[4] === 0 ? 256 : raw[4]);
  if (raw[4] === 0) return decodeExtended(raw, length, into);
  const dataLength = raw[4];
  const rest = length - 5 - dataLength;
  if (rest < 0) return ApduError.DataTruncated;
  if (rest > 1) return ApduError.TrailingBytes;
  if (rest === 0) return accept(into, 5, dataLength, 0);
  const last = raw[length - 1];
  return accept(into, 5, dataLength, last === 0 ? 256 : last);
}

function decodeExtended(raw: ReadonlyBytes, length: number, into: CommandApdu): ApduError {
  if (length < 7) return ApduError.ExtendedTruncated;
  const first = raw[5] * 256 + raw[6];
  if (length === 7) return acceptExtended(into, 0, first === 0 ? 65536 : first);
  if (first === 0) return ApduError.ExtendedZeroLc;
  const rest = length - 7 - first;
  if (rest < 0) return ApduError.DataTruncated;
  if (rest === 0) return acceptExtended(into, first, 0);
  if (rest !== 2) return ApduError.TrailingBytes;
  const last = raw[length - 2] * 256 + raw[length - 1];
  return acceptExtended(into, first, last === 0 ? 65536 : last);
}

function accept(into: CommandApdu, dataAt: number, dataLength: number, expectedLength: number): ApduError {
  into.dataAt = dataAt;
  into.dataLength = dataLength;
  into.expectedLength = expectedLength;
  into.isExtended = false;
  return ApduError.None;
}

function acceptExtended(into: CommandApdu, dataLength: number, expectedLength: number): ApduError {
  accept(into, dataLength === 0 ? 0 : 7, dataLength, expectedLength);
  into.isExtended = true;
  return ApduError.None;
}

export const enum ClassKind {
  /** 00–1F: channels 0–3 (table 2). */
  FirstInterindustry = 0,
  /** 40–7F: channels 4–19 (table 3). */
  FurtherInterindustry = 1,
  /** 20–3F. */
  Reserved = 2,
  /** 80–FE. */
  Proprietary = 3,
  /** FF, which PPS uses. */
  Invalid = 4,
}

export function classKind(cla: number): ClassKind {
  if (cla === 0xff) return ClassKind.Invalid;
  if (cla >= 0x80) return ClassKind.Proprietary;
  if (cla >= 0x40) return ClassKind.FurtherInterindustry;
  return cla >= 0x20 ? ClassKind.Reserved : ClassKind.FirstInterindustry;
}

/**
 * Logical channel, 0–19. A proprietary class is read as GlobalPlatform does, by its lower 7 bits: a channel that only might be
 * there must not be overlooked. Reserved and invalid classes are read so as well.
 */
export function logicalChannel(cla: number): number {
  return (cla & 0x40) !== 0 ? 4 + (cla & 0x0f) : cla & 0x03;
}
