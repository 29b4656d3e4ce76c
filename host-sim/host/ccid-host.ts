/**
 * A counter PC as libccid 1.5.2 behaves towards a PIN pad reader (facts: pcsc-serial §2), in virtual time: CCID messages with a
 * running bSeq, its own T=1, Secure with its prologue filled in. How messages are carried is for those that extend it. Each call
 * runs the world until the answer is there. Shares nothing with the firmware.
 */
import { T1InterfaceDevice, t1ParametersOf } from "./t1-interface-device.ts";

/** A serial line as its host end sees it. */
export interface HostLine {
  send(bytes: Uint8Array): void;
  onBytes(listener: (bytes: Uint8Array) => void): void;
}

/** Runs the world until `until()` is true (returns true) or `limitNs` of virtual time went by (returns false). */
export type RunWorld = (until: () => boolean, limitNs: number) => boolean;

/** One RDR_to_PC message. */
export interface CcidReply {
  type: number;
  slot: number;
  sequence: number;
  status: number;
  error: number;
  specific: number;
  data: Uint8Array;
}

/** What the driver calls a communication error. */
export class HostFailure extends Error {}

export const SECOND_NS = 1_000_000_000;
export const LINE_NS = 3 * SECOND_NS;
const POWER_ON_NS = 60 * SECOND_NS;
const BLOCK_NS = 10 * SECOND_NS;
/** The driver's buffer: 10 + 538 bytes. */
export const MESSAGE_MAX_BYTES = 548;

export abstract class CcidHost {
  readonly t1: T1InterfaceDevice;
  atr = new Uint8Array();
  private sequence = 0;
  private secureLimitNs = 0;

  constructor() {
    this.t1 = new T1InterfaceDevice((block) => this.exchangeBlock(block));
  }

  /** Sends these bytes as a CCID message, whatever they say. */
  abstract rawMessage(message: Uint8Array): void;

  /** Reads a whole answer, at most `bufferBytes`. */
  protected abstract readMessage(limitNs: number, bufferBytes: number): readonly number[];

  /** Powers on by bPowerSelect, then sets up T=1 as SCardConnect makes the driver do. Failure: no ATR in the reply. */
  powerOn(select = 1): CcidReply {
    const reply = this.command(0x62, [select, 0, 0], new Uint8Array(), POWER_ON_NS);
    this.atr = isFailed(reply) ? new Uint8Array() : Uint8Array.from(reply.data);
    if (this.atr.length >= 2) this.t1.reset(t1ParametersOf(this.atr));
    return reply;
  }

  /** SetParameters for T=1 and the request for IFSD 254. */
  connect(): void {
    const { ifsc, checksum } = t1ParametersOf(this.atr);
    const tcck = checksum === "crc" ? 0x11 : 0x10;
    this.command(0x61, [1, 0, 0], Uint8Array.of(0x11, tcck, 0xff, 0x45, 0, ifsc, 0), LINE_NS);
    this.t1.negotiateIfsd(254);
  }

  powerOff(): CcidReply {
    return this.command(0x63, [0, 0, 0], new Uint8Array(), LINE_NS);
  }

  slotStatus(): CcidReply {
    return this.command(0x65, [0, 0, 0], new Uint8Array(), LINE_NS);
  }

  escape(data: Uint8Array, limitNs = LINE_NS): CcidReply {
    return this.command(0x6b, [0, 0, 0], data, limitNs);
  }

  /** One APDU through the host's own T=1. */
  transmit(apdu: Uint8Array): Uint8Array {
    return this.t1.transceive(apdu);
  }

  /** A block as it is, for hostile tests. */
  xfrBlock(block: Uint8Array, level = 0): CcidReply {
    return this.command(0x6f, [0, level & 0xff, level >> 8], block, BLOCK_NS);
  }

  /** Sends a Secure whose bTeoPrologue is filled in as the driver does; `finishSecure` fetches its answer. */
  beginSecure(data: Uint8Array): void {
    const filled = Uint8Array.from(data);
    const prologueAt = prologueOffset(data);
    filled.set(this.t1.securePrologue(data.length - prologueAt - 3), prologueAt);
    this.secureLimitNs = Math.max(90, data[1]! + 10) * SECOND_NS;
    this.sendMessage(0x69, [0, 0, 0], filled);
  }

  /** The response APDU that an application would see: 6401 and 6400 are the driver's own for EF and F0. */
  finishSecure(): Uint8Array {
    const reply = this.readReply(this.secureLimitNs);
    if (isFailed(reply) || reply.data.length === 2) {
      this.t1.rollBackSecure();
      if (!isFailed(reply)) return reply.data;
      if (reply.error === 0xef) return Uint8Array.of(0x64, 0x01);
      if (reply.error === 0xf0) return Uint8Array.of(0x64, 0x00);
      throw new SecureRefused(reply);
    }
    return reply.data.slice(3, -1);
  }

  secure(data: Uint8Array): Uint8Array {
    this.beginSecure(data);
    return this.finishSecure();
  }

  /** Any message with an answer; `message[6]` is replaced by the running bSeq, dwLength and LRC are made right. */
  command(
    type: number,
    specific: readonly [number, number, number],
    data: Uint8Array,
    limitNs: number,
    bufferBytes = MESSAGE_MAX_BYTES,
  ): CcidReply {
    this.sendMessage(type, specific, data);
    return this.readReply(limitNs, bufferBytes);
  }

  readReply(limitNs = LINE_NS, bufferBytes = MESSAGE_MAX_BYTES): CcidReply {
    const message = this.readMessage(limitNs, bufferBytes);
    return {
      type: message[0]!,
      slot: message[5]!,
      sequence: message[6]!,
      status: message[7]!,
      error: message[8]!,
      specific: message[9]!,
      data: Uint8Array.from(message.slice(10)),
    };
  }

  protected sendMessage(type: number, specific: readonly number[], data: Uint8Array): void {
    const n = data.length;
    const header = [type, n & 0xff, n >> 8, 0, 0, 0, this.sequence, ...specific];
    this.sequence = (this.sequence + 1) & 0xff;
    this.rawMessage(Uint8Array.of(...header, ...data));
  }

  private exchangeBlock(block: Uint8Array): Uint8Array {
    const reply = this.xfrBlock(block);
    if (isFailed(reply)) throw new HostFailure(`XfrBlock failed with error ${hex(reply.error)}`);
    return reply.data;
  }
}

/** A Secure was refused or failed otherwise than by cancel or timeout. */
export class SecureRefused extends HostFailure {
  constructor(readonly reply: CcidReply) {
    super(`Secure failed with error ${hex(reply.error)}`);
  }
}

export function isFailed(reply: CcidReply): boolean {
  return (reply.status & 0x40) !== 0;
}

/** Where bTeoPrologue stands in the data of a Secure, as SecurePINVerify and SecurePINModify lay it out. */
function prologueOffset(data: Uint8Array): number {
  if (data[0] !== 1) return 12;
  const messages = data[11]!;
  if (messages === 0) return 15;
  return messages < 3 ? 16 : 17;
}

export function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
