/**
 * The answer to reset as its own card understands it (ISO/IEC 7816-3:2006, clause 8), and one built from its parts.
 * Written apart from the firmware's decoder; forgiving, for a card may be told to send nonsense.
 */

/** What a card does by its own ATR. */
export interface AtrTerms {
  /** First offered protocol (8.2.3). */
  readonly protocol: number;
  /** Etu after the ATR: Fi/Di of TA1 in specific mode, else 372. */
  readonly clocksPerEtu: number;
  /** Least spacing of leading edges in etu, towards the card and from it. */
  readonly terminalGuardEtu: number;
  readonly cardGuardEtu: number;
  readonly ifsc: number;
  readonly bwi: number;
  readonly cwi: number;
  readonly crc: boolean;
  readonly inverse: boolean;
}

interface InterfaceBytes {
  ta: (number | undefined)[];
  tb: (number | undefined)[];
  tc: (number | undefined)[];
  td: (number | undefined)[];
}

const FI = [372, 372, 558, 744, 1116, 1488, 1860, 372, 372, 512, 768, 1024, 1536, 2048, 372, 372];
const DI = [1, 1, 2, 4, 8, 16, 32, 64, 12, 20, 1, 1, 1, 1, 1, 1];
const MORE = 0x10;

/** Reads `atr`, given as bytes (TS = 3B or 3F). Missing bytes have their default values. */
export function readAtrTerms(atr: Uint8Array): AtrTerms {
  const bytes = interfaceBytes(atr);
  const protocol = (bytes.td[0] ?? 0) & 15;
  const specific = bytes.ta[1];
  const t1 = firstOfT1(bytes);
  const n = bytes.tc[0] ?? 0;
  const smallest = protocol === 1 && n === 255 ? 11 : 12;
  const waiting = bytes.tb[t1] ?? 0x4d;
  return {
    protocol: specific === undefined ? protocol : specific & 15,
    clocksPerEtu: specific === undefined || (specific & MORE) !== 0 ? 372 : rateOf(bytes.ta[0]),
    terminalGuardEtu: n === 255 ? smallest : 12 + n,
    cardGuardEtu: smallest,
    ifsc: bytes.ta[t1] ?? 32,
    bwi: waiting >> 4,
    cwi: waiting & 15,
    crc: ((bytes.tc[t1] ?? 0) & 1) === 1,
    inverse: atr[0] === 0x3f,
  };
}

/** Makes a T=1 ATR of `interfaceBytes` (from T0's Y1 on, T0 itself excluded) and historical bytes, its TCK right. */
export function buildAtr(
  start: number,
  y1: number,
  interfaceBytesAfterT0: readonly number[],
  historical: readonly number[],
): Uint8Array {
  const body = [(y1 << 4) | historical.length, ...interfaceBytesAfterT0, ...historical];
  return Uint8Array.from([start, ...body, body.reduce((sum, byte) => sum ^ byte, 0)]);
}

function rateOf(ta1: number | undefined): number {
  const value = ta1 ?? 0x11;
  return FI[value >> 4]! / DI[value & 15]!;
}

function interfaceBytes(atr: Uint8Array): InterfaceBytes {
  const found: InterfaceBytes = { ta: [], tb: [], tc: [], td: [] };
  let presence = (atr[1] ?? 0) >> 4;
  let at = 2;
  for (let level = 0; presence !== 0 && at < atr.length && level < 8; level++) {
    found.ta[level] = (presence & 1) !== 0 ? atr[at++] : undefined;
    found.tb[level] = (presence & 2) !== 0 ? atr[at++] : undefined;
    found.tc[level] = (presence & 4) !== 0 ? atr[at++] : undefined;
    found.td[level] = (presence & 8) !== 0 ? atr[at++] : undefined;
    presence = (found.td[level] ?? 0) >> 4;
  }
  return found;
}

/** Index of the first group of interface bytes from the third on that belongs to T=1 (11.4). */
function firstOfT1(bytes: InterfaceBytes): number {
  for (let level = 2; level <= bytes.td.length; level++) {
    if (((bytes.td[level - 1] ?? 0) & 15) === 1) return level;
  }
  return 99;
}
