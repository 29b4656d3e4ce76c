/** Bytes and the nine moments that carry them (ISO/IEC 7816-3:2006, 7.2 and 8.1), and what a receiver at another rate samples. */
import type { WireCharacter } from "../card/sim-card.ts";

/** Moments of `value`: eight data moments, then even parity. Inverse: most significant bit first, low is 1. */
export function encodeMoments(value: number, inverse: boolean): number {
  const logical = inverse ? reverseBits(value) : value;
  const withParity = logical | ((onesOf(value) & 1) << 8);
  return inverse ? ~withParity & 0x1ff : withParity;
}

/** What `moments` mean. `parityOk` is false when the parity moment disagrees. */
export function decodeMoments(moments: number, inverse: boolean): { value: number; parityOk: boolean } {
  const logical = inverse ? ~moments & 0x1ff : moments & 0x1ff;
  const data = logical & 0xff;
  return { value: inverse ? reverseBits(data) : data, parityOk: (onesOf(logical) & 1) === 0 };
}

/** The moments that a receiver sees which samples the centres of its own etu of `clocksPerEtu`. */
export function sampleMoments(character: WireCharacter, clocksPerEtu: number): number {
  if (character.clocksPerEtu === clocksPerEtu) return character.moments;
  let sampled = 0;
  for (let moment = 0; moment < 9; moment++) {
    const sentEtu = Math.floor(((1.5 + moment) * clocksPerEtu) / character.clocksPerEtu);
    if (levelAt(character.moments, sentEtu)) sampled |= 1 << moment;
  }
  return sampled;
}

/** Etu 0 is the start bit, 1 to 9 the moments; later the pull-up holds the line high. */
function levelAt(moments: number, etu: number): boolean {
  if (etu === 0) return false;
  return etu > 9 || ((moments >> (etu - 1)) & 1) === 1;
}

function reverseBits(value: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit++) reversed |= ((value >> bit) & 1) << (7 - bit);
  return reversed;
}

function onesOf(value: number): number {
  let ones = 0;
  for (let rest = value; rest !== 0; rest &= rest - 1) ones++;
  return ones;
}
