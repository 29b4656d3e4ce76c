/**
 * Gets an answer to reset out of a card: reset, one warm reset when the answer is missing or bad, then the next class when
 * the choice is ours (ISO/IEC 7816-3:2006, 6.2.4).
 *
 *   Idle --cold--> Resetting --RST high--> Answering --> Answered
 *                   ^  ^                      +-- first failure: warm reset
 *                   |  +-- next class --------+-- second failure, or a class that the ATR does not name
 *                   +--warm                   +-- nothing left to try --> Mute | Refused | WrongClass
 */
import type { Atr } from "../protocol/atr.ts";
import { NEVER_US } from "../protocol/time.ts";
import { AtrReceiver, AtrState } from "./atr-receiver.ts";
import { SlotState, VoltageClass, type CardSlot } from "./card-slot.ts";

export const enum StartState {
  Idle = 0,
  Resetting = 1,
  Answering = 2,
  /** `receiver.atr` is whole and allows the class in use. */
  Answered = 3,
  Mute = 4,
  /** `receiver.error` says why. */
  Refused = 5,
  WrongClass = 6,
}

export class CardStart {
  /** The class of the last activation. */
  voltageClass = VoltageClass.C1V8;
  private state = StartState.Idle;
  private isAutomatic = false;
  private hasWarmed = false;

  constructor(
    private readonly slot: CardSlot,
    private readonly receiver: AtrReceiver,
  ) {}

  current(): StartState {
    return this.state;
  }

  /** Cold reset. `Automatic` begins with the lowest class. */
  cold(voltageClass: VoltageClass, nowUs: number): void {
    this.isAutomatic = voltageClass === VoltageClass.Automatic;
    this.activate(this.isAutomatic ? VoltageClass.C1V8 : voltageClass, nowUs);
  }

  /** Warm reset of a card that is on; no other is tried after it. */
  warm(nowUs: number): void {
    this.isAutomatic = false;
    this.resetWarm(nowUs);
  }

  stop(): void {
    this.receiver.stop();
    this.state = StartState.Idle;
  }

  /** Call it after the slot's step. Returns the next deadline of the receiver; the slot's own are its own. */
  step(nowUs: number): number {
    if (this.state === StartState.Resetting && this.slot.current() === SlotState.Running) {
      this.state = StartState.Answering;
      this.receiver.begin(nowUs);
    }
    return this.state === StartState.Answering ? this.stepAnswer(nowUs) : NEVER_US;
  }

  private stepAnswer(nowUs: number): number {
    const nextUs = this.receiver.step(nowUs);
    switch (this.receiver.current()) {
      case AtrState.Idle:
      case AtrState.WaitingForTs:
      case AtrState.Receiving:
        break;
      case AtrState.Whole:
        if (this.allowsClass(this.receiver.atr)) this.state = StartState.Answered;
        else this.tryNextClass(StartState.WrongClass, nowUs);
        break;
      case AtrState.Mute:
        this.tryAgain(StartState.Mute, nowUs);
        break;
      case AtrState.Refused:
        this.tryAgain(StartState.Refused, nowUs);
        break;
    }
    // A new reset makes a deadline of the slot, which was asked before us: look again at once.
    return this.state === StartState.Resetting ? nowUs : nextUs;
  }

  private tryAgain(verdict: StartState, nowUs: number): void {
    if (this.hasWarmed) this.tryNextClass(verdict, nowUs);
    else this.resetWarm(nowUs);
  }

  private tryNextClass(verdict: StartState, nowUs: number): void {
    if (!this.isAutomatic || this.voltageClass === VoltageClass.A5V) this.state = verdict;
    else this.activate(this.voltageClass === VoltageClass.C1V8 ? VoltageClass.B3V : VoltageClass.A5V, nowUs);
  }

  private activate(voltageClass: VoltageClass, nowUs: number): void {
    this.receiver.stop();
    this.voltageClass = voltageClass;
    this.hasWarmed = false;
    this.slot.powerOn(voltageClass, nowUs);
    this.state = StartState.Resetting;
  }

  private resetWarm(nowUs: number): void {
    this.receiver.stop();
    this.hasWarmed = true;
    this.slot.warmReset(nowUs);
    this.state = StartState.Resetting;
  }

  /** The class indicator, when there is one, must name the supply in use (6.2.4, 8.3). */
  private allowsClass(atr: Atr): boolean {
    const bits = atr.classByte & 7;
    // `VoltageClass` counts 5 V, 3 V, 1.8 V as 1, 2, 3; the indicator has them as bits 1, 2, 4.
    return bits === 0 || (bits & (1 << (this.voltageClass - 1))) !== 0;
  }
}
