/**
 * The 16-bit cyclic redundancy check of ISO/IEC 13239 (x^16 + x^12 + x^5 + 1, least significant bit first), as the CRC of
 * T=1 (ISO/IEC 7816-3:2006, 11.4.4) and the FCS-16 of RFC 1662 use it. T=1 stores the value as it is, high byte first:
 * so does libccid (openct/checksum.c, read), which must agree with us when it speaks to a CRC card through the terminal.
 */

/** The value before the first byte. */
export const CRC16_START = 0xffff;

/** The generator, least significant bit first. */
const POLYNOMIAL = 0x8408;

/** The value after one more byte. */
export function crc16Next(crc: number, byte: number): number {
  let value = crc ^ byte;
  for (let bit = 0; bit < 8; bit++) {
    value = (value & 1) === 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  }
  return value;
}
