/** Frames of the GemPC serial line: recorded ones, and a case for each check that only it catches. */
import type { ByteNatives } from "../../hal/bytes.ts";
import {
  ECHO_BYTES,
  FrameResult,
  GemPcDecoder,
  encodeEcho,
  encodeNak,
  sealFrame,
} from "../../firmware/protocol/gempc-frame.ts";
import { FIRMWARE_FRAME, GET_SLOT_STATUS, PROMPTS } from "../vectors/gempc.ts";
import { bytesOf, sameBytes } from "./bytes-of.ts";
import type { Report } from "./report.ts";

/** Pushes all and returns the last result; every earlier one must be Pending. */
function pushAll(report: Report, decoder: GemPcDecoder, bytes: readonly number[]): FrameResult {
  for (let i = 0; i < bytes.length - 1; i++) {
    report.equal(decoder.push(bytes[i]), FrameResult.Pending, "nothing before the last byte");
  }
  return decoder.push(bytes[bytes.length - 1]);
}

export function checkGemPcFrame(report: Report, natives: ByteNatives): void {
  checkDecoder(report, natives);
  checkRefusals(report, natives);
  checkEncoders(report, natives);
}

function checkDecoder(report: Report, natives: ByteNatives): void {
  const decoder = new GemPcDecoder(natives);
  report.equal(pushAll(report, decoder, FIRMWARE_FRAME), FrameResult.Message, "the first start-up frame");
  report.equal(decoder.messageLength, 11, "its message has 11 bytes");
  report.equal(decoder.message[10], 0x02, "its data are 02");
  report.equal(decoder.isMidFrame() ? 1 : 0, 0, "nothing is under way after a frame");
  report.equal(pushAll(report, decoder, [0x03, 0x15, 0x16]), FrameResult.Nak, "03 15 16 is a NAK");
  report.equal(pushAll(report, decoder, [0x00, 0x06, 0xff]), FrameResult.Pending, "garbage is skipped");
  report.equal(
    pushAll(report, decoder, FIRMWARE_FRAME),
    FrameResult.Message,
    "a frame right behind garbage counts",
  );
  const frame = natives.allocate(400);
  natives.copy(bytesOf(natives, PROMPTS), 0, frame, 2, PROMPTS.length);
  const length = sealFrame(frame, PROMPTS.length);
  let result = FrameResult.Pending;
  for (let i = 0; i < length; i++) result = decoder.push(frame[i]);
  report.equal(result, FrameResult.Message, "the prompts fit");
  report.equal(decoder.messageLength, 175, "the prompts have 175 bytes");
}

function checkRefusals(report: Report, natives: ByteNatives): void {
  const decoder = new GemPcDecoder(natives);
  for (let i = 0; i < FIRMWARE_FRAME.length - 1; i++) decoder.push(FIRMWARE_FRAME[i]);
  report.equal(decoder.push(0x00), FrameResult.BadLrc, "a wrong LRC is told");
  report.equal(pushAll(report, decoder, [0x03, 0x07]), FrameResult.BadControl, "03 07 is nothing");
  decoder.push(0x03);
  report.equal(decoder.push(0x03), FrameResult.BadControl, "03 03 is told");
  report.equal(
    pushAll(report, decoder, [0x06, 0x65, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0x62]),
    FrameResult.Message,
    "and the second 03 begins a frame",
  );
  report.equal(pushAll(report, decoder, [0x03, 0x15, 0x17]), FrameResult.BadControl, "a NAK ends with 16");
  const header = [0x03, 0x06, 0x6f, 0x05, 0x01, 0, 0, 0, 0, 0, 0, 0];
  report.equal(pushAll(report, decoder, header), FrameResult.Pending, "271 bytes are announced and fit");
  report.equal(decoder.isMidFrame() ? 1 : 0, 1, "a frame is under way");
  decoder.reset();
  report.equal(decoder.isMidFrame() ? 1 : 0, 0, "silence forgets it");
  header[3] = 0x06;
  report.equal(pushAll(report, decoder, header), FrameResult.TooLong, "272 bytes are too long");
  report.equal(pushAll(report, decoder, FIRMWARE_FRAME), FrameResult.Pending, "what follows is not read");
  decoder.reset();
  header[3] = 0;
  header[4] = 0;
  header[5] = 1;
  report.equal(pushAll(report, decoder, header), FrameResult.TooLong, "the third length byte counts");
  decoder.reset();
  header[5] = 0;
  header[6] = 1;
  report.equal(pushAll(report, decoder, header), FrameResult.TooLong, "the fourth length byte counts");
}

function checkEncoders(report: Report, natives: ByteNatives): void {
  const into = natives.allocate(300);
  const length = encodeEcho(bytesOf(natives, PROMPTS), into);
  report.equal(length, ECHO_BYTES, "an echo has 13 bytes");
  const echo = [0x03, 0x06, 0x6b, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0x6a];
  sameBytes(report, "the echo of 165 data bytes has none", { bytes: into, length }, echo);
  natives.copy(bytesOf(natives, GET_SLOT_STATUS), 0, into, 2, 10);
  report.equal(sealFrame(into, 10), 13, "three bytes around a message");
  report.equal(into[12], 0x62, "the LRC covers 03 06");
  sameBytes(report, "NAK", { bytes: into, length: encodeNak(into) }, [0x03, 0x15, 0x16]);
}
