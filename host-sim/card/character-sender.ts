/** A card's way of putting bytes on contact C7, one leading edge every so many etu, with the faults of single characters. */
import type { Timer } from "../world/scheduler.ts";
import { encodeMoments } from "../chip/wire-character.ts";
import type { CardLine } from "./sim-card.ts";
import { isListed, type T1Faults } from "./t1-faults.ts";

export interface Pacing {
  readonly clocksPerEtu: number;
  readonly spacingEtu: number;
}

export class CharacterSender {
  private timer: Timer | undefined;
  /** Characters after the ATR since `restart`. */
  private counted = 0;

  constructor(
    private readonly inverse: boolean,
    private readonly faults: T1Faults,
  ) {}

  /** Whether characters are still to come. */
  isSending(): boolean {
    return this.timer !== undefined;
  }

  /** Sends all of `bytes`, the first leading edge now. `done` is called at the leading edge of the last one. */
  send(line: CardLine, bytes: Uint8Array, pacing: Pacing, done: () => void): void {
    this.sendFrom(line, bytes, 0, { ...pacing, baseNs: line.scheduler.nowNs, counts: true, done });
  }

  /** As `send`, but the characters of an ATR are not counted and have no faults. */
  sendAtr(line: CardLine, bytes: Uint8Array, pacing: Pacing, done: () => void): void {
    this.sendFrom(line, bytes, 0, { ...pacing, baseNs: line.scheduler.nowNs, counts: false, done });
  }

  /** Stops in the middle and counts from zero again. */
  restart(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.counted = 0;
  }

  private sendFrom(line: CardLine, bytes: Uint8Array, at: number, run: Run): void {
    this.timer = undefined;
    if (!this.sendOne(line, bytes[at]!, run)) return;
    if (at + 1 === bytes.length) return run.done();
    const nextNs = run.baseNs + line.etuNs(run.spacingEtu * (at + 1), run.clocksPerEtu);
    this.timer = line.scheduler.at(nextNs, () => this.sendFrom(line, bytes, at + 1, run));
  }

  /** False when the card has fallen silent. */
  private sendOne(line: CardLine, value: number, run: Run): boolean {
    let moments = encodeMoments(value, this.inverse);
    if (run.counts) {
      if (this.faults.muteAfter !== undefined && this.counted >= this.faults.muteAfter) return false;
      this.counted++;
      if (isListed(this.faults.badParity, this.counted)) moments ^= 0x100;
    }
    line.drive(moments, run.clocksPerEtu);
    return true;
  }
}

interface Run extends Pacing {
  readonly baseNs: number;
  readonly counts: boolean;
  readonly done: () => void;
}
