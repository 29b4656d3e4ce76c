/**
 * The counter line between the terminal's UART and a PC: both directions at a baud rate, one character after the other.
 * Towards the terminal the UART behaves like one with a receive FIFO: it wakes the processor when 64 bytes wait or the line
 * has been idle for two characters, as the idle detection of real parts does. Until the terminal has set its UART up it hears
 * nothing; an end that listens at another speed than the other one's hears framing errors, which are dropped.
 */
import type { Recorder } from "../world/recorder.ts";
import type { Scheduler, Timer } from "../world/scheduler.ts";

const WAKE_BYTES = 64;
/** Start, eight data, one stop: 8N1. 8N2 costs a bit more and is accepted. */
const BITS_PER_CHARACTER = 10;

/** Bytes of one write of the terminal, on their way. */
interface Sending {
  readonly bytes: Uint8Array;
  readonly firstBitNs: number;
  readonly timer: Timer;
}

/** What the cable makes of bytes: damaged ones, fewer, none. */
export type LineMedium = (bytes: Uint8Array, towards: "terminal" | "pc") => Uint8Array;

export class SerialLine {
  /** The cable; a good one unless told otherwise. */
  medium: LineMedium = (bytes) => bytes;
  /** Called with bytes that the terminal may now read. */
  onTerminalReceive: ((bytes: Uint8Array) => void) | undefined;
  private readonly pcListeners: ((bytes: Uint8Array, firstBitNs: number) => void)[] = [];
  private plugged = true;
  /** The PC's. */
  baud = 115200;
  /** The terminal's; undefined until its program has set it. */
  private terminalBaud: number | undefined;
  private toTerminalFreeNs = 0;
  private toPcFreeNs = 0;
  private readonly sending = new Set<Sending>();
  /** What came in up to then is lost. */
  private deafUntilNs = 0;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly recorder: Recorder,
  ) {}

  /** Somebody pulls the cable: what is on it is lost, and neither end notices anything. */
  unplug(): void {
    this.plugged = false;
  }

  /** And puts it back. */
  plug(): void {
    this.plugged = true;
  }

  isPlugged(): boolean {
    return this.plugged;
  }

  /** The terminal's end. */
  setup(baud: number): void {
    this.terminalBaud = baud;
  }

  /** What the PC hears, with the time of its first bit; a call carries what the terminal wrote at once. */
  onBytes(listener: (bytes: Uint8Array, firstBitNs: number) => void): void {
    this.pcListeners.push(listener);
  }

  /** The PC sends. */
  send(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; from += WAKE_BYTES) {
      const chunk = bytes.slice(from, from + WAKE_BYTES);
      const firstBitNs = Math.max(this.toTerminalFreeNs, this.scheduler.nowNs);
      this.toTerminalFreeNs = this.after(this.toTerminalFreeNs, chunk.length, this.baud);
      const last = from + WAKE_BYTES >= bytes.length;
      const wakeNs = this.toTerminalFreeNs + (last ? charactersNs(2, this.baud) : 0);
      this.scheduler.at(wakeNs, () => this.arrive(chunk, firstBitNs));
    }
  }

  /** The terminal sends. Throws when its UART was not set up since the last reset. */
  terminalSends(bytes: Uint8Array): void {
    const baud = this.terminalBaud;
    if (baud === undefined) throw new Error("the counter line's UART sends before its speed was set");
    const firstBitNs = Math.max(this.toPcFreeNs, this.scheduler.nowNs);
    this.toPcFreeNs = this.after(this.toPcFreeNs, bytes.length, baud);
    this.recorder.record(firstBitNs, "line-out", bytes);
    const sending: Sending = {
      bytes,
      firstBitNs,
      timer: this.scheduler.at(this.toPcFreeNs, () => {
        this.sending.delete(sending);
        this.tellPc(bytes, { firstBitNs, baud });
      }),
    };
    this.sending.add(sending);
  }

  /** The processor's reset: what has not left is gone, the character under way too, and so is what waited to be read. */
  resetTerminal(): void {
    const { nowNs } = this.scheduler;
    for (const { bytes, firstBitNs, timer } of this.sending) {
      timer.cancel();
      const baud = this.terminalBaud ?? 0;
      const left = Math.floor(charactersIn(nowNs - firstBitNs, baud));
      if (left > 0) this.tellPc(bytes.slice(0, left), { firstBitNs, baud });
    }
    this.sending.clear();
    this.toPcFreeNs = nowNs;
    this.deafUntilNs = nowNs;
    this.terminalBaud = undefined;
  }

  private tellPc(sent: Uint8Array, { firstBitNs, baud }: { firstBitNs: number; baud: number }): void {
    const bytes = baud === this.baud ? this.through(sent, "pc") : new Uint8Array();
    if (bytes.length > 0) for (const listener of this.pcListeners) listener(bytes, firstBitNs);
  }

  private arrive(sent: Uint8Array, firstBitNs: number): void {
    // A character that was under way is lost as well.
    const left = sent.subarray(Math.ceil(charactersIn(this.deafUntilNs - firstBitNs, this.baud)));
    if (this.terminalBaud !== this.baud) return;
    const bytes = this.through(left, "terminal");
    if (bytes.length === 0) return;
    this.recorder.record(this.scheduler.nowNs, "line-in", bytes);
    this.onTerminalReceive?.(bytes);
  }

  private through(bytes: Uint8Array, towards: "terminal" | "pc"): Uint8Array {
    return this.plugged ? this.medium(bytes, towards) : new Uint8Array();
  }

  private after(freeNs: number, characters: number, baud: number): number {
    return Math.max(freeNs, this.scheduler.nowNs) + charactersNs(characters, baud);
  }
}

function charactersIn(durationNs: number, baud: number): number {
  return Math.max(0, (durationNs * baud) / (BITS_PER_CHARACTER * 1e9));
}

function charactersNs(count: number, baud: number): number {
  return Math.round((count * BITS_PER_CHARACTER * 1e9) / baud);
}
