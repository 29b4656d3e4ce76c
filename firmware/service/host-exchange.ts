/**
 * XfrBlock: the host's T=1 ends here, each whole command is judged, and what may pass crosses to the card's own T=1.
 *
 *   Idle --block--> Idle (a block is the answer)
 *     |---last block of a command that passes--> Working --card answered--> Idle
 *     +---VERIFY of a host that may be replaced--> Replacing --respondStatus--> Idle
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { CommandKind } from "../driver/t1-exchange.ts";
import { CommandApdu, decodeCommandApdu } from "../protocol/command-apdu.ts";
import { HostVerdict, SecureStart, T1Host } from "../protocol/t1-host.ts";
import { judgeListed } from "./allow-list.ts";
import type { CardContext } from "./card-context.ts";
import { SessionOutcome, type CardSession } from "./card-session.ts";
import { judge, refusalStatus, Verdict } from "./firewall.ts";

/** What the programs behind a host may say to the card, beside what carries no PIN. */
export const enum HostPolicy {
  DenyList = 0,
  /** And a host's VERIFY of a known object is replaced by an entry on the keypad. */
  Substitute = 1,
  /** What is listed for the selected application, and nothing else. */
  AllowList = 2,
}

export const enum ExchangeState {
  /** A block stands in `answer`. */
  Answered = 0,
  /** The card is working on a command. */
  Working = 1,
  /** A VERIFY came whose four header bytes stand in `header`; `respondStatus` is awaited. */
  Replacing = 2,
  /** The card is gone or did not answer. */
  Failed = 3,
}

/** PPSS, and PPS0 for T=1 without PPS1: "372/1, T=1" (ISO/IEC 7816-3:2006, 9.2). */
const PPSS = 0xff;
const PPS0_T1 = 0x01;

export class HostExchange {
  private readonly host: T1Host;
  private readonly apdu = new CommandApdu();
  private readonly statusBytes: Bytes;
  private readonly pps: Bytes;
  /** A PPS is answered once, directly after power-on; later data led by FF are refused. */
  private ppsAllowed = false;
  private isPpsAnswer = false;

  constructor(
    private readonly natives: ByteNatives,
    private readonly session: CardSession,
    private readonly context: CardContext,
    private readonly policy: HostPolicy,
  ) {
    this.host = new T1Host(natives);
    this.statusBytes = natives.allocate(2);
    this.pps = natives.allocate(3);
  }

  /** After power-on: both ends begin anew. */
  reset(): void {
    this.host.reset(this.session.atr.usesCrc);
    this.context.reset();
    this.ppsAllowed = true;
    this.isPpsAnswer = false;
  }

  /** The block to send, after `Answered`. */
  answer(): ReadonlyBytes {
    return this.isPpsAnswer ? this.pps : this.host.answer;
  }

  answerLength(): number {
    return this.isPpsAnswer ? this.pps.length : this.host.answerLength;
  }

  /** The command's four header bytes as one number, after `Replacing`. */
  header(): number {
    const command = this.host.command;
    return (command[0] << 24) | (command[1] << 16) | (command[2] << 8) | command[3];
  }

  /** Takes the data of one XfrBlock. */
  begin(block: ReadonlyBytes, length: number, nowUs: number): ExchangeState {
    this.isPpsAnswer = this.ppsAllowed && isWellFormedPps(block, length);
    this.ppsAllowed = false;
    if (this.isPpsAnswer) {
      this.pps[0] = PPSS;
      this.pps[1] = PPS0_T1;
      this.pps[2] = PPSS ^ PPS0_T1;
      return ExchangeState.Answered;
    }
    const verdict = this.host.receive(block, length);
    switch (verdict) {
      case HostVerdict.Respond:
        return ExchangeState.Answered;
      case HostVerdict.CommandTooLong:
        return this.respondStatus(0x6700);
      case HostVerdict.Busy:
        return ExchangeState.Failed;
      case HostVerdict.CommandComplete:
        return this.judged(nowUs);
    }
  }

  /** Whether the card's answer has come. */
  step(): ExchangeState {
    const outcome = this.session.outcome();
    if (outcome === SessionOutcome.Busy) return ExchangeState.Working;
    if (outcome !== SessionOutcome.Done) {
      this.context.lose();
      return ExchangeState.Failed;
    }
    this.context.observeAnswer(this.session.statusWord());
    this.host.respond(this.session.response, this.session.responseLength());
    return ExchangeState.Answered;
  }

  /** Answers the owed command, or the Secure, by a status word alone in a block of our own. */
  respondStatus(statusWord: number): ExchangeState {
    this.statusBytes[0] = statusWord >> 8;
    this.statusBytes[1] = statusWord & 0xff;
    this.host.respond(this.statusBytes, 2);
    return ExchangeState.Answered;
  }

  /** Whether a Secure with this bTeoPrologue may begin now. */
  mayBeginSecure(nad: number, pcb: number): boolean {
    this.ppsAllowed = false;
    this.isPpsAnswer = false;
    return this.host.beginSecure(nad, pcb) === SecureStart.Accepted;
  }

  /** The Secure is answered by an error or by two bare bytes: the host's counters did not move. */
  rollBackSecure(): void {
    this.host.rollBack();
  }

  private judged(nowUs: number): ExchangeState {
    const command = this.host.command;
    const length = this.host.commandLength;
    const error = decodeCommandApdu(command, length, this.apdu);
    let verdict = judge(this.apdu, error, length);
    if (verdict === Verdict.Pass && this.policy === HostPolicy.AllowList)
      verdict = judgeListed(this.apdu, command, this.context);
    if (this.isReplaced(verdict, length)) {
      return ExchangeState.Replacing;
    }
    if (verdict !== Verdict.Pass) return this.respondStatus(refusalStatus(verdict));
    this.context.observeCommand(this.apdu, command);
    this.natives.copy(command, 0, this.session.command, 0, length);
    this.session.transmit(length, CommandKind.Ordinary, nowUs);
    return ExchangeState.Working;
  }

  private isReplaced(verdict: Verdict, length: number): boolean {
    const replaces = this.policy === HostPolicy.Substitute && verdict === Verdict.PinCommand;
    return replaces && isPlainVerify(this.apdu, length);
  }
}

/** `00 20 00 xx 04 dddd`: the one form that a known object's VERIFY has; its digits are never looked at. */
function isPlainVerify(apdu: CommandApdu, lengthBytes: number): boolean {
  const isVerify = apdu.cla === 0x00 && apdu.ins === 0x20 && apdu.p1 === 0x00;
  return isVerify && lengthBytes === 9 && apdu.dataLength === 4;
}

/** PPSS PPS0 [PPS1] [PPS2] [PPS3] PCK that offers T=1, its PCK right, and nothing more. */
function isWellFormedPps(block: ReadonlyBytes, length: number): boolean {
  if (length < 3 || block[0] !== PPSS) return false;
  const pps0 = block[1];
  // b8 is reserved; b5–b7 announce PPS1–PPS3.
  if ((pps0 & 0x8f) !== PPS0_T1) return false;
  const announced = ((pps0 >> 4) & 1) + ((pps0 >> 5) & 1) + ((pps0 >> 6) & 1);
  if (length !== 3 + announced) return false;
  let check = 0;
  for (let i = 0; i < length; i++) check = check ^ block[i];
  return check === 0;
}
