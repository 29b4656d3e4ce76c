/**
 * Sharp memory LCD LS027B7DH01, 400 × 240 × 1 bit, write only (data sheet LCP-1110024B, 6-3 input signals and 6-5 timing;
 * bit order as seen in u8g2 and Zephyr). One transfer: mode byte, lines of address + 50 bytes + 8 dummy bits, 8 dummy bits.
 * Addresses are 1…240 and travel least significant bit first; a pixel is 1 = paper. EXTMODE is tied high: a hardware timer
 * alternates EXTCOMIN, so a program that hangs cannot harm the glass.
 *
 *   Off --VCOM runs, memory cleared--> Clearing --wire free: DISP high--> On
 */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import type { Pins } from "../../hal/pins.ts";
import type { Pwm } from "../../hal/pwm.ts";
import type { Spi } from "../../hal/spi.ts";

export const enum LcdSize {
  Lines = 240,
  /** Bytes of one line's pixels. */
  LineBytes = 50,
  /** Lines that one transfer takes at most: 418 bytes, 1.7 ms at 2 MHz. A new page never waits longer. */
  LinesPerTransfer = 8,
  /** Of a transfer's first line, after mode and address. */
  PixelsAt = 2,
  /** From a line of a transfer to the next: address, pixels, dummy byte. */
  LineStride = 52,
}

/** Mode bits M0 and M2, first on the wire. */
const enum LcdMode {
  Write = 0x80,
  ClearAll = 0x20,
}

/** Where the board has connected it. SCS is active high: the select number stands for that polarity too. */
export interface SharpLcdWiring {
  readonly spiSelect: number;
  /** At most 2,000,000. */
  readonly spiHz: number;
  /** The output that is DISP. */
  readonly displayOnMask: number;
  readonly vcomChannel: number;
  /** EXTCOMIN, 1…60. */
  readonly vcomHz: number;
}

export interface SharpLcdPorts {
  readonly spi: Spi;
  readonly pins: Pins;
  readonly pwm: Pwm;
}

const enum LcdState {
  Off = 0,
  Clearing = 1,
  On = 2,
}

/** SCS set-up 6 µs, hold 2 µs, low between transfers 2 µs. */
const SELECT_US = 10;

export class SharpLcd {
  /** One transfer in the making; after `clear` its pixels are painted at `LcdSize.PixelsAt`, `LcdSize.LineStride` a line. */
  readonly buffer: Bytes;
  /** When the wire is free again. */
  readyUs = 0;
  private state = LcdState.Off;
  /** All lines as white paper, each as it travels: a transfer begins as a copy of some. */
  private readonly paper: Bytes;

  constructor(
    private readonly natives: ByteNatives,
    private readonly ports: SharpLcdPorts,
    private readonly wiring: SharpLcdWiring,
  ) {
    this.buffer = natives.allocate(2 + LcdSize.LinesPerTransfer * LcdSize.LineStride);
    this.paper = natives.allocate(LcdSize.Lines * LcdSize.LineStride);
    natives.fill(this.paper, 0, this.paper.length, 0xff);
    const reversed = [0];
    for (let line = 1; line <= LcdSize.Lines; line++) {
      reversed.push((reversed[line >>> 1] >>> 1) | ((line & 1) << 7));
      this.paper[(line - 1) * LcdSize.LineStride] = reversed[line];
      this.paper[line * LcdSize.LineStride - 1] = 0;
    }
  }

  /** Whether a transfer may start now. The first calls start VCOM, clear the memory and switch the picture on. */
  step(nowUs: number): boolean {
    switch (this.state) {
      case LcdState.Off:
        this.ports.pwm.set(this.wiring.vcomChannel, this.wiring.vcomHz);
        this.buffer[0] = LcdMode.ClearAll;
        this.buffer[1] = 0;
        this.transfer(2, nowUs);
        this.state = LcdState.Clearing;
        return false;
      case LcdState.Clearing:
        if (nowUs < this.readyUs) return false;
        this.ports.pins.set(this.wiring.displayOnMask, this.wiring.displayOnMask);
        this.state = LcdState.On;
        return true;
      case LcdState.On:
        return nowUs >= this.readyUs;
    }
  }

  /** Whether the picture is on, so that `step` has nothing to do but for transfers. */
  isOn(): boolean {
    return this.state === LcdState.On;
  }

  /** Makes lines `top`…`top + lines - 1` (0…239, at most 8) white paper in the transfer. Only after `step` said so. */
  clear(top: number, lines: number): void {
    this.natives.copy(this.paper, top * LcdSize.LineStride, this.buffer, 1, lines * LcdSize.LineStride);
  }

  /** Sends the `lines` lines that were cleared and painted. */
  send(lines: number, nowUs: number): void {
    const end = 1 + lines * LcdSize.LineStride;
    this.buffer[0] = LcdMode.Write;
    this.buffer[end] = 0;
    this.transfer(end + 1, nowUs);
  }

  private transfer(length: number, nowUs: number): void {
    this.ports.spi.write(this.wiring.spiSelect, this.buffer, length);
    this.readyUs = nowUs + SELECT_US + Math.ceil((8 * length * 1000000) / this.wiring.spiHz);
  }
}
