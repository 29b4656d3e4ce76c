/**
 * A counter PC that speaks to the bench image's line as libccid 1.5.2 does for a GemPCPinPad (facts: pcsc-serial §2): an echo before
 * every answer, time requests ≥ 80, slot notices, the start-up Escapes.
 */
import { CcidHost, hex, HostFailure, LINE_NS, SECOND_NS, type HostLine, type RunWorld } from "./ccid-host.ts";

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

export class GemPcHost extends CcidHost {
  /** Every byte that ever came, for comparing runs. */
  readonly received: number[] = [];
  /** Time requests and slot notices seen, in order: 80–FF, or 0x5002 and 0x5003. */
  readonly notices: number[] = [];
  private inbox: number[] = [];

  constructor(
    private readonly line: HostLine,
    private readonly run: RunWorld,
  ) {
    super();
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

  /** Forgets what came and was not read. */
  discard(): void {
    this.inbox = [];
  }

  /** Reads echo and answer as ReadSerial does. The limit runs anew with every byte. */
  protected readMessage(limitNs: number, bufferBytes: number): number[] {
    this.readFrame(limitNs, bufferBytes);
    return this.readFrame(limitNs, bufferBytes);
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
