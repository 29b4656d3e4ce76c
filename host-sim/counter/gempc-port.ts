/**
 * The reader's end of the GemPC PinPad framing, as libccid's serial driver wants it (docs/protocol.md): a short echo before every
 * answer, a byte 80 while an answer takes long, the last frame again when it is asked for.
 */
import { HEADER_BYTES, Request } from "../../firmware/protocol/ccid.ts";
import {
  ECHO_BYTES,
  encodeEcho,
  encodeNak,
  FRAME_OVERHEAD_BYTES,
  FrameResult,
  GemPcDecoder,
  MESSAGE_AT,
  sealFrame,
  TIME_REQUEST,
} from "../../firmware/protocol/gempc-frame.ts";
import { NODE_NATIVES } from "../engine/node-natives.ts";
import type { CounterClock } from "./counter-clock.ts";

/** The driver sends a frame back to back: one that stops for so long is forgotten. */
const INTER_BYTE_US = 500_000;
const TIME_REQUEST_US = 1_000_000;
/** The driver waits 100 ms for most answers of its start-up, less than a slow line takes. */
const ESCAPE_TIME_REQUEST_US = 50_000;
const NAK_BYTES = 3;

export class GemPcPort {
  private readonly decoder = new GemPcDecoder(NODE_NATIVES);
  private lastFrame: Uint8Array = new Uint8Array();
  /** Messages without an answer so far. */
  private waiting = 0;
  private cancelSilence: () => void = () => undefined;
  private cancelTimeRequest: () => void = () => undefined;

  /** `onMessage` gets each whole message, which is its own; every one must be answered. */
  constructor(
    private readonly send: (bytes: Uint8Array) => void,
    private readonly onMessage: (message: Uint8Array) => void,
    private readonly clock: CounterClock,
  ) {}

  /** Bytes from the driver. */
  push(bytes: Uint8Array): void {
    this.cancelSilence();
    for (const byte of bytes) this.take(this.decoder.push(byte));
    if (this.decoder.isMidFrame())
      this.cancelSilence = this.clock.after(INTER_BYTE_US, () => this.decoder.reset());
  }

  answer(message: Uint8Array): void {
    this.waiting--;
    if (this.waiting === 0) this.cancelTimeRequest();
    const frame = new Uint8Array(message.length + FRAME_OVERHEAD_BYTES);
    frame.set(message, MESSAGE_AT);
    sealFrame(frame, message.length);
    this.sendFrame(frame);
  }

  close(): void {
    this.cancelSilence();
    this.cancelTimeRequest();
  }

  private take(result: FrameResult): void {
    switch (result) {
      case FrameResult.Pending:
      case FrameResult.TooLong:
      case FrameResult.BadControl:
        break;
      case FrameResult.BadLrc:
        this.nak();
        break;
      case FrameResult.Nak:
        if (this.lastFrame.length > 0) this.send(this.lastFrame);
        break;
      case FrameResult.Message:
        this.message();
        break;
    }
  }

  private message(): void {
    const { message, messageLength } = this.decoder;
    const own = Uint8Array.from({ length: messageLength }, (_, i) => message[i]!);
    const echo = new Uint8Array(ECHO_BYTES);
    encodeEcho(own.subarray(0, HEADER_BYTES), echo);
    this.sendFrame(echo);
    this.waiting++;
    this.askForTime(own[0] === Request.Escape ? ESCAPE_TIME_REQUEST_US : TIME_REQUEST_US);
    this.onMessage(own);
  }

  private askForTime(everyUs: number): void {
    this.cancelTimeRequest();
    this.cancelTimeRequest = this.clock.after(everyUs, () => {
      this.send(Uint8Array.of(TIME_REQUEST));
      this.askForTime(everyUs);
    });
  }

  /** It takes the place of the frame kept for repetition: there was no frame to repeat. */
  private nak(): void {
    this.lastFrame = new Uint8Array();
    const nak = new Uint8Array(NAK_BYTES);
    encodeNak(nak);
    this.send(nak);
  }

  private sendFrame(frame: Uint8Array): void {
    this.lastFrame = frame;
    this.send(frame);
  }
}
