/** ATR parser against its vectors: fields of good ones, the one refusal of bad ones, and that nothing is asked beyond the end. */
import type { ByteNatives } from "../../hal/bytes.ts";
import { Atr, ATR_MAX_BYTES, AtrError } from "../../firmware/protocol/atr.ts";
import { ATR_VECTORS, type AtrVector } from "../vectors/atr.ts";
import type { Report } from "./report.ts";

export function checkAtr(report: Report, natives: ByteNatives): void {
  const atr = new Atr(natives);
  for (const vector of ATR_VECTORS) {
    atr.reset();
    report.equal(feed(report, atr, vector), vector.error, vector.why);
    if (vector.error === AtrError.None) checkFields(report, atr, vector);
  }
  checkEndlessChains(report, atr);
}

/** Feeds until a refusal; a whole ATR must be whole at its last character and not before. */
function feed(report: Report, atr: Atr, vector: AtrVector): number {
  for (let i = 0; i < vector.bytes.length; i++) {
    report.equal(bit(atr.isWhole()), 0, `${vector.why}: whole before character ${i}`);
    const error = atr.accept(vector.bytes[i]);
    if (error !== AtrError.None) return error;
  }
  report.equal(bit(atr.isWhole()), 1, `${vector.why}: whole at its end`);
  return AtrError.None;
}

function checkFields(report: Report, atr: Atr, vector: AtrVector): void {
  const got = [
    atr.firstProtocol,
    bit(atr.offersT1),
    bit(atr.negotiable),
    atr.ta1,
    atr.extraGuard,
    atr.ifsc,
    atr.bwi,
    atr.cwi,
    bit(atr.usesCrc),
    atr.classByte,
  ];
  for (let i = 0; i < got.length; i++) report.equal(got[i], vector.fields[i], `${vector.why}: field ${i}`);
  report.equal(atr.length, vector.bytes.length, `${vector.why}: length`);
  for (let i = 0; i < vector.bytes.length; i++) {
    report.equal(atr.raw[i], vector.bytes[i], `${vector.why}: raw ${i}`);
  }
}

/** Every TD that announces another TD must end in a refusal within 33 characters. */
function checkEndlessChains(report: Report, atr: Atr): void {
  for (let y = 8; y < 16; y++) {
    atr.reset();
    atr.accept(0x3b);
    atr.accept(y * 16);
    let error: number = AtrError.None;
    let count = 2;
    while (error === AtrError.None && count < 100) {
      error = atr.accept(y * 16 + 1);
      count++;
    }
    report.equal(bit(error !== AtrError.None), 1, `endless chain of ${y} is refused`);
    report.equal(bit(count <= ATR_MAX_BYTES), 1, `endless chain of ${y} ends within 33`);
  }
}

function bit(value: boolean): number {
  return value ? 1 : 0;
}
