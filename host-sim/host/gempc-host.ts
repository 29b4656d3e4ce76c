/**
 * A counter PC that speaks to the line as libccid 1.5.2 does for a GemPCPinPad (facts: pcsc-serial §2), in virtual time:
 * an echo before every answer, time requests ≥ 80, slot notices, the start-up Escapes, its own T=1. Each call runs the
 * world until the answer is there. Shares nothing with the firmware.
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

const SECOND_NS = 1_000_000_000;
const LINE_NS = 3 * SECOND_NS;
const POWER_ON_NS = 60 * SECOND_NS;
const BLOCK_NS = 10 * SECOND_NS;
/** The driver's buffer: 10 + 538 bytes. */
const MESSAGE_MAX_BYTES = 548;

const PROMPTS = [
  "Enter PIN",
  "New PIN",
  "Confirm PIN",
  "PIN OK",
  "Incorrect PIN!",
  "Time Out",
  "* retries left",
  "Insert Card",
  "Card Error",
  "PIN blocked",
];

export class GemPcHost {
  /** Every byte that ever came, for comparing runs. */
  readonly received: number[] = [];
  /** Time requests and slot notices seen, in order: 80–FF, or 0x5002 and 0x5003. */
  readonly notices: number[] = [];
  readonly t1: T1InterfaceDevice;
  atr = new Uint8Array();
  private inbox: number[] = [];
  private sequence = 0;
  private secureLimitNs = 0;

  constructor(
    private readonly line: HostLine,
    private readonly run: RunWorld,
  ) {
    this.t1 = new T1InterfaceDevice((block) => this.exchangeBlock(block));
    line.onBytes((bytes) => {
      for (const byte of bytes) {
        this.received.push(byte);
        this.inbox.push(byte);
      }
    });
  }

  /** What the driver does when it opens the port. Returns the firmware's name. */
  startUp(): string {
    const firmware = this.escape(Uint8Array.of(0x02), 2 * SECOND_NS);
    this.escape(Uint8Array.of(0x01, 0x01, 0x01), SECOND_NS / 10);
    this.slotStatus();
    this.slotStatus();
    this.run(() => false, SECOND_NS);
    const texts = PROMPTS.map((text) => text.padEnd(16)).join("");
    const prompts = Uint8Array.of(0xb2, 0xa0, 0x00, 0x4d, 0x4c, ...new TextEncoder().encode(texts));
    // The driver's buffer for this answer holds 30 bytes: a whole echo of 175 would be refused.
    this.command(0x6b, [0, 0, 0], prompts, LINE_NS, 30);
    this.escape(Uint8Array.of(0x6a), SECOND_NS / 10);
    return new TextDecoder().decode(firmware.data);
  }

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

  /** Sends these bytes as a CCID message, framed, whatever they say. */
  rawMessage(message: Uint8Array): void {
    const frame = new Uint8Array(2 + message.length + 1);
    frame.set([0x03, 0x06]);
    frame.set(message, 2);
    frame[frame.length - 1] = frame.reduce((lrc, byte) => lrc ^ byte, 0);
    this.line.send(frame);
  }

  rawBytes(bytes: Uint8Array): void {
    this.line.send(bytes);
  }

  /** Reads echo and answer as ReadSerial does. The limit runs anew with every byte. */
  readReply(limitNs = LINE_NS, bufferBytes = MESSAGE_MAX_BYTES): CcidReply {
    this.readFrame(limitNs, bufferBytes);
    const frame = this.readFrame(limitNs, bufferBytes);
    return {
      type: frame[0]!,
      slot: frame[5]!,
      sequence: frame[6]!,
      status: frame[7]!,
      error: frame[8]!,
      specific: frame[9]!,
      data: Uint8Array.from(frame.slice(10)),
    };
  }

  /** Forgets what came and was not read. */
  discard(): void {
    this.inbox = [];
  }

  private sendMessage(type: number, specific: readonly number[], data: Uint8Array): void {
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

  private readFrame(limitNs: number, bufferBytes: number): number[] {
    this.skipNotices(limitNs);
    const control = this.take(1, limitNs)[0]!;
    if (control === 0x15) throw new HostFailure("NAK");
    if (control !== 0x06) throw new HostFailure(`${hex(control)} instead of ACK or NAK`);
    const head = this.take(5, limitNs);
    const total = 10 + head[1]! + head[2]! * 256 + head[3]! * 65536 + head[4]! * 16777216;
    if (total > bufferBytes) throw new HostFailure(`wrong value for frame size: ${total}`);
    const rest = this.take(total - 5, limitNs);
    const message = [...head, ...rest];
    const lrc = message.reduce((sum, byte) => sum ^ byte, this.take(1, limitNs)[0]!);
    // The driver only logs a wrong LRC; here it would be a fault of the terminal.
    if (lrc !== (0x03 ^ 0x06)) throw new HostFailure("wrong LRC");
    return message;
  }

  /** Takes time requests, slot notices and the 03 that ends them. */
  private skipNotices(limitNs: number): void {
    for (;;) {
      const byte = this.take(1, limitNs)[0]!;
      if (byte === 0x03) return;
      if (byte === 0x50) this.notices.push(0x5000 | this.take(1, limitNs)[0]!);
      else if (byte >= 0x80) this.notices.push(byte);
      else throw new HostFailure(`got ${hex(byte)} before a frame`);
    }
  }

  private take(count: number, limitNs: number): number[] {
    while (this.inbox.length < count) {
      const before = this.inbox.length;
      if (!this.run(() => this.inbox.length > before, limitNs)) throw new HostFailure("timeout");
    }
    return this.inbox.splice(0, count);
  }
}

/** A Secure was refused or failed otherwise than by cancel or timeout. */
export class SecureRefused extends HostFailure {
  constructor(readonly reply: CcidReply) {
    super(`Secure failed with error ${hex(reply.error)}`);
  }
}

function isFailed(reply: CcidReply): boolean {
  return (reply.status & 0x40) !== 0;
}

/** Where bTeoPrologue stands in the data of a Secure, as SecurePINVerify and SecurePINModify lay it out. */
function prologueOffset(data: Uint8Array): number {
  if (data[0] !== 1) return 12;
  const messages = data[11]!;
  if (messages === 0) return 15;
  return messages < 3 ? 16 : 17;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
