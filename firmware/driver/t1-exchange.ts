/**
 * One exchange of T=1 with a card: what leaves, how often it is tried again, and every way that it ends without an answer
 * (ISO/IEC 7816-3:2006, 11.6.3, whose rule numbers are given). What a block of the card means is t1-card.ts's to say.
 *
 *   Sending, Receiving --3 failures, ordinary--> Resynching --S(RESYNCH response)--> Sending, from the first block
 *           |                                        | 3 requests          every state --time, line, abandoned--> Down
 *           +--3 failures, PIN--> Down <-------------+
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { RReason, SBlock, T1Error, T1_MAX_INF_BYTES, T1_R } from "../protocol/t1-block.ts";
import { earlierUs, NEVER_US } from "../protocol/time.ts";
import type { CardLine } from "./card-line.ts";
import { T1Chain } from "./t1-chain.ts";
import { T1Link } from "./t1-link.ts";

/** A block and two more attempts (rule 7.4.2); as many S(RESYNCH) requests in one command (rule 6.4). */
const ATTEMPTS = 3;
/** No command of a host's, and none with a PIN, takes longer, however often the card asks for time: 63 extensions of the My Number card's 1.6 s never pass. */
export const COMMAND_CAP_US = 64000000;
/**
 * The terminal's own questions select and read, which takes a card milliseconds; somebody stands there and waits. Seven block
 * waiting times of the My Number card's 1.6 s: three attempts, three S(RESYNCH) and the one after them.
 */
export const OWN_CAP_US = 12000000;

export const enum T1State {
  /** Not spoken, or given up: the card needs a reset. */
  Down = 0,
  Negotiating = 1,
  Ready = 2,
  /** I-blocks of the command are on their way to the card. */
  Sending = 3,
  /** The card has begun to answer. */
  Receiving = 4,
  /** The card aborted the chain and has the word (rule 9). */
  Aborting = 5,
  Resynching = 6,
}

export const enum CommandKind {
  Ordinary = 0,
  /** Carries a PIN: never begun again. */
  Pin = 1,
  /** As an ordinary one, of the terminal's own. */
  Own = 2,
}

export const enum T1Result {
  /** No command was started, or it is still running. */
  None = 0,
  /** `response[0…responseLength()-1]` is the card's answer, two bytes or more. */
  Done = 1,
  /** Ended, and no character of the command's last block had left: the card cannot have carried it out. */
  NotSent = 2,
  /** Ended after the first character of the last block: the card may have carried it out. */
  Undecided = 3,
}

/** Why a command or the negotiation ended without an answer. */
export const enum T1Fault {
  None = 0,
  /** No valid block in three attempts, the last time nothing at all. */
  Silent = 1,
  /** No valid block in three attempts, the last time an invalid one. */
  Invalid = 2,
  /** Three S(RESYNCH) requests without success. */
  NoResynch = 3,
  /** The command would take longer than `COMMAND_CAP_US`, or `OWN_CAP_US`. */
  TooLong = 4,
  /** The answer is longer than `response`, or shorter than a status word. */
  BadAnswer = 5,
  /** The card sent S(ABORT). */
  Aborted = 6,
  /** A line that is held or shorted: the echo is missing, or differs in three blocks running. */
  Line = 7,
  /** `abandon` was called. */
  Abandoned = 8,
}

export class T1Exchange {
  /** What the card's blocks change is written by `T1Card`, what failures and times change here. */
  state = T1State.Down;
  result = T1Result.None;
  /** Why the last command or negotiation ended without an answer. */
  fault = T1Fault.None;
  readonly chain: T1Chain;
  readonly link: T1Link;
  private readonly value: Bytes;
  private kind = CommandKind.Ordinary;
  private failures = 0;
  private resynchs = 0;
  private capUs = NEVER_US;
  private sendsLast = false;
  private lastLeft = false;

  constructor(natives: ByteNatives, line: CardLine) {
    this.chain = new T1Chain(natives);
    this.link = new T1Link(natives, line);
    this.value = natives.allocate(1);
  }

  /** A new command, or the negotiation: nothing has been tried. */
  prepare(kind: CommandKind, nowUs: number): void {
    this.result = T1Result.None;
    this.fault = T1Fault.None;
    this.failures = 0;
    this.resynchs = 0;
    this.sendsLast = false;
    this.lastLeft = false;
    this.kind = kind;
    this.capUs = nowUs + (kind === CommandKind.Own ? OWN_CAP_US : COMMAND_CAP_US);
  }

  /** In `Down` and `Ready` the line is silent and nothing is due. */
  isRunning(): boolean {
    return this.state !== T1State.Down && this.state !== T1State.Ready;
  }

  /** To be called after each step of the link. */
  noteLeft(): void {
    if (this.sendsLast && this.link.hasLeft) this.lastLeft = true;
  }

  /** A block came that brings the exchange on: the next one has all its attempts. */
  progress(): void {
    this.failures = 0;
  }

  /** Neither a long BWT nor a card that never falls silent outlasts the cap. Returns the next deadline. */
  limit(nowUs: number): number {
    if (!this.isRunning()) return NEVER_US;
    if (nowUs < this.capUs) return earlierUs(this.link.deadlineUs, this.capUs);
    this.endWith(T1Fault.TooLong);
    return NEVER_US;
  }

  /** After S(RESYNCH): numbers and sizes as after the ATR (rule 6.2, 6.3). */
  beginAgain(nowUs: number): void {
    this.chain.resynchronise();
    this.failures = 0;
    this.state = T1State.Sending;
    this.sendInformation(nowUs);
  }

  /** No valid block came, or none that fits: rules 7.1 to 7.4. */
  recover(cause: T1Fault, nowUs: number): void {
    if (this.state === T1State.Aborting) {
      // The chain is aborted; who has the word is unknown, which a reset settles.
      this.endWith(cause);
      return;
    }
    if (this.hasFailedTooOften(cause, nowUs)) return;
    if (this.state === T1State.Negotiating) {
      this.sendValue(SBlock.Ifs, T1_MAX_INF_BYTES, nowUs);
    } else if (this.state !== T1State.Resynching) {
      this.sendReceive(this.reason(cause), nowUs);
    }
  }

  /** Counts a failed attempt. True when the limit was reached and the way out was taken. */
  hasFailedTooOften(cause: T1Fault, nowUs: number): boolean {
    this.failures++;
    if (this.state === T1State.Resynching) {
      this.resynchronise(nowUs);
      return true;
    }
    if (this.failures < ATTEMPTS) return false;
    if (this.kind === CommandKind.Pin || this.state === T1State.Negotiating) this.endWith(cause);
    else this.resynchronise(nowUs);
    return true;
  }

  /** The present block of the command. */
  sendInformation(nowUs: number): void {
    const chain = this.chain;
    this.compose(chain.pcb(), chain.command, chain.sent, chain.chunk);
    this.sendsLast = chain.isLast();
    this.transmit(1, nowUs);
  }

  /** Asks for the card's next block, or for the same once more. */
  sendReceive(reason: RReason, nowUs: number): void {
    this.sendBare(T1_R | (this.chain.receiveNumber << 4) | reason, nowUs);
  }

  /** An S-block with one byte of INF. */
  sendValue(pcb: number, value: number, nowUs: number): void {
    this.value[0] = value;
    this.compose(pcb, this.value, 0, 1);
    this.transmit(1, nowUs);
  }

  /** An R- or S-block without INF. */
  sendBare(pcb: number, nowUs: number): void {
    this.compose(pcb, this.value, 0, 0);
    this.transmit(1, nowUs);
  }

  /** Grants S(WTX) within the cap (rule 3): the answer to it may take `factor` × BWT. */
  waitLonger(factor: number, nowUs: number): void {
    if (nowUs + factor * this.link.blockWaitUs() > this.capUs) {
      this.endWith(T1Fault.TooLong);
      return;
    }
    this.value[0] = factor;
    this.compose(SBlock.WtxResponse, this.value, 0, 1);
    this.transmit(factor, nowUs);
  }

  /** Ends command and protocol: the card needs a reset, but for an ordinary command that it aborted. Wipes the block. */
  endWith(fault: T1Fault): void {
    const ran = this.state >= T1State.Sending;
    this.noteLeft();
    this.link.stop();
    if (ran) this.result = this.lastLeft ? T1Result.Undecided : T1Result.NotSent;
    if (this.state !== T1State.Down) this.fault = fault;
    const goesOn = fault === T1Fault.Aborted && this.kind !== CommandKind.Pin;
    this.state = goesOn ? T1State.Ready : T1State.Down;
  }

  private reason(cause: T1Fault): RReason {
    if (cause === T1Fault.Silent) return RReason.Other;
    const error = this.link.error;
    return error === T1Error.Parity || error === T1Error.BadEdc ? RReason.Redundancy : RReason.Other;
  }

  private resynchronise(nowUs: number): void {
    if (this.resynchs === ATTEMPTS) {
      this.endWith(T1Fault.NoResynch);
      return;
    }
    this.resynchs++;
    this.state = T1State.Resynching;
    this.sendBare(SBlock.Resynch, nowUs);
  }

  private compose(pcb: number, inf: ReadonlyBytes, from: number, length: number): void {
    this.sendsLast = false;
    this.link.compose(pcb, inf, from, length);
  }

  /** The one way onto the line; a card that keeps us busy for ever ends here. */
  private transmit(waitFactor: number, nowUs: number): void {
    if (nowUs > this.capUs) {
      this.endWith(T1Fault.TooLong);
      return;
    }
    this.link.transmit(waitFactor, nowUs);
    this.noteLeft();
  }
}
