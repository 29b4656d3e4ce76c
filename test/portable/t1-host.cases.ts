/** The card's end of T=1 towards the host: what a card must answer, block by block, and that it never loses step. */
import type { ByteNatives } from "../../hal/bytes.ts";
import { COMMAND_MAX_BYTES, RESPONSE_MAX_BYTES } from "../../firmware/protocol/command-apdu.ts";
import { HostVerdict, SecureStart, T1Host } from "../../firmware/protocol/t1-host.ts";
import { appendEdc } from "../../firmware/protocol/t1-block.ts";
import { IFS_REQUEST, IFS_RESPONSE } from "../vectors/gempc.ts";
import { bytesOf, sameBytes } from "./bytes-of.ts";
import type { Report } from "./report.ts";

/** A freshly powered card's end and the means to speak to it. */
class Bench {
  readonly host: T1Host;

  constructor(
    readonly report: Report,
    readonly natives: ByteNatives,
  ) {
    this.host = new T1Host(natives);
    this.host.reset(false);
  }

  /** Sends NAD 0, `pcb` and `information` with a right LRC. */
  send(pcb: number, information: readonly number[]): HostVerdict {
    const block = this.natives.allocate(3 + information.length + 1);
    block[1] = pcb;
    block[2] = information.length;
    for (let i = 0; i < information.length; i++) block[3 + i] = information[i];
    return this.host.receive(block, appendEdc(block, 3 + information.length, 1));
  }

  raw(block: readonly number[]): HostVerdict {
    return this.host.receive(bytesOf(this.natives, block), block.length);
  }

  /** The answer is a block of this PCB and information with a right LRC. */
  answers(what: string, pcb: number, information: readonly number[]): void {
    const wanted = this.natives.allocate(3 + information.length + 1);
    wanted[1] = pcb;
    wanted[2] = information.length;
    for (let i = 0; i < information.length; i++) wanted[3 + i] = information[i];
    const length = appendEdc(wanted, 3 + information.length, 1);
    this.report.equal(this.host.answerLength, length, what + ": length");
    let same = 1;
    for (let i = 0; i < length; i++) if (this.host.answer[i] !== wanted[i]) same = 0;
    this.report.equal(same, 1, what + ": bytes");
  }

  respond(response: readonly number[]): void {
    this.report.equal(
      this.host.respond(bytesOf(this.natives, response), response.length) ? 1 : 0,
      1,
      "a response was owed",
    );
  }

  /** A whole exchange with sequence numbers `sequence` on both sides, which proves that the ends are in step. */
  inStep(what: string, hostSequence: number, ownSequence: number): void {
    this.report.equal(this.send(hostSequence * 0x40, [1, 2, 3, 4]), HostVerdict.CommandComplete, what);
    this.report.equal(this.host.commandLength, 4, what + ": command");
    this.respond([0x90, 0]);
    this.answers(what, ownSequence * 0x40, [0x90, 0]);
  }
}

export function checkT1Host(report: Report, natives: ByteNatives): void {
  checkStep(new Bench(report, natives));
  checkSupervisory(report, natives);
  checkInvalidBlocks(report, natives);
  checkCommandChain(report, natives);
  checkResponseChain(report, natives);
  checkTooLong(report, natives);
  checkSecure(report, natives);
  checkCrc(report, natives);
}

function checkStep(bench: Bench): void {
  const report = bench.report;
  bench.inStep("first command", 0, 0);
  bench.inStep("second command", 1, 1);
  bench.inStep("third command", 0, 0);
  bench.send(0x80, []);
  bench.answers("R(0) after I(0): the response again", 0x00, [0x90, 0]);
  bench.send(0x90, []);
  bench.answers("R(1) after the last I(0) asks for nothing", 0x92, []);
  bench.inStep("fourth command", 1, 1);
  report.equal(bench.send(0x00, [1]), HostVerdict.CommandComplete, "a command is owed a response");
  report.equal(bench.send(0x40, [1]), HostVerdict.Busy, "a block before the response");
  report.equal(bench.send(0xc0, []), HostVerdict.Busy, "even S(RESYNCH)");
  bench.host.reset(false);
  report.equal(
    bench.host.respond(bytesOf(bench.natives, [0x90, 0]), 2) ? 1 : 0,
    0,
    "none is owed after reset",
  );
  bench.inStep("after reset", 0, 0);
  bench.host.reset(false);
  bench.send(0x80, []);
  bench.answers("R(0) before anything was sent", 0x82, []);
}

function checkSupervisory(report: Report, natives: ByteNatives): void {
  const bench = new Bench(report, natives);
  report.equal(bench.raw(IFS_REQUEST), HostVerdict.Respond, "S(IFS)");
  sameBytes(report, "S(IFS)", { bytes: bench.host.answer, length: bench.host.answerLength }, IFS_RESPONSE);
  bench.send(0x80, []);
  sameBytes(report, "again", { bytes: bench.host.answer, length: bench.host.answerLength }, IFS_RESPONSE);
  const wrong = [0xc3, 0xc4, 0xd0, 0xe0, 0xe1, 0xe2, 0xe3];
  for (const pcb of wrong) {
    bench.send(pcb, pcb === 0xc3 || pcb === 0xe1 || pcb === 0xe3 ? [1] : []);
    bench.answers("an S-block that no host may send now", 0x82, []);
  }
  bench.send(0xc1, [0]);
  bench.answers("IFS 0", 0x82, []);
  bench.send(0xc1, [0xff]);
  bench.answers("IFS FF", 0x82, []);
  bench.send(0xc0, [1]);
  bench.answers("S(RESYNCH) with data", 0x82, []);
  bench.inStep("still in step", 0, 0);
  bench.send(0xc0, []);
  bench.answers("S(RESYNCH)", 0xe0, []);
  bench.inStep("both numbers are 0 again", 0, 0);
}

function checkInvalidBlocks(report: Report, natives: ByteNatives): void {
  const bench = new Bench(report, natives);
  bench.inStep("one command before", 0, 0);
  bench.raw([0, 0x40, 1, 7, 0x47]);
  bench.answers("wrong LRC", 0x91, []);
  bench.raw([0x10, 0x40, 1, 7, 0x56]);
  bench.answers("NAD 10", 0x92, []);
  bench.raw([0, 0x40, 2, 7, 0x45]);
  bench.answers("LEN counts more", 0x92, []);
  bench.raw([0, 0x40, 1, 7, 0x46, 0, 0x00, 1, 7, 0x06]);
  bench.answers("a second block behind the first", 0x92, []);
  bench.raw([0, 0x40, 0]);
  bench.answers("no EDC", 0x92, []);
  const full = natives.allocate(259);
  full[1] = 0x40;
  full[2] = 0xff;
  bench.host.receive(full, appendEdc(full, 258, 1));
  bench.answers("LEN FF", 0x92, []);
  for (let bit = 1; bit < 0x20; bit *= 2) {
    bench.send(0x40 | bit, [7]);
    bench.answers("a reserved bit of an I-block", 0x92, []);
  }
  bench.send(0x00, [7]);
  bench.answers("the last N(S) again", 0x92, []);
  const wrong = [0xa0, 0x88, 0x84, 0x83];
  for (const pcb of wrong) {
    bench.send(pcb, []);
    bench.answers("a reserved form of an R-block", 0x92, []);
  }
  bench.send(0x80, [1]);
  bench.answers("an R-block with data", 0x92, []);
  bench.inStep("nothing of all that counted", 1, 1);
}

function checkCommandChain(report: Report, natives: ByteNatives): void {
  const bench = new Bench(report, natives);
  report.equal(bench.send(0x20, [0, 0x20]), HostVerdict.Respond, "first block");
  bench.answers("acknowledged", 0x90, []);
  report.equal(bench.host.isChaining() ? 1 : 0, 1, "a chain is open");
  bench.send(0x80, []);
  bench.answers("R(0): the acknowledgement again", 0x90, []);
  bench.send(0x90, []);
  bench.answers("R(1) asks for a block that we have not sent", 0x92, []);
  bench.send(0x20, [0, 0x20]);
  bench.answers("the first block again", 0x92, []);
  report.equal(bench.host.isChaining() ? 1 : 0, 1, "and the chain stays open");
  report.equal(bench.send(0x60, [0]), HostVerdict.Respond, "second block");
  bench.answers("acknowledged too", 0x80, []);
  report.equal(bench.send(0x00, [0x80]), HostVerdict.CommandComplete, "third block");
  const host = bench.host;
  sameBytes(report, "the command", { bytes: host.command, length: host.commandLength }, [0, 0x20, 0, 0x80]);
  bench.respond([0x63, 0xc3]);
  report.equal(bench.host.isChaining() ? 1 : 0, 0, "no chain is open");
  bench.send(0x60, [9, 9]);
  bench.send(0x90, []);
  bench.answers("R(1): the acknowledgement again, not the response before the chain", 0x80, []);
  bench.send(0xc2, []);
  bench.answers("S(ABORT)", 0xe2, []);
  report.equal(bench.host.isChaining() ? 1 : 0, 0, "the chain is gone");
  bench.inStep("the aborted beginning is not part of the next command", 0, 1);
  bench.send(0x60, [9, 9]);
  bench.send(0xc0, []);
  report.equal(bench.host.isChaining() ? 1 : 0, 0, "S(RESYNCH) drops a chain");
  bench.inStep("nor is one before S(RESYNCH)", 0, 0);
  bench.send(0x60, [9, 9]);
  bench.host.reset(false);
  report.equal(bench.host.isChaining() ? 1 : 0, 0, "power-on drops a chain");
  bench.inStep("nor one before power-on", 0, 0);
}

/** 70 bytes with the default IFSD of 32: 32, 32 and 6. */
function checkResponseChain(report: Report, natives: ByteNatives): void {
  const bench = new Bench(report, natives);
  const response: number[] = [];
  for (let i = 0; i < 70; i++) response.push(i);
  bench.send(0x00, [1, 2, 3, 4]);
  bench.respond(response);
  bench.answers("first part", 0x20, response.slice(0, 32));
  report.equal(bench.host.isChaining() ? 1 : 0, 1, "a chain is open");
  bench.send(0x81, []);
  bench.answers("first part again", 0x20, response.slice(0, 32));
  bench.send(0x40, [1, 2, 3, 4]);
  bench.answers("no command while a response is half fetched", 0x92, []);
  bench.send(0x90, []);
  bench.answers("second part", 0x60, response.slice(32, 64));
  bench.send(0xc1, [3]);
  bench.answers("S(IFS) in mid-chain", 0xe1, [3]);
  bench.send(0x80, []);
  bench.answers("third part by the new size", 0x20, response.slice(64, 67));
  bench.send(0x90, []);
  bench.answers("last part", 0x40, response.slice(67, 70));
  report.equal(bench.host.isChaining() ? 1 : 0, 0, "all is sent");
  bench.inStep("in step", 1, 0);
  bench.send(0xc0, []);
  bench.send(0x00, [1, 2, 3, 4]);
  bench.respond(response);
  bench.answers("IFSD is 32 again after S(RESYNCH)", 0x20, response.slice(0, 32));
  bench.send(0xc2, []);
  bench.answers("S(ABORT) of the response", 0xe2, []);
  bench.inStep("the rest is forgotten", 1, 1);
}

function checkTooLong(report: Report, natives: ByteNatives): void {
  const bench = new Bench(report, natives);
  const part: number[] = [];
  for (let i = 0; i < 245; i++) part.push(i);
  let sequence = 0;
  for (let sent = 0; sent + 245 <= COMMAND_MAX_BYTES; sent += 245) {
    report.equal(bench.send(sequence * 0x40 + 0x20, part), HostVerdict.Respond, "a part that fits");
    sequence = 1 - sequence;
  }
  bench.send(sequence * 0x40 + 0x20, part);
  bench.answers("a part that does not fit is acknowledged too", 0x80 + (1 - sequence) * 0x10, []);
  sequence = 1 - sequence;
  report.equal(bench.send(sequence * 0x40, [1]), HostVerdict.CommandTooLong, "its end");
  bench.respond([0x67, 0]);
  bench.answers("6700", 0x00, [0x67, 0]);
  bench.inStep("in step, and nothing of it is left", 1 - sequence, 1);
  const whole = natives.allocate(RESPONSE_MAX_BYTES);
  bench.send(sequence * 0x40, [1, 2, 3, 4]);
  report.equal(bench.host.respond(whole, whole.length) ? 1 : 0, 1, "the longest response");
}

function checkSecure(report: Report, natives: ByteNatives): void {
  const bench = new Bench(report, natives);
  const host = bench.host;
  bench.inStep("one command before", 0, 0);
  report.equal(host.beginSecure(0, 0x00), SecureStart.BadPrologue, "the last N(S) again");
  report.equal(host.beginSecure(1, 0x40), SecureStart.BadPrologue, "NAD 1");
  report.equal(host.beginSecure(0, 0x60), SecureStart.BadPrologue, "the more bit");
  report.equal(host.beginSecure(0, 0xc0), SecureStart.BadPrologue, "an S-block");
  report.equal(host.beginSecure(0, 0x41), SecureStart.BadPrologue, "a reserved bit");
  report.equal(host.beginSecure(0, 0x40), SecureStart.Accepted, "the expected block");
  report.equal(host.beginSecure(0, 0x40), SecureStart.Busy, "a second one");
  report.equal(bench.send(0x40, [1]), HostVerdict.Busy, "a block during it");
  bench.respond([0x63, 0xc2]);
  bench.answers("answered as if the I-block had come", 0x40, [0x63, 0xc2]);
  bench.inStep("both numbers went on", 0, 0);
  // libccid 1.5.2, SecurePINVerify: ns and nr toggled before, toggled back after a failed or two-byte answer.
  report.equal(host.beginSecure(0, 0x40), SecureStart.Accepted, "a Secure that will be refused");
  host.rollBack();
  bench.inStep("refused Secure: both numbers as before, as libccid rolls its own back", 1, 1);
  host.rollBack();
  bench.inStep("a roll back without a Secure changes nothing", 0, 0);
  bench.send(0x60, [0, 0x20]);
  report.equal(host.beginSecure(0, 0x00), SecureStart.ChainOpen, "the host's chain is open");
  bench.send(0xc0, []);
  const long: number[] = [];
  for (let i = 0; i < 33; i++) long.push(i);
  bench.send(0x00, [1, 2, 3, 4]);
  bench.respond(long);
  report.equal(host.beginSecure(0, 0x40), SecureStart.ChainOpen, "our chain is open");
}

/** A CRC card's ATR makes the host use CRC as well. */
function checkCrc(report: Report, natives: ByteNatives): void {
  const host = new T1Host(natives);
  host.reset(true);
  const block = natives.allocate(20);
  block[2] = 4;
  const length = appendEdc(block, 7, 2);
  report.equal(host.receive(block, length), HostVerdict.CommandComplete, "a CRC block");
  host.respond(bytesOf(natives, [0x90, 0]), 2);
  report.equal(host.answerLength, 7, "is answered by a CRC block");
  block[1] = 0x40;
  appendEdc(block, 7, 2);
  block[8] = block[8] ^ 1;
  report.equal(host.receive(block, length), HostVerdict.Respond, "a wrong CRC");
  report.equal(host.answer[1], 0x91, "is told");
}
