/** What the slot does to a card and what a card can do on its contacts; every card of the deck stands behind this. */
import type { Scheduler } from "../world/scheduler.ts";

/** The nine moments after the start bit as they stood on the wire, first moment in bit 0, the parity moment in bit 8; 1 = high. */
export interface WireCharacter {
  readonly moments: number;
  readonly clocksPerEtu: number;
  /** Leading edge of the start bit. */
  readonly startNs: number;
  /** Another character fell on this one, or the supply was cut under it: no receiver takes it for whole. */
  readonly damaged: boolean;
}

/** The card's end of contact C7. */
export interface CardLine {
  readonly scheduler: Scheduler;
  /** Length of `etu` elementary time units at `clocksPerEtu`, in nanoseconds. */
  etuNs(etu: number, clocksPerEtu: number): number;
  /** Puts one character on the wire, its leading edge now. Two ends sending at once is recorded as a collision. */
  drive(moments: number, clocksPerEtu: number): void;
  /**
   * What the card's ATR demands of the terminal: leading edges at least `guardEtu` apart, and with `blocks` (T=1) the block
   * guard time after the card's own characters. The wire complains when the terminal does otherwise.
   */
  demand(guardEtu: number, blocks: boolean): void;
}

export interface SimCard {
  /** The name in the deck, as `insert` takes it. */
  readonly name: string;
  /** Supply and clock have become stable, reset is low. `volts` is 5, 3 or 1.8. */
  powerUp(line: CardLine, volts: number): void;
  /** RST goes high. The first time after `powerUp` it is a cold reset, later a warm one. */
  resetReleased(): void;
  /** RST goes low while powered. */
  resetAsserted(): void;
  /** A whole character from the terminal has passed (at 10 etu after its leading edge). */
  characterReceived(character: WireCharacter): void;
  /** Supply lost, by deactivation or removal. Everything volatile is gone. */
  powerDown(): void;
}
