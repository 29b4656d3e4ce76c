/**
 * A second pair of ears in the card line: takes the terminal's characters from the wire, puts T=1 blocks and chains together
 * again (ISO/IEC 7816-3:2006, 11.3 and 11.6.2) and hands out whole commands. Shares no code with firmware or card models.
 */
import type { World } from "../world/world.ts";

/** A pause longer than this between two characters of the terminal ends a block: 200 etu at 372 clocks. */
const BLOCK_END_NS = 21_000_000;
const MORE = 0x20;
const SEQUENCE = 0x40;
const S_RESYNCH = 0xc0;
const S_ABORT = 0xe2;

export class CardTap {
  /** Called for each whole command, in order. A block that the card asked for again counts once. */
  onCommand: (apdu: Uint8Array) => void = () => {};
  /** Called for what no T=1 terminal sends. */
  onNonsense: (what: string) => void = () => {};
  /** Whole commands heard so far. */
  commands = 0;
  private inverse = false;
  private awaitsTs = true;
  private block: number[] = [];
  private chain: number[] = [];
  private lastBlock: number[] = [];
  private lastNs = -Infinity;

  constructor(
    world: World,
    /** Of the card that is in: an LRC has one, a CRC two. */
    public edcBytes: 1 | 2 = 1,
  ) {
    world.recorder.onEvent(({ channel, value }) => {
      if (channel === "card-supply") this.supplyChanged(String(value));
    });
    world.wire.onCharacter(({ from, character }) => {
      if (from === "card") this.heardCard(character.moments);
      else if (!character.damaged) this.heardTerminal(character.moments, character.startNs);
    });
  }

  /** Any change of supply or reset begins anew: block numbers before and after it do not belong together. */
  private supplyChanged(what: string): void {
    if (what.startsWith("OFFN")) return;
    this.awaitsTs = true;
    this.block = [];
    this.chain = [];
    this.lastBlock = [];
  }

  /** TS 3B has its first data moments high, 3F low (8.1). */
  private heardCard(moments: number): void {
    if (this.awaitsTs) this.inverse = (moments & 0xff) === 0x03;
    this.awaitsTs = false;
  }

  private heardTerminal(moments: number, startNs: number): void {
    if (startNs - this.lastNs > BLOCK_END_NS) this.endBrokenBlock();
    this.lastNs = startNs;
    this.block.push(this.inverse ? reversed(~moments & 0xff) : moments & 0xff);
    if (this.block.length >= 3 && this.block.length === 3 + this.block[2]! + this.edcBytes) this.endBlock();
  }

  private endBrokenBlock(): void {
    this.block = [];
  }

  private endBlock(): void {
    const block = this.block;
    this.block = [];
    const isIntact = this.edcBytes === 2 || block.reduce((sum, byte) => sum ^ byte, 0) === 0;
    if (block[0] !== 0) this.onNonsense(`NAD ${block[0]!}`);
    if (!isIntact) this.onNonsense("a wrong LRC");
    const pcb = block[1]!;
    if (pcb < 0x80) this.information(block);
    else if (pcb === S_RESYNCH || pcb === S_ABORT) this.beginAnew();
  }

  private beginAnew(): void {
    this.chain = [];
    this.lastBlock = [];
  }

  private information(block: number[]): void {
    const isRepeated =
      this.lastBlock.length > 0 && (this.lastBlock[1]! & SEQUENCE) === (block[1]! & SEQUENCE);
    if (isRepeated && block.join() === this.lastBlock.join()) return;
    if (isRepeated) this.onNonsense("a block number used twice");
    this.lastBlock = block;
    this.chain.push(...block.slice(3, 3 + block[2]!));
    if ((block[1]! & MORE) !== 0) return;
    const apdu = Uint8Array.from(this.chain);
    this.chain = [];
    this.commands++;
    this.onCommand(apdu);
  }
}

function reversed(byte: number): number {
  let result = 0;
  for (let bit = 0; bit < 8; bit++) result |= ((byte >> bit) & 1) << (7 - bit);
  return result;
}
