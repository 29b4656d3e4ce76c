/**
 * One card from its insertion to its removal: contacts, answer to reset, T=1, commands.
 *
 *   Off --powerOn--> Starting: reset > ATR > S(IFS) --> Ready --powerOff, removal, a command without answer--> Off
 *                       | silence or a bad ATR: one warm reset, then the next class when the choice is ours
 *                       +--> Mute | Unreadable | T0Only | Unsupported: contacts off, until powerOn or removal
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import type { CardUart } from "../../hal/card-uart.ts";
import type { Pins } from "../../hal/pins.ts";
import { AtrReceiver } from "../driver/atr-receiver.ts";
import { CardLine } from "../driver/card-line.ts";
import { CardSlot, SlotState, VoltageClass, type CardSlotWiring } from "../driver/card-slot.ts";
import { CardStart, StartState } from "../driver/card-start.ts";
import { T1Card } from "../driver/t1-card.ts";
import { type CommandKind, type T1Fault, T1Result, T1State } from "../driver/t1-exchange.ts";
import type { Atr, AtrError } from "../protocol/atr.ts";
import { earlierUs } from "../protocol/time.ts";

export const enum SessionState {
  /** Contacts off, with or without a card. */
  Off = 0,
  Starting = 1,
  /** T=1 is spoken; commands may be sent. */
  Ready = 2,
  /** No ATR at all: wrong way round, or no chip. */
  Mute = 3,
  /** The ATR was refused (`atrError`), T=1 did not start (`t1Fault`), or the slot shut down (`hasSlotFault`). */
  Unreadable = 4,
  T0Only = 5,
  /** A protocol, rate or class that is not ours. */
  Unsupported = 6,
  /** A service has read that the card is expired. */
  Expired = 7,
}

export const enum SessionOutcome {
  /** No command yet in this session. */
  None = 0,
  Busy = 1,
  /** The answer is in `response`. */
  Done = 2,
  /** Nothing of the command's last block left: the card cannot have carried it out. */
  NotSent = 3,
  /** The card may have carried it out. */
  Undecided = 4,
}

/** TA1 of 372 clocks per etu, the rate in force (7816-3, 8.3). */
const DEFAULT_RATE = 0x11;

export class CardSession {
  /** The caller writes the APDU here, then calls `transmit`. */
  readonly command: Bytes;
  readonly response: ReadonlyBytes;
  /** Of the last reset, valid in `Ready`; TS as 3B or 3F first. */
  readonly atr: Atr;
  private readonly slot: CardSlot;
  private readonly receiver: AtrReceiver;
  private readonly start: CardStart;
  private readonly line: CardLine;
  private readonly t1: T1Card;
  private current = SessionState.Off;
  private result = SessionOutcome.None;
  private lossLatched = false;

  constructor(natives: ByteNatives, pins: Pins, uart: CardUart, wiring: CardSlotWiring) {
    this.slot = new CardSlot(pins, wiring);
    this.line = new CardLine(natives, uart, wiring.clockHz);
    this.receiver = new AtrReceiver(natives, this.line);
    this.start = new CardStart(this.slot, this.receiver);
    this.t1 = new T1Card(natives, this.line);
    this.command = this.t1.command;
    this.response = this.t1.response;
    this.atr = this.receiver.atr;
  }

  state(): SessionState {
    return this.current;
  }

  /** A settled card is in the slot, powered or not. */
  isPresent(): boolean {
    return this.slot.isPresent();
  }

  /** Another number is another insertion; see `CardSlot.insertion`. */
  insertion(): number {
    return this.slot.insertion;
  }

  /** Whether the presence was lost since the last call, however shortly. */
  takeLoss(): boolean {
    const lost = this.lossLatched;
    this.lossLatched = false;
    return lost;
  }

  hasSlotFault(): boolean {
    return this.slot.hasFault();
  }

  /** Why the last ATR was refused. */
  atrError(): AtrError {
    return this.receiver.error;
  }

  /** Why T=1 or the last command ended without an answer. */
  t1Fault(): T1Fault {
    return this.t1.fault();
  }

  /** The class of the last activation. */
  suppliedClass(): VoltageClass {
    return this.start.voltageClass;
  }

  /** Cold reset, also of a card that is on. Without a card nothing happens. */
  powerOn(voltageClass: VoltageClass, nowUs: number): void {
    if (!this.slot.isPresent()) return;
    this.endCommand();
    this.result = SessionOutcome.None;
    this.start.cold(voltageClass, nowUs);
    this.current = SessionState.Starting;
  }

  /** Resets a card that is on without taking its supply away; one that is off gets a cold reset. */
  warmReset(nowUs: number): void {
    if (this.slot.current() !== SlotState.Running) {
      this.powerOn(VoltageClass.Automatic, nowUs);
      return;
    }
    this.endCommand();
    this.result = SessionOutcome.None;
    this.start.warm(nowUs);
    this.current = SessionState.Starting;
  }

  powerOff(nowUs: number): void {
    this.leave(SessionState.Off, nowUs);
  }

  /** A service has read that the card is expired: powers it down and says so until it is gone or powered again. */
  markExpired(nowUs: number): void {
    this.leave(SessionState.Expired, nowUs);
  }

  /**
   * Sends `command[0…length-1]`; its first character leaves during the call when the line is free. A PIN command is
   * never begun again. `outcome` is `Busy` at once, or `NotSent` when no card is ready.
   */
  transmit(length: number, kind: CommandKind, nowUs: number): void {
    if (this.current !== SessionState.Ready || this.t1.current() !== T1State.Ready) {
      this.result = SessionOutcome.NotSent;
      return;
    }
    this.result = SessionOutcome.Busy;
    this.t1.start(length, kind, nowUs);
    this.takeResult(nowUs);
  }

  outcome(): SessionOutcome {
    return this.result;
  }

  /** Valid bytes of `response`, two or more after `Done`. */
  responseLength(): number {
    return this.t1.responseLength();
  }

  /** SW1 SW2 of the answer after `Done`, else 0. */
  statusWord(): number {
    const length = this.t1.responseLength();
    if (this.result !== SessionOutcome.Done) return 0;
    return this.response[length - 2] * 256 + this.response[length - 1];
  }

  /** Zeroes command and response. A command under way is left alone. */
  wipe(): void {
    if (this.result !== SessionOutcome.Busy) this.t1.wipe();
  }

  /** When `step` is due after `powerOn`, `powerOff` or `transmit` were called since. */
  dueUs(): number {
    return earlierUs(this.slot.dueUs(), this.t1.dueUs());
  }

  /** Advances everything; returns the next deadline. */
  step(nowUs: number): number {
    let nextUs = this.slot.step(nowUs);
    if (this.slot.takeLoss()) {
      this.lossLatched = true;
      this.leave(SessionState.Off, nowUs);
    }
    if (this.current === SessionState.Starting) {
      nextUs = earlierUs(nextUs, this.stepStart(nowUs));
    } else if (this.current === SessionState.Ready) {
      nextUs = earlierUs(nextUs, this.t1.step(nowUs));
      this.takeResult(nowUs);
    } else {
      // The echo of a character that was on its way when the contacts went off may be a digit.
      this.line.discard();
      if (this.current === SessionState.Off && this.slot.isPresent() && this.slot.hasFault()) {
        this.current = SessionState.Unreadable;
      }
    }
    if (!this.slot.isPresent() && this.current !== SessionState.Off) this.leave(SessionState.Off, nowUs);
    return nextUs;
  }

  private stepStart(nowUs: number): number {
    const nextUs = this.start.step(nowUs);
    switch (this.start.current()) {
      case StartState.Idle:
        return this.stepNegotiation(nowUs);
      case StartState.Resetting:
      case StartState.Answering:
        return nextUs;
      case StartState.Answered:
        return this.judgeAtr(nowUs);
      case StartState.Mute:
        return this.leave(SessionState.Mute, nowUs);
      case StartState.Refused:
        return this.leave(SessionState.Unreadable, nowUs);
      case StartState.WrongClass:
        return this.leave(SessionState.Unsupported, nowUs);
    }
  }

  private judgeAtr(nowUs: number): number {
    this.start.stop();
    const verdict = this.protocolVerdict();
    if (verdict !== SessionState.Ready) return this.leave(verdict, nowUs);
    // TC1: N etu more than 12; 255 means 11 in T=1 (8.3, 11.2).
    const extraGuard = this.atr.extraGuard;
    this.line.configure(extraGuard === 255 ? 11 : 12 + extraGuard, this.receiver.convention);
    this.t1.begin(this.atr, nowUs);
    return this.stepNegotiation(nowUs);
  }

  private stepNegotiation(nowUs: number): number {
    const nextUs = this.t1.step(nowUs);
    if (this.t1.current() === T1State.Down) return this.leave(SessionState.Unreadable, nowUs);
    if (this.t1.current() === T1State.Ready) this.current = SessionState.Ready;
    return nextUs;
  }

  /** `Ready` when T=1 at 372 clocks is in force without negotiation. */
  private protocolVerdict(): SessionState {
    const atr = this.atr;
    const protocol = atr.negotiable ? atr.firstProtocol : atr.specificProtocol;
    if (protocol === 0 && (!atr.negotiable || !atr.offersT1)) return SessionState.T0Only;
    if (protocol !== 1) return SessionState.Unsupported;
    const isOtherRate = !atr.negotiable && (atr.implicitRate || atr.ta1 !== DEFAULT_RATE);
    return isOtherRate ? SessionState.Unsupported : SessionState.Ready;
  }

  private takeResult(nowUs: number): void {
    if (this.result === SessionOutcome.Busy) this.result = outcomeOf(this.t1.outcome());
    if (this.t1.current() === T1State.Down) this.leave(SessionState.Off, nowUs);
  }

  private endCommand(): void {
    this.t1.abandon();
    if (this.result === SessionOutcome.Busy) this.result = outcomeOf(this.t1.outcome());
  }

  /** Contacts off, whatever was going on is ended. Returns the deadline: now, for the slot was asked before us. */
  private leave(next: SessionState, nowUs: number): number {
    this.slot.powerOff(nowUs);
    this.endCommand();
    this.start.stop();
    this.current = next;
    return nowUs;
  }
}

function outcomeOf(result: T1Result): SessionOutcome {
  switch (result) {
    case T1Result.None:
      return SessionOutcome.Busy;
    case T1Result.Done:
      return SessionOutcome.Done;
    case T1Result.NotSent:
      return SessionOutcome.NotSent;
    case T1Result.Undecided:
      return SessionOutcome.Undecided;
  }
}
