/** CRC of T=1 by the check value of the algorithm catalogue (CRC-16/MCRF4XX: "123456789" gives 6F91). */
import type { ByteNatives } from "../../hal/bytes.ts";
import { CRC16_START, crc16Next } from "../../firmware/protocol/crc16.ts";
import type { Report } from "./report.ts";

export function checkCrc16(report: Report, _natives: ByteNatives): void {
  let crc = CRC16_START;
  for (let digit = 1; digit <= 9; digit++) crc = crc16Next(crc, 0x30 + digit);
  report.equal(crc, 0x6f91, "the digits 1 to 9");
  // Entries of libccid's table (openct/checksum.c): crctab[b] is the register after b when it was 0.
  report.equal(crc16Next(0, 0x01), 0x1189, "table entry 01");
  report.equal(crc16Next(0, 0x80), 0x8408, "table entry 80");
  report.equal(crc16Next(0, 0xff), 0x0f78, "table entry FF");
  crc = crc16Next(crc, 0x91);
  crc = crc16Next(crc, 0x6f);
  report.equal(crc, 0, "the value itself, low byte first, leaves 0");
}
