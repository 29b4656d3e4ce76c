/**
 * The card's end of T=1 (ISO/IEC 7816-3:2006, clause 11) towards the host, ended inside the terminal: whole commands come
 * out, whole responses go in, and no block of the host reaches the card. Blocks come whole, one a CCID message, so there
 * are no timers; every block is answered, as the host waits for an answer to each message.
 *
 *   Idle --I, more--> Idle (chain open)      Busy --respond()--> Idle (more to send while the host acknowledges)
 *     |--last I--> Busy                      Secure --respond()--> Idle     --rollBack()--> Idle, nothing changed
 *     +--beginSecure()--> Secure             S(RESYNCH), S(ABORT) drop what is open in Idle; reset() from everywhere
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { COMMAND_MAX_BYTES, RESPONSE_MAX_BYTES } from "./command-apdu.ts";
import {
  BlockKind,
  RReason,
  SBlock,
  T1Error,
  T1_INF,
  T1_LEN,
  T1_MAX_BLOCK_BYTES,
  T1_MORE,
  T1_NAD,
  T1_PCB,
  T1_R,
  appendEdc,
  edcBytes,
  judgeBlock,
  judgePrologue,
  kindOf,
  sequenceOf,
} from "./t1-block.ts";

/** IFSD before the host has said otherwise (11.4.2). */
const IFSD_DEFAULT = 32;
/** N(S) in the PCB of an I-block, N(R) in that of an R-block (11.3.2.2). */
const I_SEQUENCE = 0x40;
const R_SEQUENCE = 0x10;

export const enum HostVerdict {
  /** `answer` goes to the host at once. */
  Respond = 1,
  /** A whole command stands in `command`; `respond` is awaited. */
  CommandComplete = 2,
  /**
   * A whole command ended that is longer than COMMAND_MAX_BYTES; `command` holds its beginning. The chain was
   * acknowledged to its end: after S(ABORT) (rule 9) libccid would send the rest as a new command. Respond 6700.
   */
  CommandTooLong = 3,
  /** A response is still owed; the block was not looked at. */
  Busy = 4,
}

export const enum SecureStart {
  Accepted = 0,
  /** A response is owed already. */
  Busy = 1,
  /** A chain is open, in whichever direction. */
  ChainOpen = 2,
  /** bTeoPrologue is not one I-block for NAD 0 without the more bit and with the expected N(S). */
  BadPrologue = 3,
}

const enum State {
  Idle,
  Busy,
  Secure,
}

export class T1Host {
  /** The host's command as far as it came; no PIN that is typed ever stands here. */
  readonly command: Bytes;
  commandLength = 0;
  readonly answer: Bytes;
  answerLength = 0;
  private readonly response: Bytes;
  private responseLength = 0;
  /** The part of the response that was sent last, until the host has it. */
  private sentFrom = 0;
  private sentLength = 0;
  private isInFlight = false;
  private isCommandOpen = false;
  private isTooLong = false;
  private state = State.Idle;
  private usesCrc = false;
  private ifsd = IFSD_DEFAULT;
  /** N(S) of the host's next and of our next I-block. */
  private hostSequence = 0;
  private ownSequence = 0;

  constructor(private readonly natives: ByteNatives) {
    this.command = natives.allocate(COMMAND_MAX_BYTES);
    this.answer = natives.allocate(T1_MAX_BLOCK_BYTES);
    this.response = natives.allocate(RESPONSE_MAX_BYTES);
  }

  /** At each power-on. `usesCrc` is what the ATR shown to the host asks for (first TC for T=1, 11.4.4). */
  reset(usesCrc: boolean): void {
    this.usesCrc = usesCrc;
    this.state = State.Idle;
    this.answerLength = 0;
    this.resynchronise();
  }

  /** Takes the data of one XfrBlock. */
  receive(block: ReadonlyBytes, length: number): HostVerdict {
    if (this.state !== State.Idle) return HostVerdict.Busy;
    const reason = this.judge(block, length);
    if (reason !== RReason.Ok) return this.reject(reason);
    switch (kindOf(block[T1_PCB])) {
      case BlockKind.Information:
        return this.receiveI(block);
      case BlockKind.Receive:
        return this.receiveR(block);
      case BlockKind.Supervisory:
        return this.receiveS(block);
    }
  }

  /** Whether a command is half received or a response half fetched. */
  isChaining(): boolean {
    return this.isCommandOpen || this.hasMore();
  }

  /**
   * Gives the response (up to RESPONSE_MAX_BYTES) to the owed command: its first block stands in `answer`. False, and
   * nothing done, when none is owed, because a reset came in between.
   */
  respond(response: ReadonlyBytes, length: number): boolean {
    if (this.state === State.Idle) return false;
    // The host has counted the I-block that its Secure stood for.
    if (this.state === State.Secure) this.hostSequence = this.hostSequence ^ 1;
    this.natives.copy(response, 0, this.response, 0, length);
    this.responseLength = length;
    this.sentFrom = 0;
    this.state = State.Idle;
    this.sendNext();
    return true;
  }

  /** Checks NAD and PCB of a Secure's bTeoPrologue; on `Accepted` that command is owed `respond` or `rollBack`. */
  beginSecure(nad: number, pcb: number): SecureStart {
    if (this.state !== State.Idle) return SecureStart.Busy;
    if (this.isChaining()) return SecureStart.ChainOpen;
    if (nad !== 0 || pcb !== this.hostSequence * I_SEQUENCE) return SecureStart.BadPrologue;
    this.state = State.Secure;
    return SecureStart.Accepted;
  }

  /**
   * The Secure is answered by a failed message or by two bare bytes. libccid (commands.c, SecurePINVerify) toggles ns and nr
   * when it sends the Secure and toggles both back for such an answer: nothing was sent, nothing counts.
   */
  rollBack(): void {
    if (this.state === State.Secure) this.state = State.Idle;
  }

  /** Forgets command and response, as their owner went away. */
  private dropChains(): void {
    this.commandLength = 0;
    this.isCommandOpen = false;
    this.isTooLong = false;
    this.isInFlight = false;
    this.responseLength = 0;
    this.sentFrom = 0;
    this.sentLength = 0;
  }

  /** Rule 6: both ends begin anew. */
  private resynchronise(): void {
    this.dropChains();
    this.hostSequence = 0;
    this.ownSequence = 0;
    this.ifsd = IFSD_DEFAULT;
  }

  private hasMore(): boolean {
    return this.isInFlight && this.sentFrom + this.sentLength < this.responseLength;
  }

  /** LEN must count what stands there: a second block behind the first is not read. */
  private judge(block: ReadonlyBytes, length: number): RReason {
    const besides = T1_INF + edcBytes(this.usesCrc);
    if (length < besides || block[T1_LEN] !== length - besides) return RReason.Other;
    if (judgePrologue(block) !== T1Error.None) return RReason.Other;
    const error = judgeBlock(block, edcBytes(this.usesCrc));
    if (error === T1Error.BadEdc) return RReason.Redundancy;
    return error === T1Error.None ? RReason.Ok : RReason.Other;
  }

  private receiveI(block: ReadonlyBytes): HostVerdict {
    const pcb = block[T1_PCB];
    // While our chain is open only an R-block can be right (rule 5).
    if (sequenceOf(pcb) !== this.hostSequence || this.hasMore()) return this.reject(RReason.Other);
    this.isInFlight = false;
    this.hostSequence = this.hostSequence ^ 1;
    this.append(block);
    this.isCommandOpen = (pcb & T1_MORE) !== 0;
    if (this.isCommandOpen) return this.reject(RReason.Ok);
    this.state = State.Busy;
    return this.isTooLong ? HostVerdict.CommandTooLong : HostVerdict.CommandComplete;
  }

  private append(block: ReadonlyBytes): void {
    if (!this.isCommandOpen) {
      this.commandLength = 0;
      this.isTooLong = false;
    }
    if (this.commandLength + block[T1_LEN] > COMMAND_MAX_BYTES) this.isTooLong = true;
    if (this.isTooLong) return;
    this.natives.copy(block, T1_INF, this.command, this.commandLength, block[T1_LEN]);
    this.commandLength = this.commandLength + block[T1_LEN];
  }

  private receiveR(block: ReadonlyBytes): HostVerdict {
    const wanted = sequenceOf(block[T1_PCB]);
    if (this.isInFlight) {
      if (wanted !== this.ownSequence) return this.sendPart(this.ownSequence ^ 1);
      if (!this.hasMore()) return this.reject(RReason.Other);
      this.sentFrom = this.sentFrom + this.sentLength;
      return this.sendNext();
    }
    // Nothing of ours waits for an acknowledgement: the host asks for the R- or S-block it did not get (rule 7).
    if (wanted !== this.ownSequence || this.answerLength === 0) return this.reject(RReason.Other);
    return HostVerdict.Respond;
  }

  /** S-requests of an interface device; a response to none of ours and S(WTX), the card's own, are wrong. */
  private receiveS(block: ReadonlyBytes): HostVerdict {
    const pcb = block[T1_PCB];
    if (pcb === SBlock.Ifs) {
      this.ifsd = block[T1_INF];
      this.answer[T1_INF] = this.ifsd;
      return this.send(SBlock.IfsResponse, 1);
    }
    if (pcb === SBlock.Resynch) {
      this.resynchronise();
      return this.send(SBlock.ResynchResponse, 0);
    }
    if (pcb !== SBlock.Abort) return this.reject(RReason.Other);
    this.dropChains();
    return this.send(SBlock.AbortResponse, 0);
  }

  /** An R-block that asks for the expected I-block; reason Ok acknowledges a block of a chain. */
  private reject(reason: RReason): HostVerdict {
    return this.send(T1_R | (this.hostSequence * R_SEQUENCE) | reason, 0);
  }

  private sendNext(): HostVerdict {
    const rest = this.responseLength - this.sentFrom;
    this.sentLength = rest > this.ifsd ? this.ifsd : rest;
    this.isInFlight = true;
    const sequence = this.ownSequence;
    this.ownSequence = sequence ^ 1;
    return this.sendPart(sequence);
  }

  private sendPart(sequence: number): HostVerdict {
    this.natives.copy(this.response, this.sentFrom, this.answer, T1_INF, this.sentLength);
    return this.send(sequence * I_SEQUENCE + (this.hasMore() ? T1_MORE : 0), this.sentLength);
  }

  /** Completes the block whose INF stands in `answer`. */
  private send(pcb: number, length: number): HostVerdict {
    this.answer[T1_NAD] = 0;
    this.answer[T1_PCB] = pcb;
    this.answer[T1_LEN] = length;
    this.answerLength = appendEdc(this.answer, T1_INF + length, edcBytes(this.usesCrc));
    return HostVerdict.Respond;
  }
}
