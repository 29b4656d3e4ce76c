/** A card's T=1 blocks as bytes, with the faults that concern whole blocks, counted since the last reset. */
import { edcOf } from "./t1-edc.ts";
import { isListed, type T1Faults } from "./t1-faults.ts";
import type { T1CardBlock } from "./t1-link.ts";

const ANOTHER_NUMBER = 0x40;

export class BlockWriter {
  private blocks = 0;
  private informationBlocks = 0;

  constructor(
    private readonly crc: boolean,
    private readonly faults: T1Faults,
  ) {}

  restart(): void {
    this.blocks = 0;
    this.informationBlocks = 0;
  }

  /** The ordinal of the block to be written next; the first one is 1. */
  nextOrdinal(): number {
    return this.blocks + 1;
  }

  /** NAD, PCB, LEN, INF and EDC of the next block. */
  write(block: T1CardBlock): Uint8Array {
    this.blocks++;
    const length = isListed(this.faults.badLength, this.blocks) ? 255 : block.inf.length;
    const body = Uint8Array.of(0, this.pcbOf(block), length, ...block.inf);
    const edc = edcOf(body, this.crc);
    const bad = this.faults.badEdc;
    if (bad === "always" || isListed(bad, this.blocks)) edc[0]! ^= 0xff;
    return Uint8Array.of(...body, ...edc);
  }

  private pcbOf(block: T1CardBlock): number {
    if ((block.pcb & 0x80) !== 0) return block.pcb;
    this.informationBlocks++;
    return isListed(this.faults.wrongSequence, this.informationBlocks)
      ? block.pcb ^ ANOTHER_NUMBER
      : block.pcb;
  }
}
