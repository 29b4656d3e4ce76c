/**
 * What the wires alone cost: the shortest time that a VERIFY and its result page can take on this card and this display.
 * Computed from the standards; this file imports nothing of the firmware.
 */

/** Card clock 3.5712 MHz, 372 clocks an etu (ISO/IEC 7816-3:2006, 8.1). */
const ETU_NS = (372 * 1e9) / 3_571_200;
/** Leading edges in T=1 when TC1 is FF (11.2), between the two directions (11.4.3), and from an edge to the end of parity. */
const GUARD_ETU = 11;
const BLOCK_GUARD_ETU = 22;
const CHARACTER_ETU = 10;

/** The display's serial clock. */
const LCD_HZ = 2_000_000;

/** From the first leading edge of a block of `sent` characters to the last bit of an answer of `received`. */
export function exchangeNs(sent: number, received: number): number {
  const etu = (sent - 1) * GUARD_ETU + BLOCK_GUARD_ETU + (received - 1) * GUARD_ETU + CHARACTER_ETU;
  return etu * ETU_NS;
}

/** `bytes` on the display's bus. */
export function lcdNs(bytes: number): number {
  return (bytes * 8 * 1e9) / LCD_HZ;
}
