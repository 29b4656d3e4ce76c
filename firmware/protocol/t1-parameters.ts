/** The protocol data structure of T=1 in CCID's parameter messages (rev 1.1, 6.2.3): what an ATR and we agreed on. */
import type { Bytes } from "../../hal/bytes.ts";
import type { Atr } from "./atr.ts";

/** bProtocolNum. */
export const T1_PROTOCOL = 1;
export const T1_PARAMETER_BYTES = 7;

/** bmTCCKST1: b5 always set, b1 CRC. */
const CHECKSUM = 0x10;
/** bmFindexDindex 372/1: the rate is not negotiated. */
const RATE = 0x11;

/** Writes the structure to `into[at…]`. */
export function writeT1Parameters(atr: Atr, into: Bytes, at: number): void {
  into[at] = RATE;
  into[at + 1] = CHECKSUM | (atr.usesCrc ? 1 : 0);
  into[at + 2] = atr.extraGuard;
  into[at + 3] = (atr.bwi << 4) | atr.cwi;
  // bClockStop: the clock is never stopped
  into[at + 4] = 0;
  into[at + 5] = atr.ifsc;
  // bNadValue
  into[at + 6] = 0;
}
