/**
 * T=1 towards a card, as the interface device (ISO/IEC 7816-3:2006, clause 11; its rule numbers below are those of 11.6.3).
 *
 *   Down --begin--> Negotiating --IFS response--> Ready --start--> Sending --I-block--> Receiving --last I-block--> Ready
 *                       | 3 failures                                  +------+ failures +------+
 *                       v                                                    v (t1-exchange.ts)
 *                      Down <------------------------------------------ Resynching, or the end
 * A PIN command is never begun again: where an ordinary one would be resynchronised, it ends. R-blocks are allowed to it, for
 * a card that asks for a block by its number cannot have taken it, and one that repeats its answer does not run it twice.
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import type { Atr } from "../protocol/atr.ts";
import { BlockKind, kindOf, RReason, SBlock, sequenceOf } from "../protocol/t1-block.ts";
import { T1_INF, T1_MAX_INF_BYTES, T1_MORE, T1_PCB } from "../protocol/t1-block.ts";
import { NEVER_US } from "../protocol/time.ts";
import type { CardLine } from "./card-line.ts";
import type { T1Chain } from "./t1-chain.ts";
import { CommandKind, T1Exchange, T1Fault, T1Result, T1State } from "./t1-exchange.ts";
import { LinkEvent, type T1Link } from "./t1-link.ts";

export class T1Card {
  /** The caller writes the APDU here; PIN digits stand nowhere else but in the block that is just being sent. */
  readonly command: Bytes;
  readonly response: ReadonlyBytes;
  private readonly exchange: T1Exchange;
  private readonly chain: T1Chain;
  private readonly link: T1Link;

  constructor(natives: ByteNatives, line: CardLine) {
    this.exchange = new T1Exchange(natives, line);
    this.chain = this.exchange.chain;
    this.link = this.exchange.link;
    this.command = this.chain.command;
    this.response = this.chain.response;
  }

  current(): T1State {
    return this.exchange.state;
  }

  outcome(): T1Result {
    return this.exchange.result;
  }

  /** Why the last command or the negotiation ended without an answer. */
  fault(): T1Fault {
    return this.exchange.fault;
  }

  /** Starts the protocol after an ATR that offers T=1; the line is configured. Asks for the longest blocks (rule 4). */
  begin(atr: Atr, nowUs: number): void {
    this.link.configure(atr);
    this.chain.reset(atr.ifsc);
    this.exchange.prepare(CommandKind.Ordinary, nowUs);
    this.exchange.state = T1State.Negotiating;
    this.exchange.sendValue(SBlock.Ifs, T1_MAX_INF_BYTES, nowUs);
  }

  /** Sends `command[0…length-1]`, its first character at once when the line is free. Only in `Ready`. */
  start(length: number, kind: CommandKind, nowUs: number): void {
    this.exchange.prepare(kind, nowUs);
    this.chain.begin(length);
    this.exchange.state = T1State.Sending;
    this.exchange.sendInformation(nowUs);
  }

  /** The card is gone or will be powered down: ends a running command and forgets the protocol. */
  abandon(): void {
    this.exchange.endWith(T1Fault.Abandoned);
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
    const exchange = this.exchange;
    if (!exchange.isRunning()) return NEVER_US;
    const event = this.link.step(nowUs);
    exchange.noteLeft();
    switch (event) {
      case LinkEvent.Busy:
        break;
      case LinkEvent.Block:
        this.judge(nowUs);
        break;
      case LinkEvent.Invalid:
        exchange.recover(T1Fault.Invalid, nowUs);
        break;
      case LinkEvent.Silent:
        exchange.recover(T1Fault.Silent, nowUs);
        break;
      case LinkEvent.LineFault:
        exchange.endWith(T1Fault.Line);
        break;
    }
    return exchange.limit(nowUs);
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
    const exchange = this.exchange;
    const chain = this.chain;
    const expected =
      exchange.state === T1State.Receiving || (exchange.state === T1State.Sending && chain.isLast());
    if (!expected || sequenceOf(pcb) !== chain.receiveNumber) {
      exchange.recover(T1Fault.Invalid, nowUs);
      return;
    }
    if (exchange.state === T1State.Sending) chain.acknowledge();
    exchange.state = T1State.Receiving;
    exchange.progress();
    if (!chain.keep(this.link.line.block)) exchange.endWith(T1Fault.BadAnswer);
    else if ((pcb & T1_MORE) !== 0) exchange.sendReceive(RReason.Ok, nowUs);
    else this.finish();
  }

  private finish(): void {
    this.link.rest();
    if (this.chain.responseLength < 2) {
      this.exchange.endWith(T1Fault.BadAnswer);
      return;
    }
    this.exchange.state = T1State.Ready;
    this.exchange.result = T1Result.Done;
  }

  /** Rules 2.2 and 7: the next block of a chain, or the same once more. */
  private acceptReceive(pcb: number, nowUs: number): void {
    const exchange = this.exchange;
    if (exchange.state === T1State.Aborting) {
      this.chain.sendNumber = sequenceOf(pcb);
      exchange.endWith(T1Fault.Aborted);
    } else if (exchange.state === T1State.Receiving) {
      if (exchange.hasFailedTooOften(T1Fault.Invalid, nowUs)) return;
      exchange.sendReceive(RReason.Ok, nowUs);
    } else if (exchange.state !== T1State.Sending) {
      exchange.recover(T1Fault.Invalid, nowUs);
    } else if (sequenceOf(pcb) === this.chain.sendNumber) {
      if (exchange.hasFailedTooOften(T1Fault.Invalid, nowUs)) return;
      exchange.sendInformation(nowUs);
    } else if (this.chain.isLast()) {
      exchange.recover(T1Fault.Invalid, nowUs);
    } else {
      this.chain.acknowledge();
      exchange.progress();
      exchange.sendInformation(nowUs);
    }
  }

  private acceptSupervisory(pcb: number, nowUs: number): void {
    const exchange = this.exchange;
    if (exchange.state === T1State.Negotiating) {
      const agreed = pcb === SBlock.IfsResponse && this.link.line.block[T1_INF] === T1_MAX_INF_BYTES;
      if (agreed) this.becomeReady();
      else exchange.recover(T1Fault.Invalid, nowUs);
    } else if (exchange.state === T1State.Resynching) {
      if (pcb === SBlock.ResynchResponse) exchange.beginAgain(nowUs);
      else exchange.recover(T1Fault.Invalid, nowUs);
    } else if (exchange.state === T1State.Sending || exchange.state === T1State.Receiving) {
      this.acceptRequest(pcb, nowUs);
    } else {
      exchange.recover(T1Fault.Invalid, nowUs);
    }
  }

  /** Rules 3, 4 and 9. S(RESYNCH) is not the card's to ask for (rule 6.1). */
  private acceptRequest(pcb: number, nowUs: number): void {
    const value = this.link.line.block[T1_INF];
    if (pcb === SBlock.Wtx) {
      this.exchange.waitLonger(value, nowUs);
    } else if (pcb === SBlock.Ifs) {
      this.chain.resize(value);
      this.exchange.sendValue(SBlock.IfsResponse, value, nowUs);
    } else if (pcb === SBlock.Abort) {
      this.exchange.state = T1State.Aborting;
      this.exchange.sendBare(SBlock.AbortResponse, nowUs);
    } else {
      this.exchange.recover(T1Fault.Invalid, nowUs);
    }
  }

  private becomeReady(): void {
    this.link.rest();
    this.exchange.state = T1State.Ready;
  }
}
