/** CCID headers, both ways. */
import type { ByteNatives } from "../../hal/bytes.ts";
import {
  Answer,
  CcidAnswer,
  CcidError,
  CcidHeader,
  CommandStatus,
  IccStatus,
  Request,
  SlotError,
  answerTo,
  decodeHeader,
  encodeAnswer,
} from "../../firmware/protocol/ccid.ts";
import { POWER_ON_ABSENT, SET_PARAMETERS } from "../vectors/gempc.ts";
import { bytesOf, sameBytes } from "./bytes-of.ts";
import type { Report } from "./report.ts";

export function checkCcid(report: Report, natives: ByteNatives): void {
  const header = new CcidHeader();
  const message = bytesOf(natives, SET_PARAMETERS);
  report.equal(decodeHeader(message, 9, header), CcidError.TooShort, "9 bytes are no header");
  report.equal(header.messageType, 0, "which change nothing");
  report.equal(decodeHeader(message, 16, header), CcidError.LengthMismatch, "a byte too few");
  report.equal(header.sequence, 9, "the bSeq that the refusal needs");
  report.equal(decodeHeader(message, 17, header), CcidError.None, "SetParameters decodes");
  report.equal(header.messageType, Request.SetParameters, "its type");
  report.equal(header.dataLength, 7, "its length");
  report.equal(header.sequence, 9, "its bSeq");
  report.equal(header.specific, 1, "its bProtocolNum");
  message[4] = 1;
  report.equal(decodeHeader(message, 17, header), CcidError.LengthMismatch, "all four length bytes count");
  checkAnswers(report, natives);
}

function checkAnswers(report: Report, natives: ByteNatives): void {
  const header = new CcidHeader();
  header.messageType = Request.IccPowerOn;
  header.sequence = 7;
  const answer = new CcidAnswer();
  answer.iccStatus = IccStatus.Absent;
  answer.commandStatus = CommandStatus.Failed;
  answer.error = SlotError.IccMute;
  const into = natives.allocate(300);
  const length = encodeAnswer(header, answer, into, 0);
  sameBytes(report, "power on without a card, as recorded", { bytes: into, length }, POWER_ON_ABSENT);
  answer.dataLength = 258;
  report.equal(encodeAnswer(header, answer, into, 2), 268, "the data count");
  report.equal(into[3] + into[4] * 256, 258, "dwLength is little-endian, behind the frame's two bytes");
  const pairs = [
    0x61, 0x82, 0x62, 0x80, 0x63, 0x81, 0x65, 0x81, 0x69, 0x80, 0x6a, 0x81, 0x6b, 0x83, 0x6c, 0x82,
  ];
  const more = [
    0x6d, 0x82, 0x6e, 0x81, 0x6f, 0x80, 0x71, 0x81, 0x72, 0x81, 0x73, 0x84, 0x00, 0x81, 0xff, 0x81,
  ];
  for (let i = 0; i < 16; i += 2) {
    report.equal(answerTo(pairs[i]), pairs[i + 1], "the answer's type");
    report.equal(answerTo(more[i]), more[i + 1], "the answer's type");
  }
  report.equal(answerTo(Request.Secure), Answer.DataBlock, "Secure is answered by a DataBlock");
}
