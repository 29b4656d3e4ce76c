/**
 * One block out, one block in, with the times of T=1 (ISO/IEC 7816-3:2006, 11.3 and 11.4.3).
 *
 *   Idle --transmit--> Turning --22 etu--> Sending --echoed--> Waiting --first character--> Receiving --LEN reached--> Idle
 *                                                     | BWT: Silent              | wrong: Draining --CWT of silence--> Idle
 * The block stands in the line's one buffer. A block that came wrong is waited out, for its LEN may be what is wrong.
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import type { Atr } from "../protocol/atr.ts";
import { appendEdc, edcBytes, judgeBlock, judgePrologue } from "../protocol/t1-block.ts";
import { T1Error, T1_INF, T1_LEN, T1_NAD, T1_PCB } from "../protocol/t1-block.ts";
import { NEVER_US } from "../protocol/time.ts";
import { ARRIVAL_ETU, EchoState, type CardLine } from "./card-line.ts";

/** Block guard time (11.4.3). */
const BLOCK_GUARD_ETU = 22;
/** What a terminal waits beyond CWT and BWT (EMV Book 1, 9.2.4.2.2). */
const CWT_MARGIN_ETU = 4;
const BWT_MARGIN_ETU = 960;
/** Clocks of one BWT unit: 2^BWI × 960 × 372 (11.4.3). */
const BWT_UNIT_CLOCKS = 357120;
/** A garbled block is the card's to ask for again; a line that garbles this many in a row is held or shorted. */
const MISMATCHES = 3;

export const enum LinkEvent {
  /** Nothing to report before `deadlineUs`. */
  Busy = 0,
  /** A valid block stands in `line.block`. */
  Block = 1,
  /** A block came and is invalid: `error`. */
  Invalid = 2,
  /** No block within BWT. */
  Silent = 3,
  /** Our own characters did not come back, or came back wrong in three blocks running. */
  LineFault = 4,
}

const enum LinkState {
  Idle = 0,
  Turning = 1,
  Sending = 2,
  Waiting = 3,
  Receiving = 4,
  Draining = 5,
}

const MOST_EDC_BYTES = 2;

export class T1Link {
  deadlineUs = NEVER_US;
  error = T1Error.None;
  /** The first character of the composed block has left. */
  hasLeft = false;
  private state = LinkState.Idle;
  private epilogueBytes = 1;
  private cwtUs = 0;
  private bwtUs = 0;
  private waitFactor = 1;
  private length = 0;
  private mismatches = 0;
  private readonly zeros: Bytes;

  constructor(
    private readonly natives: ByteNatives,
    readonly line: CardLine,
  ) {
    this.zeros = natives.allocate(T1_INF + MOST_EDC_BYTES);
  }

  /** Takes the times and the epilogue that the card asks for. */
  configure(atr: Atr): void {
    this.epilogueBytes = edcBytes(atr.usesCrc);
    this.cwtUs = this.line.usOfEtu(11 + (1 << atr.cwi));
    this.bwtUs = this.line.usOfEtu(11) + this.line.usOfClocks(BWT_UNIT_CLOCKS * (1 << atr.bwi));
    this.mismatches = 0;
    this.state = LinkState.Idle;
  }

  /** Block waiting time without extension. */
  blockWaitUs(): number {
    return this.bwtUs;
  }

  /** Builds the block `pcb` with `inf[from…from+length-1]`. Nothing is sent yet. */
  compose(pcb: number, inf: ReadonlyBytes, from: number, length: number): void {
    const block = this.line.block;
    block[T1_NAD] = 0;
    block[T1_PCB] = pcb;
    block[T1_LEN] = length;
    this.natives.copy(inf, from, block, T1_INF, length);
    this.length = appendEdc(block, T1_INF + length, this.epilogueBytes);
    // A script's engine forgets its intermediate values when others take their place (measured: Lua on the reference board).
    appendEdc(this.zeros, T1_INF, this.epilogueBytes);
    this.natives.wipe(this.zeros);
    this.hasLeft = false;
  }

  /** Sends what was composed, at once when the block guard time is over. The answer may take `waitFactor` × BWT. */
  transmit(waitFactor: number, nowUs: number): void {
    this.waitFactor = waitFactor;
    this.state = LinkState.Turning;
    this.deadlineUs = this.line.lastEdgeUs + this.line.usOfEtu(BLOCK_GUARD_ETU);
    this.leaveWhenDue(nowUs);
  }

  /** The word is ours and nothing is under way: forgets the last block. */
  rest(): void {
    this.state = LinkState.Idle;
    this.natives.wipe(this.line.block);
  }

  /** Ends everything; nothing of a block stays in memory, nor unsent in the UART. */
  stop(): void {
    this.state = LinkState.Idle;
    this.deadlineUs = NEVER_US;
    this.line.stop();
  }

  step(nowUs: number): LinkEvent {
    switch (this.state) {
      case LinkState.Idle:
        return LinkEvent.Busy;
      case LinkState.Turning:
        this.leaveWhenDue(nowUs);
        return LinkEvent.Busy;
      case LinkState.Sending:
        return this.awaitEcho(nowUs);
      case LinkState.Waiting:
      case LinkState.Receiving:
      case LinkState.Draining:
        return this.receive(nowUs);
    }
  }

  private leaveWhenDue(nowUs: number): void {
    if (nowUs < this.deadlineUs) return;
    this.line.send(this.length, nowUs);
    this.hasLeft = true;
    this.state = LinkState.Sending;
    this.deadlineUs = this.line.echoDeadlineUs();
  }

  private awaitEcho(nowUs: number): LinkEvent {
    switch (this.line.echo(nowUs)) {
      case EchoState.Sending:
        return LinkEvent.Busy;
      case EchoState.Silent:
        return this.end(LinkEvent.LineFault);
      case EchoState.Mismatched:
        this.mismatches++;
        return this.mismatches === MISMATCHES ? this.end(LinkEvent.LineFault) : this.listen(nowUs);
      case EchoState.Echoed:
        this.mismatches = 0;
        return this.listen(nowUs);
    }
  }

  private listen(nowUs: number): LinkEvent {
    this.state = LinkState.Waiting;
    this.length = 0;
    this.error = T1Error.None;
    this.waitFor(this.bwtUs * this.waitFactor, BWT_MARGIN_ETU);
    return this.receive(nowUs);
  }

  /** The next leading edge may come `afterUs` and the margin after the last. */
  private waitFor(afterUs: number, marginEtu: number): void {
    this.deadlineUs = this.line.lastEdgeUs + afterUs + this.line.usOfEtu(marginEtu + ARRIVAL_ETU);
  }

  private receive(nowUs: number): LinkEvent {
    while (this.line.take()) {
      this.accept(this.line.value);
      this.waitFor(this.cwtUs, CWT_MARGIN_ETU);
      if (this.isWhole()) return this.judge();
    }
    if (nowUs < this.deadlineUs) return LinkEvent.Busy;
    if (this.state === LinkState.Waiting) return this.end(LinkEvent.Silent);
    if (this.state === LinkState.Receiving) this.error = T1Error.Incomplete;
    return this.end(LinkEvent.Invalid);
  }

  private accept(value: number): void {
    if (this.state === LinkState.Waiting) this.state = LinkState.Receiving;
    if (this.state === LinkState.Draining) return;
    this.line.block[this.length] = value;
    this.length++;
    if (this.line.hasError) this.drain(T1Error.Parity);
    else if (this.length === T1_INF) this.drain(judgePrologue(this.line.block));
  }

  private drain(error: T1Error): void {
    if (error === T1Error.None) return;
    this.error = error;
    this.state = LinkState.Draining;
  }

  private isWhole(): boolean {
    if (this.state !== LinkState.Receiving || this.length < T1_INF) return false;
    return this.length === T1_INF + this.line.block[T1_LEN] + this.epilogueBytes;
  }

  private judge(): LinkEvent {
    this.error = judgeBlock(this.line.block, this.epilogueBytes);
    if (this.error === T1Error.None) return this.end(LinkEvent.Block);
    this.state = LinkState.Draining;
    return LinkEvent.Busy;
  }

  private end(event: LinkEvent): LinkEvent {
    this.state = LinkState.Idle;
    this.deadlineUs = NEVER_US;
    return event;
  }
}
