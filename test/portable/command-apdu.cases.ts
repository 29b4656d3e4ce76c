/** The seven encodings of a command APDU, every refusal, and the class byte. */
import type { ByteNatives } from "../../hal/bytes.ts";
import {
  ApduError,
  ClassKind,
  CommandApdu,
  classKind,
  decodeCommandApdu,
  logicalChannel,
} from "../../firmware/protocol/command-apdu.ts";
import { bytesOf } from "./bytes-of.ts";
import type { Report } from "./report.ts";

interface Expected {
  readonly what: string;
  readonly tail: readonly number[];
  readonly nc: number;
  readonly at: number;
  readonly ne: number;
  readonly extended: number;
}

/** What follows the header (ISO/IEC 7816-3:2006, table 13). */
const ACCEPTED: readonly Expected[] = [
  { what: "case 1", tail: [], nc: 0, at: 0, ne: 0, extended: 0 },
  { what: "case 2S", tail: [7], nc: 0, at: 0, ne: 7, extended: 0 },
  { what: "case 2S of 256", tail: [0], nc: 0, at: 0, ne: 256, extended: 0 },
  { what: "case 3S", tail: [2, 8, 9], nc: 2, at: 5, ne: 0, extended: 0 },
  { what: "case 4S", tail: [2, 8, 9, 5], nc: 2, at: 5, ne: 5, extended: 0 },
  { what: "case 4S of 256", tail: [1, 8, 0], nc: 1, at: 5, ne: 256, extended: 0 },
  { what: "case 2E", tail: [0, 1, 2], nc: 0, at: 0, ne: 258, extended: 1 },
  { what: "case 2E of 65536", tail: [0, 0, 0], nc: 0, at: 0, ne: 65536, extended: 1 },
  { what: "case 3E", tail: [0, 0, 2, 8, 9], nc: 2, at: 7, ne: 0, extended: 1 },
  { what: "case 4E", tail: [0, 0, 2, 8, 9, 1, 0], nc: 2, at: 7, ne: 256, extended: 1 },
  { what: "case 4E of 65536", tail: [0, 0, 1, 8, 0, 0], nc: 1, at: 7, ne: 65536, extended: 1 },
];

interface Refused {
  readonly tail: readonly number[];
  readonly error: ApduError;
}

const REFUSED: readonly Refused[] = [
  { tail: [3, 8, 9], error: ApduError.DataTruncated },
  { tail: [2, 8, 9, 5, 5], error: ApduError.TrailingBytes },
  { tail: [0, 1], error: ApduError.ExtendedTruncated },
  { tail: [0, 0, 0, 1], error: ApduError.ExtendedZeroLc },
  { tail: [0, 0, 3, 8, 9], error: ApduError.DataTruncated },
  { tail: [0, 1, 2, 8, 9], error: ApduError.DataTruncated },
  { tail: [0, 0, 2, 8, 9, 1], error: ApduError.TrailingBytes },
  { tail: [0, 0, 2, 8, 9, 1, 0, 0], error: ApduError.TrailingBytes },
];

function raw(natives: ByteNatives, tail: readonly number[]): ReturnType<typeof bytesOf> {
  const bytes = natives.allocate(4 + tail.length);
  for (let i = 0; i < 4; i++) bytes[i] = 0xa0 + i;
  for (let i = 0; i < tail.length; i++) bytes[4 + i] = tail[i];
  return bytes;
}

export function checkCommandApdu(report: Report, natives: ByteNatives): void {
  const apdu = new CommandApdu();
  for (const wanted of ACCEPTED) {
    const bytes = raw(natives, wanted.tail);
    report.equal(decodeCommandApdu(bytes, bytes.length, apdu), ApduError.None, wanted.what);
    report.equal(apdu.dataLength, wanted.nc, wanted.what + ": Nc");
    report.equal(apdu.dataAt, wanted.at, wanted.what + ": where the data are");
    report.equal(apdu.expectedLength, wanted.ne, wanted.what + ": Ne");
    report.equal(apdu.isExtended ? 1 : 0, wanted.extended, wanted.what + ": extended");
    report.equal(apdu.cla * 1000 + apdu.p2, 0xa0 * 1000 + 0xa3, wanted.what + ": header");
  }
  for (const refused of REFUSED) {
    const bytes = raw(natives, refused.tail);
    report.equal(decodeCommandApdu(bytes, bytes.length, apdu), refused.error, "the cause of a refusal");
  }
  report.equal(decodeCommandApdu(raw(natives, []), 3, apdu), ApduError.TooShort, "3 bytes");
  checkClasses(report);
}

function checkClasses(report: Report): void {
  report.equal(classKind(0x1f), ClassKind.FirstInterindustry, "1F");
  report.equal(classKind(0x20), ClassKind.Reserved, "20");
  report.equal(classKind(0x3f), ClassKind.Reserved, "3F");
  report.equal(classKind(0x40), ClassKind.FurtherInterindustry, "40");
  report.equal(classKind(0x7f), ClassKind.FurtherInterindustry, "7F");
  report.equal(classKind(0x80), ClassKind.Proprietary, "80");
  report.equal(classKind(0xfe), ClassKind.Proprietary, "FE");
  report.equal(classKind(0xff), ClassKind.Invalid, "FF");
  report.equal(logicalChannel(0x03), 3, "channel 3");
  report.equal(logicalChannel(0x4f), 19, "channel 19");
}
