/**
 * T=1 towards a card, as the interface device (ISO/IEC 7816-3:2006, clause 11; its rule numbers below are those of 11.6.3).
 *
 *   Down --begin--> Negotiating --IFS response--> Ready --start--> Sending --I-block--> Receiving --last I-block--> Ready
 *                       | 3 failures               ^                  | 3 failures         |
 *                       v                          |                  v                    v
 *                      Down <--3 requests-- (ordinary command: from its first block) <-- Resynching
 * A PIN command is never begun again: where an ordinary one would be resynchronised, it ends. R-blocks are allowed to it, for
 * a card that asks for a block by its number cannot have taken it, and one that repeats its answer does not run it twice.
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import type { Atr } from "../protocol/atr.ts";
import { BlockKind, kindOf, RReason, SBlock, sequenceOf, T1Error } from "../protocol/t1-block.ts";
import { T1_INF, T1_MAX_INF_BYTES, T1_MORE, T1_PCB, T1_R } from "../protocol/t1-block.ts";
import { earlierUs, NEVER_US } from "../protocol/time.ts";
import type { CardLine } from "./card-line.ts";
import { T1Chain } from "./t1-chain.ts";
import { LinkEvent, T1Link } from "./t1-link.ts";

/** A block and two more attempts (rule 7.4.2); as many S(RESYNCH) requests in one command (rule 6.4). */
const ATTEMPTS = 3;
/** No command takes longer, however often the card asks for time: 63 extensions of the My Number card's 1.6 s never pass. */
export const COMMAND_CAP_US = 64000000;

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
  /** The command would take longer than `COMMAND_CAP_US`. */
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

export class T1Card {
  /** The caller writes the APDU here; PIN digits stand nowhere else but in the block that is just being sent. */
  readonly command: Bytes;
  readonly response: ReadonlyBytes;
  fault = T1Fault.None;
  /** S(WTX) requests of the running command, so that a host can be told to wait. */
  waitExtensions = 0;
  private readonly chain: T1Chain;
  private readonly link: T1Link;
  private readonly value: Bytes;
  private state = T1State.Down;
  private result = T1Result.None;
  private kind = CommandKind.Ordinary;
  private failures = 0;
  private resynchs = 0;
  private capUs = NEVER_US;
  private sendsLast = false;
  private lastLeft = false;

  constructor(natives: ByteNatives, line: CardLine) {
    this.chain = new T1Chain(natives);
    this.link = new T1Link(natives, line);
    this.command = this.chain.command;
    this.response = this.chain.response;
    this.value = natives.allocate(1);
  }

  current(): T1State {
    return this.state;
  }

  outcome(): T1Result {
    return this.result;
  }

  /** Starts the protocol after an ATR that offers T=1; the line is configured. Asks for the longest blocks (rule 4). */
  begin(atr: Atr, nowUs: number): void {
    this.link.configure(atr);
    this.chain.reset(atr.ifsc);
    this.prepare(nowUs);
    this.state = T1State.Negotiating;
    this.sendValue(SBlock.Ifs, T1_MAX_INF_BYTES, nowUs);
  }

  /** Sends `command[0…length-1]`, its first character at once when the line is free. Only in `Ready`. */
  start(length: number, kind: CommandKind, nowUs: number): void {
    this.prepare(nowUs);
    this.chain.begin(length);
    this.kind = kind;
    this.state = T1State.Sending;
    this.sendInformation(nowUs);
  }

  /** The card is gone or will be powered down: ends a running command and forgets the protocol. */
  abandon(): void {
    this.endWith(T1Fault.Abandoned);
  }

  /** Valid bytes of `response`. */
  responseLength(): number {
    return this.chain.responseLength;
  }

  /** Zeroes both buffers. Not while a command runs. */
  wipe(): void {
    this.chain.wipe();
  }

  /** When `step` is due, also after a call that came between two steps. */
  dueUs(): number {
    return this.link.deadlineUs;
  }

  step(nowUs: number): number {
    if (this.state === T1State.Down || this.state === T1State.Ready) return NEVER_US;
    const event = this.link.step(nowUs);
    this.noteLeft();
    switch (event) {
      case LinkEvent.Busy:
        break;
      case LinkEvent.Block:
        this.judge(nowUs);
        break;
      case LinkEvent.Invalid:
        this.recover(T1Fault.Invalid, nowUs);
        break;
      case LinkEvent.Silent:
        this.recover(T1Fault.Silent, nowUs);
        break;
      case LinkEvent.LineFault:
        this.endWith(T1Fault.Line);
        break;
    }
    return this.limit(nowUs);
  }

  /** Neither a long BWT nor a card that never falls silent outlasts the cap. Returns the next deadline. */
  private limit(nowUs: number): number {
    if (this.state === T1State.Down || this.state === T1State.Ready) return NEVER_US;
    if (nowUs < this.capUs) return earlierUs(this.link.deadlineUs, this.capUs);
    this.endWith(T1Fault.TooLong);
    return NEVER_US;
  }

  private prepare(nowUs: number): void {
    this.result = T1Result.None;
    this.fault = T1Fault.None;
    this.failures = 0;
    this.resynchs = 0;
    this.waitExtensions = 0;
    this.sendsLast = false;
    this.lastLeft = false;
    this.kind = CommandKind.Ordinary;
    this.capUs = nowUs + COMMAND_CAP_US;
  }

  private noteLeft(): void {
    if (this.sendsLast && this.link.hasLeft) this.lastLeft = true;
  }

  private judge(nowUs: number): void {
    const pcb = this.link.line.block[T1_PCB];
    switch (kindOf(pcb)) {
      case BlockKind.Information:
        this.acceptInformation(pcb, nowUs);
        break;
      case BlockKind.Receive:
        this.acceptReceive(pcb, nowUs);
        break;
      case BlockKind.Supervisory:
        this.acceptSupervisory(pcb, nowUs);
        break;
    }
  }

  /** Rules 2 and 5: an I-block acknowledges the whole command; its own chain is acknowledged by R-blocks. */
  private acceptInformation(pcb: number, nowUs: number): void {
    const chain = this.chain;
    const expected = this.state === T1State.Receiving || (this.state === T1State.Sending && chain.isLast());
    if (!expected || sequenceOf(pcb) !== chain.receiveNumber) {
      this.recover(T1Fault.Invalid, nowUs);
      return;
    }
    if (this.state === T1State.Sending) chain.acknowledge();
    this.state = T1State.Receiving;
    this.failures = 0;
    if (!chain.keep(this.link.line.block)) this.endWith(T1Fault.BadAnswer);
    else if ((pcb & T1_MORE) !== 0) this.sendReceive(RReason.Ok, nowUs);
    else this.finish();
  }

  private finish(): void {
    this.link.rest();
    if (this.chain.responseLength < 2) {
      this.endWith(T1Fault.BadAnswer);
      return;
    }
    this.state = T1State.Ready;
    this.result = T1Result.Done;
  }

  /** Rules 2.2 and 7: the next block of a chain, or the same once more. */
  private acceptReceive(pcb: number, nowUs: number): void {
    if (this.state === T1State.Aborting) {
      this.chain.sendNumber = sequenceOf(pcb);
      this.endWith(T1Fault.Aborted);
    } else if (this.state === T1State.Receiving) {
      if (this.hasFailedTooOften(T1Fault.Invalid, nowUs)) return;
      this.sendReceive(RReason.Ok, nowUs);
    } else if (this.state !== T1State.Sending) {
      this.recover(T1Fault.Invalid, nowUs);
    } else if (sequenceOf(pcb) === this.chain.sendNumber) {
      if (this.hasFailedTooOften(T1Fault.Invalid, nowUs)) return;
      this.sendInformation(nowUs);
    } else if (this.chain.isLast()) {
      this.recover(T1Fault.Invalid, nowUs);
    } else {
      this.chain.acknowledge();
      this.failures = 0;
      this.sendInformation(nowUs);
    }
  }

  private acceptSupervisory(pcb: number, nowUs: number): void {
    if (this.state === T1State.Negotiating) {
      const agreed = pcb === SBlock.IfsResponse && this.link.line.block[T1_INF] === T1_MAX_INF_BYTES;
      if (agreed) this.becomeReady();
      else this.recover(T1Fault.Invalid, nowUs);
    } else if (this.state === T1State.Resynching) {
      if (pcb === SBlock.ResynchResponse) this.beginAgain(nowUs);
      else this.recover(T1Fault.Invalid, nowUs);
    } else if (this.state === T1State.Sending || this.state === T1State.Receiving) {
      this.acceptRequest(pcb, nowUs);
    } else {
      this.recover(T1Fault.Invalid, nowUs);
    }
  }

  /** Rules 3, 4 and 9. S(RESYNCH) is not the card's to ask for (rule 6.1). */
  private acceptRequest(pcb: number, nowUs: number): void {
    const value = this.link.line.block[T1_INF];
    if (pcb === SBlock.Wtx) {
      this.waitLonger(value, nowUs);
    } else if (pcb === SBlock.Ifs) {
      this.chain.resize(value);
      this.sendValue(SBlock.IfsResponse, value, nowUs);
    } else if (pcb === SBlock.Abort) {
      this.state = T1State.Aborting;
      this.send(SBlock.AbortResponse, this.value, 0, nowUs);
    } else {
      this.recover(T1Fault.Invalid, nowUs);
    }
  }

  private waitLonger(factor: number, nowUs: number): void {
    if (nowUs + factor * this.link.blockWaitUs() > this.capUs) {
      this.endWith(T1Fault.TooLong);
      return;
    }
    this.waitExtensions++;
    this.value[0] = factor;
    this.compose(SBlock.WtxResponse, this.value, 0, 1);
    this.transmit(factor, nowUs);
  }

  private becomeReady(): void {
    this.link.rest();
    this.state = T1State.Ready;
  }

  /** After S(RESYNCH): numbers and sizes as after the ATR (rule 6.2, 6.3). */
  private beginAgain(nowUs: number): void {
    this.chain.resynchronise();
    this.failures = 0;
    this.state = T1State.Sending;
    this.sendInformation(nowUs);
  }

  /** No valid block came, or none that fits: rules 7.1 to 7.4. */
  private recover(cause: T1Fault, nowUs: number): void {
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

  private reason(cause: T1Fault): RReason {
    if (cause === T1Fault.Silent) return RReason.Other;
    const error = this.link.error;
    return error === T1Error.Parity || error === T1Error.BadEdc ? RReason.Redundancy : RReason.Other;
  }

  /** Counts a failed attempt. True when the limit was reached and the way out was taken. */
  private hasFailedTooOften(cause: T1Fault, nowUs: number): boolean {
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

  private resynchronise(nowUs: number): void {
    if (this.resynchs === ATTEMPTS) {
      this.endWith(T1Fault.NoResynch);
      return;
    }
    this.resynchs++;
    this.state = T1State.Resynching;
    this.send(SBlock.Resynch, this.value, 0, nowUs);
  }

  private sendInformation(nowUs: number): void {
    const chain = this.chain;
    this.compose(chain.pcb(), chain.command, chain.sent, chain.chunk);
    this.sendsLast = chain.isLast();
    this.transmit(1, nowUs);
  }

  private sendReceive(reason: RReason, nowUs: number): void {
    this.send(T1_R | (this.chain.receiveNumber << 4) | reason, this.value, 0, nowUs);
  }

  private sendValue(pcb: number, value: number, nowUs: number): void {
    this.value[0] = value;
    this.send(pcb, this.value, 1, nowUs);
  }

  private send(pcb: number, inf: ReadonlyBytes, length: number, nowUs: number): void {
    this.compose(pcb, inf, 0, length);
    this.transmit(1, nowUs);
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

  /** Ends command and protocol: the card needs a reset, but for an ordinary command that it aborted. Wipes the block. */
  private endWith(fault: T1Fault): void {
    const ran = this.state >= T1State.Sending;
    this.noteLeft();
    this.link.stop();
    if (ran) this.result = this.lastLeft ? T1Result.Undecided : T1Result.NotSent;
    if (this.state !== T1State.Down) this.fault = fault;
    const goesOn = fault === T1Fault.Aborted && this.kind === CommandKind.Ordinary;
    this.state = goesOn ? T1State.Ready : T1State.Down;
  }
}
