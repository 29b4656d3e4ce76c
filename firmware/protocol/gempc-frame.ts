/**
 * The serial frame of GemPC Twin and PinPad readers: `03 06 <CCID message> LRC`, the LRC being the exclusive-or of all
 * bytes before it, and `03 15 16`, which asks for the last frame again. As libccid 1.5.2's ccid_serial.c reads and
 * writes it (facts: pcsc-serial §2).
 *
 *   Sync --03--> Control --06--> Header --10 bytes--> Data --dwLength bytes--> Lrc --> Sync (Message, BadLrc)
 *                   |--15--> NakLrc --> Sync (Nak)       |--too long--> Deaf until reset()
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { HEADER_BYTES, MESSAGE_MAX_BYTES } from "./ccid.ts";

const SYNC = 0x03;
const ACK = 0x06;
const NAK = 0x15;
/** Where the message stands in a frame, and what a frame adds to it. */
export const MESSAGE_AT = 2;
export const FRAME_OVERHEAD_BYTES = 3;
export const ECHO_BYTES = HEADER_BYTES + FRAME_OVERHEAD_BYTES;
/** A single byte ≥ 80 before an answer starts the host's read timer again. */
export const TIME_REQUEST = 0x80;

export const enum FrameResult {
  /** Nothing yet. Bytes before the 03 are skipped silently. */
  Pending = 0,
  /** `message[0..messageLength-1]` is a message whose LRC is right. It stays until the next push. */
  Message = 1,
  /** The host asks for the last frame again. */
  Nak = 2,
  /** A frame came whose LRC is wrong. */
  BadLrc = 3,
  /** dwLength exceeds what we announce. All is skipped until `reset`, as nobody knows where that frame ends. */
  TooLong = 4,
  /** 03 was followed by neither 06 nor 15, or 03 15 by something other than 16. */
  BadControl = 5,
}

const enum State {
  Sync,
  Control,
  Header,
  Data,
  Lrc,
  NakLrc,
  Deaf,
}

export class GemPcDecoder {
  readonly message: Bytes;
  messageLength = 0;
  private state = State.Sync;
  private at = 0;
  private lrc = 0;

  constructor(natives: ByteNatives) {
    this.message = natives.allocate(MESSAGE_MAX_BYTES);
  }

  /** Forgets a half frame. The caller does so when the line was silent for longer than its inter-byte limit. */
  reset(): void {
    this.state = State.Sync;
  }

  /** True while a frame is under way, that is, while the inter-byte limit runs. */
  isMidFrame(): boolean {
    return this.state !== State.Sync;
  }

  push(byte: number): FrameResult {
    switch (this.state) {
      case State.Sync:
        if (byte === SYNC) this.state = State.Control;
        return FrameResult.Pending;
      case State.Control:
        return this.pushControl(byte);
      case State.Header:
        this.keep(byte);
        return this.at === HEADER_BYTES ? this.endHeader() : FrameResult.Pending;
      case State.Data:
        this.keep(byte);
        if (this.at === this.messageLength) this.state = State.Lrc;
        return FrameResult.Pending;
      case State.Lrc:
        this.state = State.Sync;
        return byte === this.lrc ? FrameResult.Message : FrameResult.BadLrc;
      case State.NakLrc:
        this.state = State.Sync;
        return byte === (SYNC ^ NAK) ? FrameResult.Nak : FrameResult.BadControl;
      case State.Deaf:
        return FrameResult.Pending;
    }
  }

  private pushControl(byte: number): FrameResult {
    if (byte === ACK) {
      this.state = State.Header;
      this.at = 0;
      this.lrc = SYNC ^ ACK;
      return FrameResult.Pending;
    }
    if (byte === NAK) {
      this.state = State.NakLrc;
      return FrameResult.Pending;
    }
    // A stray 03 may stand right before a frame's own.
    if (byte !== SYNC) this.state = State.Sync;
    return FrameResult.BadControl;
  }

  private keep(byte: number): void {
    this.message[this.at] = byte;
    this.at++;
    this.lrc = this.lrc ^ byte;
  }

  private endHeader(): FrameResult {
    const message = this.message;
    const isSmall = message[3] === 0 && message[4] === 0;
    const total = HEADER_BYTES + message[1] + message[2] * 256;
    if (!isSmall || total > MESSAGE_MAX_BYTES) {
      this.state = State.Deaf;
      return FrameResult.TooLong;
    }
    this.messageLength = total;
    this.state = total === HEADER_BYTES ? State.Lrc : State.Data;
    return FrameResult.Pending;
  }
}

/** Makes a frame of the message that stands at `frame[MESSAGE_AT…]`. Returns the frame's length. */
export function sealFrame(frame: Bytes, messageLength: number): number {
  frame[0] = SYNC;
  frame[1] = ACK;
  let lrc = SYNC ^ ACK;
  for (let i = 0; i < messageLength; i++) lrc = lrc ^ frame[MESSAGE_AT + i];
  frame[MESSAGE_AT + messageLength] = lrc;
  return messageLength + FRAME_OVERHEAD_BYTES;
}

/**
 * The echo that must precede every answer: the request's header with dwLength 0. A whole echo would be refused for the
 * start-up Escape of 165 bytes, because the driver's buffer for that answer holds 30. Returns ECHO_BYTES.
 */
export function encodeEcho(request: ReadonlyBytes, into: Bytes): number {
  for (let i = 0; i < HEADER_BYTES; i++) into[MESSAGE_AT + i] = request[i];
  for (let i = 1; i <= 4; i++) into[MESSAGE_AT + i] = 0;
  return sealFrame(into, HEADER_BYTES);
}

/** Asks for the last frame again, 3 bytes. */
export function encodeNak(into: Bytes): number {
  into[0] = SYNC;
  into[1] = NAK;
  into[2] = SYNC ^ NAK;
  return 3;
}
