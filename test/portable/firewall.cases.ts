/** The firewall's verdict on every class and instruction, against a table of its own (ISO/IEC 7816-4:2005, table 4.1; JICSAP V1.1). */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import { CommandApdu, decodeCommandApdu } from "../../firmware/protocol/command-apdu.ts";
import { judge, refusalStatus, Verdict } from "../../firmware/service/firewall.ts";
import type { Report } from "./report.ts";

/** VERIFY, CHANGE, DISABLE, ENABLE, RESET RETRY COUNTER, both parities; ENVELOPE. Refused in every class. */
const DENIED = [0x20, 0x21, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2c, 0x2d, 0xc2, 0xc3];
/** CHANGE KEY, LOCK DF, UNLOCK DF, UNLOCK KEY. Refused in every class but the first interindustry's 00–1F. */
const KEY_COMMANDS = [0x32, 0x50, 0x52, 0x54];
const REFUSED = 0x6985;

function has(list: readonly number[], value: number): boolean {
  for (const one of list) if (one === value) return true;
  return false;
}

/** The status word for a well-formed command with data, 9000 when it may pass. */
function expectedStatus(cla: number, ins: number): number {
  if (has(DENIED, ins)) return REFUSED;
  if (has(KEY_COMMANDS, ins) && cla >= 0x20) return REFUSED;
  return cla === 0xff ? 0x6e00 : 0x9000;
}

class Judge {
  private readonly apdu = new CommandApdu();
  readonly raw: Bytes;

  constructor(natives: ByteNatives) {
    this.raw = natives.allocate(16);
  }

  /** Status word for the first `length` bytes of `raw`. */
  status(length: number): number {
    const error = decodeCommandApdu(this.raw, length, this.apdu);
    return refusalStatus(judge(this.apdu, error, length));
  }

  header(cla: number, ins: number, p1: number): void {
    this.raw[0] = cla;
    this.raw[1] = ins;
    this.raw[2] = p1;
    this.raw[3] = 0x80;
  }

  /** Bytes behind the header. */
  rest(bytes: readonly number[]): number {
    for (let i = 0; i < bytes.length; i++) this.raw[4 + i] = bytes[i];
    return 4 + bytes.length;
  }
}

/** An encoding: what stands behind the header, and the status word that it gets in place of 9000. */
interface Encoding {
  readonly what: string;
  readonly rest: readonly number[];
  readonly status: number;
}

const ENCODINGS: readonly Encoding[] = [
  { what: "header alone", rest: [], status: 0x9000 },
  { what: "Le", rest: [0x00], status: 0x9000 },
  { what: "data", rest: [0x04, 0x31, 0x32, 0x33, 0x34], status: 0x9000 },
  { what: "data and Le", rest: [0x02, 0x31, 0x32, 0x00], status: 0x9000 },
  { what: "extended data", rest: [0x00, 0x00, 0x02, 0x31, 0x32], status: 0x9000 },
  { what: "trailing bytes", rest: [0x02, 0x31, 0x32, 0x00, 0x00], status: 0x6700 },
  { what: "data cut short", rest: [0x05, 0x31, 0x32], status: 0x6700 },
  { what: "extended Lc of 0 with data", rest: [0x00, 0x00, 0x00, 0x31], status: 0x6700 },
];

/** The instructions of `classes` in one encoding; returns how many verdicts differ from the table. */
function walk(judging: Judge, classes: readonly number[], encoding: Encoding): number {
  const rest = encoding.rest;
  const status = encoding.status;
  let wrong = 0;
  for (const cla of classes) {
    for (let ins = 0; ins < 256; ins++) {
      judging.header(cla, ins, 0x00);
      const length = judging.rest(rest);
      const table = expectedStatus(cla, ins);
      // Only the answer to what is no PIN command depends on the encoding.
      const isQuery = rest.length === 0 && cla === 0 && ins === 0x20;
      let wanted = table === REFUSED ? REFUSED : status === 0x9000 ? table : status;
      if (isQuery) wanted = 0x9000;
      if (judging.status(length) !== wanted) wrong++;
    }
  }
  return wrong;
}

/** Every instruction of `classes` in every encoding. */
export function walkFirewall(report: Report, natives: ByteNatives, classes: readonly number[]): void {
  const judging = new Judge(natives);
  for (const encoding of ENCODINGS) {
    report.equal(
      walk(judging, classes, encoding),
      0,
      encoding.what + ": verdicts that differ from the table",
    );
  }
}

function checkQuery(report: Report, judging: Judge): void {
  for (let p1 = 0; p1 < 256; p1++) {
    judging.header(0x00, 0x20, p1);
    report.equal(judging.status(4), p1 === 0 ? 0x9000 : REFUSED, "the empty VERIFY with P1 " + p1);
  }
  for (let cla = 1; cla < 256; cla++) {
    judging.header(cla, 0x20, 0x00);
    report.equal(judging.status(4), REFUSED, "the empty VERIFY in class " + cla);
  }
  for (let last = 0; last < 256; last++) {
    judging.header(0x00, 0x20, 0x00);
    report.equal(judging.status(judging.rest([last])), REFUSED, "VERIFY with one byte behind it, " + last);
  }
}

function checkShort(report: Report, judging: Judge): void {
  for (let length = 0; length < 4; length++) {
    judging.header(0x00, 0xb0, 0x00);
    report.equal(judging.status(length), 0x6700, length + " bytes are no command");
  }
  report.equal(refusalStatus(Verdict.Malformed), 0x6700, "malformed");
  report.equal(refusalStatus(Verdict.InvalidClass), 0x6e00, "class FF");
  report.equal(refusalStatus(Verdict.KeyCommand), REFUSED, "key command");
}

export function checkFirewall(report: Report, natives: ByteNatives): void {
  const judging = new Judge(natives);
  // Slow engines walk one class of each kind; under Node all 256 are walked.
  walkFirewall(report, natives, [0x00, 0x01, 0x10, 0x1f, 0x20, 0x3f, 0x40, 0x7f, 0x80, 0x84, 0xfe, 0xff]);
  checkQuery(report, judging);
  checkShort(report, judging);
}
