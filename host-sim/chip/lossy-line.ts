/** What a bad cable does to the frames of the sealed line, by a seed: each direction has its own frames and its own luck. */
import { SeededRandom } from "../world/random.ts";
import type { LineMedium } from "./serial-line.ts";

const FLAG = 0x7e;
const ESCAPE = 0x7d;

export type Towards = "terminal" | "pc";

/** What happens to the `index`th frame (from 1) of a direction. */
export type FrameFate = (towards: Towards, index: number) => boolean;

/** Every frame by a chance of its own, `rate` of 1. */
export function byChance(rate: number, seed: number): FrameFate {
  const random = new SeededRandom(seed);
  return () => random.next() < rate;
}

/** Damages the first byte of a frame's inside: its FCS is wrong and so it is lost. */
function damaged(byte: number): number {
  const other = byte ^ 1;
  return other === FLAG || other === ESCAPE ? byte ^ 4 : other;
}

/** Follows the frames of one direction over pieces of any length. */
class FrameCutter {
  lost = 0;
  /** Frames that have begun, lost ones included. */
  private frames = 0;
  private isInside = false;

  constructor(
    private readonly towards: Towards,
    private readonly isLost: FrameFate,
  ) {}

  pass(byte: number): number {
    if (byte === FLAG) {
      this.isInside = false;
      return byte;
    }
    if (this.isInside) return byte;
    this.isInside = true;
    this.frames++;
    if (!this.isLost(this.towards, this.frames)) return byte;
    this.lost++;
    return damaged(byte);
  }
}

/** A cable on which `isLost` decides of each frame. */
export class LossyLine {
  private readonly cutters: Readonly<Record<Towards, FrameCutter>>;

  constructor(isLost: FrameFate) {
    this.cutters = { terminal: new FrameCutter("terminal", isLost), pc: new FrameCutter("pc", isLost) };
  }

  readonly medium: LineMedium = (bytes, towards) => bytes.map((byte) => this.cutters[towards].pass(byte));

  lost(towards: Towards): number {
    return this.cutters[towards].lost;
  }
}
