/** T=1 blocks: a good one of each kind with both epilogues, and a bad one for each refusal that only it catches. */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import {
  appendEdc,
  judgeBlock,
  judgePrologue,
  kindOf,
  sequenceOf,
  T1Error,
} from "../../firmware/protocol/t1-block.ts";
import type { Report } from "./report.ts";

interface Case {
  readonly what: string;
  readonly bytes: readonly number[];
  readonly error: number;
}

/** Without epilogue, which is made right. */
const CASES: readonly Case[] = [
  { what: "I(0)", bytes: [0, 0x00, 2, 0x90, 0x00], error: T1Error.None },
  { what: "I(1, more)", bytes: [0, 0x60, 1, 7], error: T1Error.None },
  { what: "I without INF", bytes: [0, 0x40, 0], error: T1Error.None },
  { what: "R(0)", bytes: [0, 0x80, 0], error: T1Error.None },
  { what: "R(1) redundancy", bytes: [0, 0x91, 0], error: T1Error.None },
  { what: "R(1) other", bytes: [0, 0x92, 0], error: T1Error.None },
  { what: "S(RESYNCH response)", bytes: [0, 0xe0, 0], error: T1Error.None },
  { what: "S(IFS 1)", bytes: [0, 0xc1, 1, 1], error: T1Error.None },
  { what: "S(IFS 254)", bytes: [0, 0xc1, 1, 254], error: T1Error.None },
  { what: "S(WTX 255)", bytes: [0, 0xc3, 1, 255], error: T1Error.None },
  { what: "S(ABORT)", bytes: [0, 0xc2, 0], error: T1Error.None },
  { what: "I with a reserved bit", bytes: [0, 0x01, 1, 7], error: T1Error.BadPcb },
  { what: "R with b6", bytes: [0, 0xa0, 0], error: T1Error.BadPcb },
  { what: "R with b3", bytes: [0, 0x84, 0], error: T1Error.BadPcb },
  { what: "R with reason 3", bytes: [0, 0x83, 0], error: T1Error.BadPcb },
  { what: "S of an unknown kind", bytes: [0, 0xc4, 0], error: T1Error.BadPcb },
  { what: "S response of an unknown kind", bytes: [0, 0xe5, 0], error: T1Error.BadPcb },
  { what: "R with INF", bytes: [0, 0x80, 1, 0], error: T1Error.BadControl },
  { what: "S(RESYNCH) with INF", bytes: [0, 0xc0, 1, 0], error: T1Error.BadControl },
  { what: "S(ABORT) with INF", bytes: [0, 0xc2, 1, 0], error: T1Error.BadControl },
  { what: "S(WTX) without INF", bytes: [0, 0xc3, 0], error: T1Error.BadControl },
  { what: "S(WTX) with two", bytes: [0, 0xc3, 2, 1, 1], error: T1Error.BadControl },
  { what: "S(WTX 0)", bytes: [0, 0xc3, 1, 0], error: T1Error.BadControl },
  { what: "S(IFS 0)", bytes: [0, 0xc1, 1, 0], error: T1Error.BadControl },
  { what: "S(IFS FF)", bytes: [0, 0xc1, 1, 255], error: T1Error.BadControl },
];

export function checkT1Block(report: Report, natives: ByteNatives): void {
  const block = natives.allocate(300);
  for (const one of CASES) {
    checkBlock(report, block, one, 1);
    checkBlock(report, block, one, 2);
  }
  checkPrologues(report, block);
  checkNumbers(report);
}

function checkBlock(report: Report, block: Bytes, one: Case, edc: number): void {
  const name = edc === 2 ? "CRC" : "LRC";
  for (let i = 0; i < one.bytes.length; i++) block[i] = one.bytes[i];
  const length = appendEdc(block, one.bytes.length, edc);
  report.equal(length - one.bytes.length, edc, `${one.what}: bytes of ${name}`);
  report.equal(judgeBlock(block, edc), one.error, `${one.what} with ${name}`);
  for (let i = 0; i < length; i++) {
    if (i === 2) continue;
    block[i] = block[i] ^ 1;
    report.equal(judgeBlock(block, edc), T1Error.BadEdc, `${one.what} with ${name} and byte ${i} wrong`);
    block[i] = block[i] ^ 1;
  }
}

function checkPrologues(report: Report, block: Bytes): void {
  block[0] = 0;
  block[1] = 0;
  block[2] = 254;
  report.equal(judgePrologue(block), T1Error.None, "LEN 254");
  block[2] = 255;
  report.equal(judgePrologue(block), T1Error.BadLength, "LEN 255");
  block[0] = 0x21;
  block[2] = 0;
  report.equal(judgePrologue(block), T1Error.BadNad, "NAD 21");
}

function checkNumbers(report: Report): void {
  report.equal(sequenceOf(0x40), 1, "N(S) 1");
  report.equal(sequenceOf(0x20), 0, "N(S) 0 with more");
  report.equal(sequenceOf(0x90), 1, "N(R) 1");
  report.equal(sequenceOf(0x82), 0, "N(R) 0");
  report.equal(kindOf(0x7f), 0, "kind of I");
  report.equal(kindOf(0xbf), 1, "kind of R");
  report.equal(kindOf(0xff), 2, "kind of S");
}
