/**
 * Frames on an asynchronous line as RFC 1662 makes them (clause 4 and appendix C), with the control octets of HDLC's balanced
 * mode (ISO/IEC 13239, modulo 8) in front of the information, and no address: the line has two ends.
 *
 *   7E | control | information, 0…512 bytes | FCS-16, low byte first | 7E
 *
 * Between flags 7D xx stands for xx ^ 20; 7E and 7D themselves are always sent so.
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { CRC16_START, crc16Next } from "./crc16.ts";

export const INFORMATION_MAX_BYTES = 512;

const FLAG = 0x7e;
const ESCAPE = 0x7d;
const ESCAPED = 0x20;
const FCS_BYTES = 2;
const CONTROL_BYTES = 1;
/** What is left over a whole frame with its FCS (RFC 1662, C.2). */
const GOOD_FCS = 0xf0b8;
const LONGEST_BYTES = CONTROL_BYTES + INFORMATION_MAX_BYTES + FCS_BYTES;
/** Every byte escaped, and two flags. */
const LONGEST_SENT_BYTES = 2 * LONGEST_BYTES + 2;

export const enum FrameEvent {
  /** Nothing yet, or something that is no frame: flags in a row, fewer bytes than a frame has, an abort (4.3). */
  Pending = 0,
  /** `control` and `information` are a frame's. They stay until the next push. */
  Frame = 1,
  /** A frame whose FCS is wrong, or that is longer than any: nothing of it can be believed. */
  Damaged = 2,
}

export class AsyncFrameDecoder {
  control = 0;
  informationLength = 0;
  /** `information[0…informationLength-1]`. */
  readonly information: Bytes;
  private readonly raw: Bytes;
  private count = 0;
  private fcs = CRC16_START;
  private isEscaped = false;

  constructor(private readonly natives: ByteNatives) {
    this.raw = natives.allocate(LONGEST_BYTES);
    this.information = natives.allocate(INFORMATION_MAX_BYTES);
  }

  push(byte: number): FrameEvent {
    if (byte === FLAG) return this.endFrame();
    if (byte === ESCAPE) {
      this.isEscaped = true;
      return FrameEvent.Pending;
    }
    const value = this.isEscaped ? byte ^ ESCAPED : byte;
    this.isEscaped = false;
    if (this.count < LONGEST_BYTES) {
      this.raw[this.count] = value;
      this.fcs = crc16Next(this.fcs, value);
    }
    // One more than fits is enough to know.
    if (this.count <= LONGEST_BYTES) this.count++;
    return FrameEvent.Pending;
  }

  private endFrame(): FrameEvent {
    const count = this.count;
    const isAborted = this.isEscaped;
    const isWhole = this.fcs === GOOD_FCS && count <= LONGEST_BYTES;
    this.count = 0;
    this.fcs = CRC16_START;
    this.isEscaped = false;
    if (isAborted || count < CONTROL_BYTES + FCS_BYTES) return FrameEvent.Pending;
    if (!isWhole) return FrameEvent.Damaged;
    this.control = this.raw[0];
    this.informationLength = count - CONTROL_BYTES - FCS_BYTES;
    this.natives.copy(this.raw, CONTROL_BYTES, this.information, 0, this.informationLength);
    return FrameEvent.Frame;
  }
}

export class AsyncFrameEncoder {
  /** What `encode` made: `frame[0…length-1]`. */
  readonly frame: Bytes;
  private used = 0;
  private fcs = CRC16_START;

  constructor(natives: ByteNatives) {
    this.frame = natives.allocate(LONGEST_SENT_BYTES);
  }

  /** Makes a frame of `control` and `information[0…length-1]`. Returns its length. */
  encode(control: number, information: ReadonlyBytes, length: number): number {
    this.frame[0] = FLAG;
    this.used = 1;
    this.fcs = CRC16_START;
    this.put(control);
    for (let i = 0; i < length; i++) this.put(information[i]);
    // The ones' complement is sent (RFC 1662, C.2).
    const fcs = this.fcs ^ 0xffff;
    this.put(fcs & 255);
    this.put(fcs >>> 8);
    this.frame[this.used] = FLAG;
    return this.used + 1;
  }

  private put(value: number): void {
    this.fcs = crc16Next(this.fcs, value);
    const mustEscape = value === FLAG || value === ESCAPE;
    if (mustEscape) {
      this.frame[this.used] = ESCAPE;
      this.used++;
    }
    this.frame[this.used] = mustEscape ? value ^ ESCAPED : value;
    this.used++;
  }
}
