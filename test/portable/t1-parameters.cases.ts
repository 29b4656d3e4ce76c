/** The T=1 parameters that a host reads (CCID rev 1.1, 6.2.3) are those of the ATR, field by field. */
import type { ByteNatives } from "../../hal/bytes.ts";
import { Atr } from "../../firmware/protocol/atr.ts";
import { T1_PARAMETER_BYTES, writeT1Parameters } from "../../firmware/protocol/t1-parameters.ts";
import { sameBytes } from "./bytes-of.ts";
import type { Report } from "./report.ts";

export function checkT1Parameters(report: Report, natives: ByteNatives): void {
  const atr = new Atr(natives);
  const into = natives.allocate(T1_PARAMETER_BYTES + 4);
  const structure = { bytes: natives.allocate(T1_PARAMETER_BYTES), length: T1_PARAMETER_BYTES };
  writeT1Parameters(atr, structure.bytes, 0);
  sameBytes(report, "the standard's own values", structure, [0x11, 0x10, 0, 0x4d, 0, 32, 0]);
  atr.usesCrc = true;
  atr.extraGuard = 255;
  atr.bwi = 9;
  atr.cwi = 1;
  atr.ifsc = 254;
  // A rate on offer is not negotiated: the structure says what is in force.
  atr.ta1 = 0x96;
  writeT1Parameters(atr, structure.bytes, 0);
  sameBytes(report, "a card with all of it", structure, [0x11, 0x11, 255, 0x91, 0, 254, 0]);
  natives.fill(into, 0, into.length, 0xa5);
  writeT1Parameters(atr, into, 2);
  report.equal(into[1], 0xa5, "nothing before it");
  report.equal(into[2], 0x11, "where it was asked for");
  report.equal(into[2 + T1_PARAMETER_BYTES], 0xa5, "nothing behind it");
}
