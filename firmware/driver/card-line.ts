/**
 * The half-duplex line to a card (ISO/IEC 7816-3:2006, clause 7) at 372 clocks per etu: sends one run of characters and
 * compares its own echo, hands over what the card sends, and turns etu and clocks into microseconds.
 *
 *   Free --send--> Sending --all echoes back--> Echoed (or Mismatched) --takeEcho--> Free
 *                     +-- echoes missing: Silent
 */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import { CharacterFlag, Convention, type CardCharacter, type CardUart } from "../../hal/card-uart.ts";
import { T1_MAX_BLOCK_BYTES } from "../protocol/t1-block.ts";

/** Fi = 372, Di = 1: the only rate (7816-3, 8.1). */
const CLOCKS_PER_ETU = 372;
/** A character is seen this long after its leading edge, with a margin for the step. */
export const ARRIVAL_ETU = 13;

export const enum EchoState {
  Sending = 0,
  Echoed = 1,
  /** An echo differs from what was sent: a collision, or a line that is held. */
  Mismatched = 2,
  /** Our own characters did not come back. */
  Silent = 3,
}

export class CardLine {
  /** The run to send, put here by its builder; zeroed when it has been echoed or given up. Then free for what is received. */
  readonly block: Bytes;
  /** The character that `take` took. */
  value = 0;
  hasError = false;
  /** Leading edge of the last character on the line, either way. */
  lastEdgeUs = 0;
  private readonly character: CardCharacter = { value: 0, flags: 0, timeUs: 0 };
  private guardEtu = 12;
  private convention = Convention.Direct;
  private length = 0;
  private echoed = 0;
  private matches = true;
  private deadlineUs = 0;

  constructor(
    private readonly natives: ByteNatives,
    private readonly uart: CardUart,
    private readonly clockHz: number,
  ) {
    this.block = natives.allocate(T1_MAX_BLOCK_BYTES);
  }

  /** `etu` elementary time units in microseconds, rounded up. */
  usOfEtu(etu: number): number {
    return this.usOfClocks(etu * CLOCKS_PER_ETU);
  }

  /** `clocks` of the card's clock in microseconds, rounded up. */
  usOfClocks(clocks: number): number {
    return Math.ceil((clocks * 1000000) / this.clockHz);
  }

  /** Sets the spacing of our leading edges, 11 etu or more, and the convention; drops what is unsent or not taken. */
  configure(guardEtu: number, convention: Convention): void {
    this.guardEtu = guardEtu;
    this.convention = convention;
    this.stop();
  }

  /** Gives up what is being sent, drops what was received, leaves nothing of it in memory. */
  stop(): void {
    this.length = 0;
    this.echoed = 0;
    this.natives.wipe(this.block);
    this.value = 0;
    this.character.value = 0;
    this.uart.configure(CLOCKS_PER_ETU, this.guardEtu, this.convention);
  }

  /** Sends `block[0…length-1]` from now on. What the card said out of turn is dropped. */
  send(length: number, nowUs: number): void {
    this.discard();
    this.length = length;
    this.echoed = 0;
    this.matches = true;
    this.deadlineUs = nowUs + this.usOfEtu(length * this.guardEtu + 2 * ARRIVAL_ETU);
    this.uart.send(this.block, 0, length);
  }

  /** Takes what came and forgets it. */
  discard(): void {
    while (this.take()) this.value = 0;
  }

  /** When `echo` should be asked again at the latest. */
  echoDeadlineUs(): number {
    return this.deadlineUs;
  }

  /** Compares the echoes that are there. The block is zeroed with any answer but `Sending`. */
  echo(nowUs: number): EchoState {
    while (this.echoed < this.length && this.take()) {
      if (this.hasError || this.value !== this.block[this.echoed]) this.matches = false;
      this.value = 0;
      this.echoed++;
    }
    if (this.echoed < this.length) {
      if (nowUs < this.deadlineUs) return EchoState.Sending;
      this.stop();
      return EchoState.Silent;
    }
    this.natives.wipe(this.block);
    return this.matches ? EchoState.Echoed : EchoState.Mismatched;
  }

  /** Takes the next character into `value`, `hasError` and `lastEdgeUs`; false when there is none. */
  take(): boolean {
    const character = this.character;
    if (!this.uart.receive(character)) return false;
    this.value = character.value;
    this.hasError = character.flags !== CharacterFlag.None;
    this.lastEdgeUs = character.timeUs;
    character.value = 0;
    return true;
  }
}
