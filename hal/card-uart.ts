/** The half-duplex character line of a contact card (ISO/IEC 7816-3:2006, clause 7), one wire, own characters read back. */
import type { ReadonlyBytes } from "./bytes.ts";

/** How the line's levels make a byte (7816-3, 8.1). Inverse: most significant bit first, low is 1, hence odd parity on the wire. */
export const enum Convention {
  Direct = 0,
  Inverse = 1,
}

/** Flags of a received character. */
export const enum CharacterFlag {
  None = 0,
  /** The parity bit disagrees, or the character was cut. */
  ParityError = 1,
  /** The hardware lost characters before this one. */
  Overrun = 2,
}

/** One character seen on the line; our own characters come back as well. */
export interface CardCharacter {
  value: number;
  /** `CharacterFlag` bits. */
  flags: number;
  /** The leading edge of the start bit. */
  timeUs: number;
}

export interface CardUart {
  /** Whether the hardware can pull the error signal of T=0 (7816-3, 7.3). A plain UART cannot. */
  readonly errorSignal: boolean;
  /**
   * Sets the rate in card clocks per etu (372 at start) and the spacing of our own leading edges in etu (12, or 11 when TC1 is FF).
   * Takes effect with the next character and drops what was not yet taken.
   */
  configure(clocksPerEtu: number, guardEtu: number, convention: Convention): void;
  /** Starts sending `bytes[from…from+length-1]` now. The line must be free; the bytes are taken over during the call. */
  send(bytes: ReadonlyBytes, from: number, length: number): void;
  /** Takes the next received character into `into`; false when there is none. */
  receive(into: CardCharacter): boolean;
}
