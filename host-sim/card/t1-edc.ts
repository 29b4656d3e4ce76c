/** Error detection codes of T=1 as a card computes them (ISO/IEC 7816-3:2006, 11.3.4; CRC of ISO/IEC 3309). */

/** EDC of `bytes`: one byte LRC, or two bytes CRC, most significant first. */
export function edcOf(bytes: Uint8Array, crc: boolean): Uint8Array {
  if (crc) {
    const sum = crcOf(bytes);
    return Uint8Array.of(sum >> 8, sum & 0xff);
  }
  return Uint8Array.of(bytes.reduce((sum, byte) => sum ^ byte, 0));
}

/** Reflected polynomial 8408, initial value FFFF, not complemented: as libccid computes it for cards in the field. */
function crcOf(bytes: Uint8Array): number {
  let sum = 0xffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum & 1) === 1 ? (sum >> 1) ^ 0x8408 : sum >> 1;
  }
  return sum;
}
