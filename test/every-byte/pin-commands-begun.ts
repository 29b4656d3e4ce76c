/**
 * Counts the PIN commands that begin on the card's wire, also those that are cut after their first bytes. T=1 is half duplex:
 * the terminal's first character after the card's, or after a reset, opens a block. Shares no code with firmware or cards.
 */
import type { World } from "../../host-sim/world/world.ts";

/** NAD PCB LEN, then CLA INS P1 P2 and Lc. */
const LEN = 2;
const CLA = 3;
const INS = 4;
const HEADER_BYTES = 4;

export class PinCommandsBegun {
  /** I-blocks of the terminal that carry or carried a PIN command, since the last `reset`. */
  count = 0;
  /** Ordinal of the first such block's first character among all characters since `reset`; 0 when there was none. */
  firstAt = 0;
  private characters = 0;
  private block: number[] = [];

  constructor(world: World) {
    world.recorder.onEvent(({ channel, value }) => {
      if (channel === "card-out" || channel === "card-in") this.characters++;
      if (channel === "card-supply" || channel === "card-in") this.block = [];
      else if (channel === "card-out") this.began(Number(value));
    });
  }

  reset(): void {
    this.count = 0;
    this.firstAt = 0;
    this.characters = 0;
  }

  /** Heard at a character's leading edge. From INS on it is clear what a block is. */
  private began(character: number): void {
    this.block.push(character);
    if (this.block.length !== INS + 1) return;
    const [cla, ins] = [this.block[CLA]!, this.block[INS]!];
    const carries = this.block[LEN]! > HEADER_BYTES;
    const isPin = ins === 0x20 || ins === 0x24 || (cla === 0x80 && ins === 0x32);
    if (!isPin || !carries || this.block[1]! >= 0x80) return;
    if (this.count === 0) this.firstAt = this.characters - INS;
    this.count++;
  }
}
