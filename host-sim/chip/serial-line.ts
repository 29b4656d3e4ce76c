/**
 * The counter line between the terminal's UART and a PC: both directions at a baud rate, one character after the other.
 * Towards the terminal the UART behaves like one with a receive FIFO: it wakes the processor when 64 bytes wait or the line
 * has been idle for two characters, as the idle detection of real parts does.
 */
import type { Recorder } from "../world/recorder.ts";
import type { Scheduler } from "../world/scheduler.ts";

const WAKE_BYTES = 64;
/** Start, eight data, one stop: 8N1. 8N2 costs a bit more and is accepted. */
const BITS_PER_CHARACTER = 10;

export class SerialLine {
  /** Called with bytes that the terminal may now read. */
  onTerminalReceive: ((bytes: Uint8Array) => void) | undefined;
  private readonly pcListeners: ((bytes: Uint8Array, firstBitNs: number) => void)[] = [];
  private baud = 115200;
  private toTerminalFreeNs = 0;
  private toPcFreeNs = 0;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly recorder: Recorder,
  ) {}

  setup(baud: number): void {
    this.baud = baud;
  }

  /** What the PC hears, with the time of its first bit; a call carries what the terminal wrote at once. */
  onBytes(listener: (bytes: Uint8Array, firstBitNs: number) => void): void {
    this.pcListeners.push(listener);
  }

  /** The PC sends. */
  send(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; from += WAKE_BYTES) {
      const chunk = bytes.slice(from, from + WAKE_BYTES);
      this.toTerminalFreeNs = this.after(this.toTerminalFreeNs, chunk.length);
      const last = from + WAKE_BYTES >= bytes.length;
      const wakeNs = this.toTerminalFreeNs + (last ? this.charactersNs(2) : 0);
      this.scheduler.at(wakeNs, () => this.arrive(chunk));
    }
  }

  /** The terminal sends. */
  terminalSends(bytes: Uint8Array): void {
    const firstBitNs = Math.max(this.toPcFreeNs, this.scheduler.nowNs);
    this.toPcFreeNs = this.after(this.toPcFreeNs, bytes.length);
    this.recorder.record(firstBitNs, "line-out", bytes);
    this.scheduler.at(this.toPcFreeNs, () => {
      for (const listener of this.pcListeners) listener(bytes, firstBitNs);
    });
  }

  private arrive(bytes: Uint8Array): void {
    this.recorder.record(this.scheduler.nowNs, "line-in", bytes);
    this.onTerminalReceive?.(bytes);
  }

  private charactersNs(count: number): number {
    return Math.round((count * BITS_PER_CHARACTER * 1e9) / this.baud);
  }

  private after(freeNs: number, characters: number): number {
    return Math.max(freeNs, this.scheduler.nowNs) + this.charactersNs(characters);
  }
}
