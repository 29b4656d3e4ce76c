/**
 * The 16-bit cyclic redundancy check of ISO/IEC 13239 (x^16 + x^12 + x^5 + 1, least significant bit first), as the CRC of
 * T=1 (ISO/IEC 7816-3:2006, 11.4.4) and the FCS-16 of RFC 1662 use it. T=1 stores the value as it is, high byte first:
 * so does libccid (openct/checksum.c, read), which must agree with us when it speaks to a CRC card through the terminal.
 */

/** The value before the first byte. */
export const CRC16_START = 0xffff;

/** The value after one more byte: the eight steps of the register at once, as in AVR libc's `_crc_ccitt_update`. */
export function crc16Next(crc: number, byte: number): number {
  const sum = (crc ^ byte) & 0xff;
  const folded = sum ^ ((sum << 4) & 0xff);
  return (crc >>> 8) ^ (folded << 8) ^ (folded << 3) ^ (folded >>> 4);
}
