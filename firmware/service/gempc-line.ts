/**
 * The bench image's counter line: GemPC PinPad frames in the clear (facts: pcsc-serial §2). Each message of the host is
 * echoed at once, then answered; while a command takes long a byte ≥ 80 each second keeps the host waiting.
 */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import type { Uart } from "../../hal/uart.ts";
import { MESSAGE_MAX_BYTES } from "../protocol/ccid.ts";
import {
  encodeEcho,
  encodeNak,
  FrameResult,
  FRAME_OVERHEAD_BYTES,
  GemPcDecoder,
  MESSAGE_AT,
  sealFrame,
  TIME_REQUEST,
} from "../protocol/gempc-frame.ts";
import { earlierUs, NEVER_US } from "../protocol/time.ts";
import type { CcidAnswers } from "./ccid-answers.ts";
import type { CcidReader } from "./ccid-reader.ts";

/** The host's shortest wait for an answer is 2 s where it expects time requests. */
const TIME_REQUEST_US = 1000000;
/** A frame that stops for so long is given up; the host sends its bytes back to back. */
const INTER_BYTE_US = 500000;
/** Bytes taken from the UART at a time. */
const CHUNK_BYTES = 64;

export class GemPcLine {
  private readonly decoder: GemPcDecoder;
  private readonly frame: Bytes;
  private readonly chunk: Bytes;
  private lastFrameBytes = 0;
  private lastByteUs = 0;
  private timeRequestUs = NEVER_US;

  constructor(
    private readonly natives: ByteNatives,
    private readonly uart: Uart,
    private readonly reader: CcidReader,
    private readonly answers: CcidAnswers,
  ) {
    this.decoder = new GemPcDecoder(natives);
    this.frame = natives.allocate(MESSAGE_MAX_BYTES + FRAME_OVERHEAD_BYTES);
    this.chunk = natives.allocate(CHUNK_BYTES);
  }

  /** Takes what came, lets the reader work, sends what is ready. */
  step(nowUs: number): number {
    if (this.decoder.isMidFrame() && nowUs >= this.lastByteUs + INTER_BYTE_US) this.decoder.reset();
    const more = this.receive(nowUs);
    const readerUs = this.reader.step(nowUs);
    this.sendAnswer();
    this.keepWaiting(nowUs);
    const frameUs = this.decoder.isMidFrame() ? this.lastByteUs + INTER_BYTE_US : NEVER_US;
    return more ? nowUs : earlierUs(earlierUs(readerUs, frameUs), this.timeRequestUs);
  }

  /** Returns whether more may wait in the UART. */
  private receive(nowUs: number): boolean {
    const count = this.uart.read(this.chunk, 0, CHUNK_BYTES);
    if (count > 0) this.lastByteUs = nowUs;
    for (let i = 0; i < count; i++) this.take(this.decoder.push(this.chunk[i]), nowUs);
    return count === CHUNK_BYTES;
  }

  private take(result: FrameResult, nowUs: number): void {
    switch (result) {
      case FrameResult.Pending:
      case FrameResult.TooLong:
      case FrameResult.BadControl:
        break;
      case FrameResult.BadLrc:
        this.uart.write(this.frame, 0, this.nak());
        break;
      case FrameResult.Nak:
        this.uart.write(this.frame, 0, this.lastFrameBytes);
        break;
      case FrameResult.Message:
        this.message(nowUs);
        break;
    }
  }

  /** A NAK takes the place of the frame kept for repetition: there was no frame to repeat. */
  private nak(): number {
    this.lastFrameBytes = 0;
    return encodeNak(this.frame);
  }

  private message(nowUs: number): void {
    this.lastFrameBytes = encodeEcho(this.decoder.message, this.frame);
    this.uart.write(this.frame, 0, this.lastFrameBytes);
    this.reader.request(this.decoder.message, this.decoder.messageLength, nowUs);
    this.sendAnswer();
  }

  private sendAnswer(): void {
    const length = this.answers.take();
    if (length === 0) return;
    this.natives.copy(this.answers.message, 0, this.frame, MESSAGE_AT, length);
    this.lastFrameBytes = sealFrame(this.frame, length);
    this.uart.write(this.frame, 0, this.lastFrameBytes);
  }

  private keepWaiting(nowUs: number): void {
    if (!this.reader.isBusy()) {
      this.timeRequestUs = NEVER_US;
      return;
    }
    if (this.timeRequestUs === NEVER_US) this.timeRequestUs = nowUs + TIME_REQUEST_US;
    if (nowUs < this.timeRequestUs) return;
    this.timeRequestUs = nowUs + TIME_REQUEST_US;
    this.chunk[0] = TIME_REQUEST;
    this.uart.write(this.chunk, 0, 1);
  }
}
