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
import { AtrReceiver, AtrState } from "../driver/atr-receiver.ts";
import { CardLine } from "../driver/card-line.ts";
import { CardSlot, SlotState, VoltageClass, type CardSlotWiring } from "../driver/card-slot.ts";
import { T1Card, T1Result, T1State, type T1Fault } from "../driver/t1-card.ts";
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

const enum Phase {
  Resetting = 0,
  Answering = 1,
  Negotiating = 2,
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
  private readonly line: CardLine;
  private readonly t1: T1Card;
  private current = SessionState.Off;
  private phase = Phase.Resetting;
  private result = SessionOutcome.None;
  private isAutomatic = false;
  private voltageClass = VoltageClass.C1V8;
  private hasWarmed = false;
  private lossLatched = false;

  constructor(natives: ByteNatives, pins: Pins, uart: CardUart, wiring: CardSlotWiring) {
    this.slot = new CardSlot(pins, wiring);
    this.line = new CardLine(natives, uart, wiring.clockHz);
    this.receiver = new AtrReceiver(natives, this.line);
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
    return this.t1.fault;
  }

  /** The class of the last activation. */
  suppliedClass(): VoltageClass {
    return this.voltageClass;
  }

  /** S(WTX) requests of the running command so far. */
  waitExtensions(): number {
    return this.t1.waitExtensions;
  }

  /** Cold reset, also of a card that is on. Without a card nothing happens. */
  powerOn(voltageClass: VoltageClass, nowUs: number): void {
    if (!this.slot.isPresent()) return;
    this.endCommand();
    this.result = SessionOutcome.None;
    this.isAutomatic = voltageClass === VoltageClass.Automatic;
    this.startAt(this.isAutomatic ? VoltageClass.C1V8 : voltageClass, nowUs);
  }

  /** Resets a card that is on without taking its supply away; one that is off gets a cold reset. */
  warmReset(nowUs: number): void {
    if (this.slot.current() !== SlotState.Running) {
      this.powerOn(VoltageClass.Automatic, nowUs);
      return;
    }
    this.endCommand();
    this.result = SessionOutcome.None;
    this.isAutomatic = false;
    this.resetWarm(nowUs);
  }

  powerOff(nowUs: number): void {
    this.leave(SessionState.Off, nowUs);
  }

  /** A service has read that the card is expired: powers it down and says so until it is gone or powered again. */
  markExpired(nowUs: number): void {
    this.leave(SessionState.Expired, nowUs);
  }

  /**
   * Sends `command[0…length-1]`; its first character leaves during the call when the line is free. `isPin`: the command is
   * never begun again. `outcome` is `Busy` at once, or `NotSent` when no card is ready.
   */
  transmit(length: number, isPin: boolean, nowUs: number): void {
    if (this.current !== SessionState.Ready || this.t1.current() !== T1State.Ready) {
      this.result = SessionOutcome.NotSent;
      return;
    }
    this.result = SessionOutcome.Busy;
    this.t1.start(length, isPin, nowUs);
    this.takeResult(nowUs);
  }

  outcome(): SessionOutcome {
    return this.result;
  }

  /** Valid bytes of `response`, two or more after `Done`. */
  responseLength(): number {
    return this.t1.responseLength;
  }

  /** SW1 SW2 of the answer after `Done`, else 0. */
  statusWord(): number {
    const length = this.t1.responseLength;
    if (this.result !== SessionOutcome.Done) return 0;
    return this.response[length - 2] * 256 + this.response[length - 1];
  }

  /** Zeroes command and response. A command under way is left alone. */
  wipe(): void {
    if (this.result !== SessionOutcome.Busy) this.t1.wipe();
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
    } else if (this.current === SessionState.Off && this.slot.isPresent() && this.slot.hasFault()) {
      this.current = SessionState.Unreadable;
    }
    if (!this.slot.isPresent() && this.current !== SessionState.Off) this.leave(SessionState.Off, nowUs);
    return nextUs;
  }

  private startAt(voltageClass: VoltageClass, nowUs: number): void {
    this.receiver.stop();
    this.voltageClass = voltageClass;
    this.hasWarmed = false;
    this.slot.powerOn(voltageClass, nowUs);
    this.current = SessionState.Starting;
    this.phase = Phase.Resetting;
  }

  private resetWarm(nowUs: number): void {
    this.hasWarmed = true;
    this.slot.warmReset(nowUs);
    this.current = SessionState.Starting;
    this.phase = Phase.Resetting;
  }

  private stepStart(nowUs: number): number {
    if (this.phase === Phase.Resetting) {
      if (this.slot.current() !== SlotState.Running) return this.slot.step(nowUs);
      this.phase = Phase.Answering;
      this.receiver.begin(nowUs);
    }
    if (this.phase === Phase.Answering) return this.stepAnswer(nowUs);
    const nextUs = this.t1.step(nowUs);
    if (this.t1.current() === T1State.Ready) this.current = SessionState.Ready;
    else if (this.t1.current() === T1State.Down) this.leave(SessionState.Unreadable, nowUs);
    return nextUs;
  }

  private stepAnswer(nowUs: number): number {
    const nextUs = this.receiver.step(nowUs);
    switch (this.receiver.current()) {
      case AtrState.Idle:
      case AtrState.WaitingForTs:
      case AtrState.Receiving:
        return nextUs;
      case AtrState.Whole:
        return this.judgeAtr(nowUs);
      case AtrState.Mute:
        return this.tryAgain(SessionState.Mute, nowUs);
      case AtrState.Refused:
        return this.tryAgain(SessionState.Unreadable, nowUs);
    }
  }

  /** After silence or a bad ATR: one warm reset, then the next class, then `verdict`. */
  private tryAgain(verdict: SessionState, nowUs: number): number {
    if (!this.hasWarmed) this.resetWarm(nowUs);
    else if (!this.tryNextClass(nowUs)) this.leave(verdict, nowUs);
    return this.slot.step(nowUs);
  }

  /** From the lowest voltage up (7816-3, 6.2.4). */
  private tryNextClass(nowUs: number): boolean {
    if (!this.isAutomatic || this.voltageClass === VoltageClass.A5V) return false;
    this.startAt(this.voltageClass === VoltageClass.C1V8 ? VoltageClass.B3V : VoltageClass.A5V, nowUs);
    return true;
  }

  private judgeAtr(nowUs: number): number {
    if (!this.allowsClass()) {
      if (!this.tryNextClass(nowUs)) this.leave(SessionState.Unsupported, nowUs);
      return this.slot.step(nowUs);
    }
    const verdict = this.protocolVerdict();
    if (verdict !== SessionState.Ready) {
      this.leave(verdict, nowUs);
      return this.slot.step(nowUs);
    }
    // TC1: N etu more than 12; 255 means 11 in T=1 (8.3, 11.2).
    const extraGuard = this.atr.extraGuard;
    this.line.configure(extraGuard === 255 ? 11 : 12 + extraGuard, this.receiver.convention);
    this.phase = Phase.Negotiating;
    this.t1.begin(this.atr, nowUs);
    return this.t1.step(nowUs);
  }

  /** The class indicator, when there is one, must name the supply in use (6.2.4, 8.3). */
  private allowsClass(): boolean {
    const bits = this.atr.classByte & 7;
    // CCID counts 5 V, 3 V, 1.8 V as 1, 2, 3; the indicator has them as bits 1, 2, 4.
    return bits === 0 || (bits & (1 << (this.voltageClass - 1))) !== 0;
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

  /** Contacts off, whatever was going on is ended. */
  private leave(next: SessionState, nowUs: number): void {
    this.slot.powerOff(nowUs);
    this.endCommand();
    this.receiver.stop();
    this.current = next;
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
