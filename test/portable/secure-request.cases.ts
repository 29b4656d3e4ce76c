/** PC_to_RDR_Secure: recorded messages, then each field wrong alone, told by its offset. */
import type { ByteNatives } from "../../hal/bytes.ts";
import {
  PinFormat,
  PinOperation,
  SECURE_OK,
  SecureRequest,
  decodeSecureRequest,
} from "../../firmware/protocol/secure-request.ts";
import { MODIFY_CONCATENATED, VERIFY_GNUPG, VERIFY_PADDED, VERIFY_VARIABLE } from "../vectors/gempc.ts";
import { bytesOf } from "./bytes-of.ts";
import type { Report } from "./report.ts";

/** A byte of VERIFY_PADDED or MODIFY_CONCATENATED replaced, and the offset that must be told. */
interface Change {
  readonly at: number;
  readonly value: number;
  readonly told: number;
}

const VERIFY_CHANGES: readonly Change[] = [
  { at: 8, value: 1, told: 8 },
  { at: 9, value: 1, told: 8 },
  { at: 10, value: 2, told: 10 },
  { at: 10, value: 4, told: 10 },
  { at: 12, value: 0x83, told: 12 },
  { at: 14, value: 0x20, told: 14 },
  { at: 15, value: 17, told: 15 },
  { at: 15, value: 3, told: 15 },
  { at: 16, value: 0, told: 15 },
  { at: 16, value: 9, told: 15 },
  { at: 17, value: 0, told: 17 },
  { at: 17, value: 1, told: 17 },
  { at: 17, value: 5, told: 17 },
  { at: 17, value: 0x0a, told: 17 },
  { at: 18, value: 2, told: 18 },
  { at: 22, value: 1, told: 22 },
  { at: 23, value: 0x20, told: 22 },
  { at: 23, value: 0x80, told: 22 },
  { at: 23, value: 0x01, told: 22 },
  { at: 24, value: 0x0c, told: 22 },
  { at: 17, value: 7, told: SECURE_OK },
  { at: 18, value: 0xff, told: SECURE_OK },
  { at: 18, value: 0, told: SECURE_OK },
  { at: 23, value: 0x40, told: SECURE_OK },
];

const MODIFY_CHANGES: readonly Change[] = [
  { at: 17, value: 17, told: 17 },
  { at: 18, value: 0, told: 17 },
  { at: 19, value: 4, told: 19 },
  { at: 20, value: 1, told: 20 },
  { at: 21, value: 4, told: 21 },
  { at: 21, value: 1, told: 26 },
  { at: 21, value: 3, told: 27 },
  { at: 25, value: 0x10, told: 25 },
];

export function checkSecureRequest(report: Report, natives: ByteNatives): void {
  const request = new SecureRequest();
  checkRecorded(report, natives, request);
  for (const change of VERIFY_CHANGES) {
    const message = bytesOf(natives, VERIFY_PADDED);
    message[change.at] = change.value;
    report.equal(
      decodeSecureRequest(message, message.length, request),
      change.told,
      "a field of a verification",
    );
  }
  for (const change of MODIFY_CHANGES) {
    const message = bytesOf(natives, MODIFY_CONCATENATED);
    message[change.at] = change.value;
    report.equal(
      decodeSecureRequest(message, message.length, request),
      change.told,
      "a field of a modification",
    );
  }
  checkLengths(report, natives, request);
  checkMessageIndices(report, natives, request);
}

function checkRecorded(report: Report, natives: ByteNatives, request: SecureRequest): void {
  let message = bytesOf(natives, VERIFY_VARIABLE);
  report.equal(decodeSecureRequest(message, message.length, request), SECURE_OK, "OpenSC's verification");
  report.equal(request.operation, PinOperation.Verify, "it verifies");
  report.equal(request.format, PinFormat.Ascii, "ASCII");
  report.equal(request.minDigits * 100 + request.maxDigits, 616, "6–16 digits");
  report.equal(request.timeOutSeconds, 30, "30 s");
  report.equal(request.apduAt * 100 + request.apduLength, 2505, "the template");
  report.equal(request.isByteUnit && !request.isRightJustified ? 1 : 0, 1, "byte units, left");
  message = bytesOf(natives, VERIFY_PADDED);
  report.equal(decodeSecureRequest(message, message.length, request), SECURE_OK, "OpenSC's padded one");
  report.equal(request.blockBytes, 8, "8 bytes");
  report.equal(request.languageId, 0x0411, "Japanese");
  message = bytesOf(natives, MODIFY_CONCATENATED);
  report.equal(decodeSecureRequest(message, message.length, request), SECURE_OK, "OpenSC's modification");
  report.equal(request.confirmsNew && request.asksOld ? 1 : 0, 1, "old asked, new confirmed");
  report.equal(request.apduAt * 100 + request.apduLength, 2805, "its template");
  message = bytesOf(natives, VERIFY_GNUPG);
  report.equal(decodeSecureRequest(message, message.length, request), SECURE_OK, "GnuPG's verification");
  report.equal(request.timeOutSeconds, 0, "no time-out of its own");
}

function checkLengths(report: Report, natives: ByteNatives, request: SecureRequest): void {
  const message = bytesOf(natives, VERIFY_GNUPG);
  for (let length = 10; length < 25; length++) {
    report.equal(decodeSecureRequest(message, length, request), 1, "cut inside the structure");
  }
  // What stands behind the end of the message is an older one's and must not be read.
  message[10] = 2;
  report.equal(decodeSecureRequest(message, 10, request), 1, "no bPINOperation");
  message[10] = 0;
  message[12] = 0x83;
  report.equal(decodeSecureRequest(message, 11, request), 1, "no bmFormatString");
  message[12] = 0x82;
  const modify = bytesOf(natives, MODIFY_CONCATENATED);
  modify[21] = 3;
  for (let length = 25; length < 30; length++) {
    report.equal(
      decodeSecureRequest(modify, length, request),
      1,
      "cut inside the prologue of a modification",
    );
  }
  message[24] = 3;
  report.equal(decodeSecureRequest(message, 28, request), 25, "a template of 3 bytes");
  message[24] = 0;
  report.equal(decodeSecureRequest(message, 25, request), 25, "no template");
}

/** bMsgIndex1–3 in one message: three with nMsg 3 and FF, two with 1 and 2. */
function checkMessageIndices(report: Report, natives: ByteNatives, request: SecureRequest): void {
  const numbers = [0, 1, 2, 3, 0xff];
  const indices = [1, 2, 2, 3, 3];
  for (let i = 0; i < 5; i++) {
    const count = indices[i];
    const message = natives.allocate(24 + count + 3 + 4);
    natives.copy(bytesOf(natives, MODIFY_CONCATENATED), 0, message, 0, 24);
    message[21] = numbers[i];
    message[24 + count + 2] = 4;
    report.equal(
      decodeSecureRequest(message, message.length, request),
      SECURE_OK,
      "indices by bNumberMessage",
    );
    report.equal(request.apduAt, 27 + count, "where the template is");
  }
  // GemPC firmware before bNumberMessageFix: three indices although bNumberMessage is 0.
  const old = natives.allocate(34);
  natives.copy(bytesOf(natives, MODIFY_CONCATENATED), 0, old, 0, 24);
  old[29] = 4;
  report.equal(decodeSecureRequest(old, 34, request), 25, "the old firmware's layout is refused");
}
