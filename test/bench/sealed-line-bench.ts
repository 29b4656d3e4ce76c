/** A sealed terminal and its counter in virtual time, with every frame that either end sends and the time of its last bit. */
import { BOARD } from "../../board/mps2-an386/pins.ts";
import { SealedHost } from "../../host-sim/host/sealed-host.ts";
import { Simulator } from "../../host-sim/world/simulator.ts";
import { PAIR } from "../host-sim/world/sealed-simulator.ts";

const BITS_PER_CHARACTER = 10;
const MTU = 128;
/** Control octet of an I frame: its lowest bit is 0 (ISO/IEC 13239, 5.3.1). */
const CONTROL = 1;
const ESCAPE = 0x7d;
const ESCAPED = 0x20;

export type Sender = "terminal" | "pc";

export interface SentFrame {
  readonly from: Sender;
  readonly bytes: number;
  readonly isInformation: boolean;
  /** N(S) of an I frame. */
  readonly number: number;
  readonly lastBitNs: number;
}

/** The rate is the terminal's as it was composed. */
export class SealedLineBench {
  readonly simulator: Simulator;
  readonly host: SealedHost;
  readonly frames: SentFrame[] = [];
  private readonly characterNs = (BITS_PER_CHARACTER * 1e9) / BOARD.lineBaud;
  private pcFreeNs = 0;

  constructor(seed = 1) {
    this.simulator = new Simulator({ mode: "sealed", pair: PAIR, seed });
    const { line, scheduler, recorder } = this.simulator.world;
    line.baud = BOARD.lineBaud;
    recorder.keep = false;
    recorder.onEvent(({ channel, timeNs, value }) => {
      if (channel !== "line-out") return;
      const bytes = value as Uint8Array;
      this.note("terminal", bytes, timeNs + bytes.length * this.characterNs);
    });
    const wire = {
      send: (bytes: Uint8Array): void => {
        this.pcFreeNs = Math.max(this.pcFreeNs, scheduler.nowNs) + bytes.length * this.characterNs;
        this.note("pc", bytes, this.pcFreeNs);
        line.send(bytes);
      },
      onBytes: (listener: (bytes: Uint8Array) => void): void => line.onBytes((bytes) => listener(bytes)),
    };
    this.host = new SealedHost(wire, (until, limitNs) => this.simulator.runUntil(until, limitNs / 1e6), {
      pair: PAIR,
      mtu: MTU,
      baud: BOARD.lineBaud,
      clock: { nowNs: () => scheduler.nowNs, at: (timeNs, action) => scheduler.at(timeNs, action) },
    });
    this.simulator.runFor(100);
  }

  /** How long what `act` does takes. */
  took(act: () => void): number {
    const fromNs = this.simulator.nowNs;
    act();
    return this.simulator.nowNs - fromNs;
  }

  /** What characters of the line take, one after the other. */
  lineNs(frames: readonly SentFrame[]): number {
    return frames.reduce((sum, { bytes }) => sum + bytes * this.characterNs, 0);
  }

  /** A card in the slot whose T=1 stands. */
  insertCard(): void {
    this.simulator.insert("mynumber");
    this.simulator.runFor(100);
    this.host.slotStatus();
    this.host.powerOn();
    this.host.connect();
  }

  private note(from: Sender, bytes: Uint8Array, lastBitNs: number): void {
    const first = bytes[CONTROL]!;
    const control = first === ESCAPE ? bytes[CONTROL + 1]! ^ ESCAPED : first;
    const isInformation = (control & 1) === 0;
    this.frames.push({ from, bytes: bytes.length, isInformation, number: (control >> 1) & 7, lastBitNs });
  }
}
