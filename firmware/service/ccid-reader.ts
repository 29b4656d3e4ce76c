/**
 * The terminal as a CCID reader of one slot (USB CCID rev 1.1): judges each message of the host and answers it, at once or,
 * for what a card or a person takes time for, later.
 *
 *   Idle --IccPowerOn--> PoweringOn --> Idle
 *     |---XfrBlock that completes a command--> Transmitting --> Idle
 *     +---Secure, or a VERIFY that is replaced--> Securing --> Idle
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { VoltageClass } from "../driver/card-slot.ts";
import { Key } from "../driver/keypad.ts";
import { CcidError, CcidHeader, DATA_AT, decodeHeader, Request, SlotError } from "../protocol/ccid.ts";
import { LENGTH_AT, LEVEL_AT, MESSAGE_MAX_BYTES, SLOT_AT } from "../protocol/ccid.ts";
import { SECURE_OK } from "../protocol/secure-request.ts";
import { T1_PARAMETER_BYTES, T1_PROTOCOL, writeT1Parameters } from "../protocol/t1-parameters.ts";
import { earlierUs, NEVER_US } from "../protocol/time.ts";
import type { CardPages } from "./card-pages.ts";
import { PowerState, type CardPower } from "./card-power.ts";
import { SessionState, type CardSession } from "./card-session.ts";
import type { CcidAnswers } from "./ccid-answers.ts";
import { ESCAPE_UNKNOWN, type Escapes } from "./escapes.ts";
import { ExchangeState, type HostExchange } from "./host-exchange.ts";
import type { SecureMessages } from "./secure-messages.ts";
import type { SecureService } from "./secure-service.ts";

const enum Work {
  Idle = 0,
  PoweringOn = 1,
  Transmitting = 2,
  Securing = 3,
}

/** The parts around the reader, made once by the composition. */
export interface ReaderParts {
  readonly session: CardSession;
  readonly power: CardPower;
  readonly answers: CcidAnswers;
  readonly exchange: HostExchange;
  readonly secure: SecureService;
  readonly secureMessages: SecureMessages;
  readonly pages: CardPages;
  readonly escapes: Escapes;
}

/** The card is powered down after this long without XfrBlock or Secure (design §7, PC/SC session). */
const SESSION_IDLE_US = 60000000;

export class CcidReader {
  private work = Work.Idle;
  private idleUs = NEVER_US;
  /** Whoever asked for what is under way is gone. */
  private isOrphaned = false;
  private readonly header = new CcidHeader();
  /** The request that takes time; `header` may be another one meanwhile. */
  private readonly pending = new CcidHeader();
  private readonly block: Bytes;

  constructor(
    private readonly natives: ByteNatives,
    private readonly parts: ReaderParts,
  ) {
    this.block = natives.allocate(MESSAGE_MAX_BYTES - DATA_AT);
  }

  /** A message is under way that the host waits for. */
  isBusy(): boolean {
    return this.work !== Work.Idle;
  }

  /** A person is asked for something, or what was confirmed is on its way to the card. */
  isAsking(): boolean {
    return this.work === Work.Securing;
  }

  /** Nobody waits any more: nothing new goes to the card, and it is switched off; a PIN command on its contact is waited for. */
  abandon(nowUs: number): void {
    this.isOrphaned = true;
    if (this.work === Work.Securing) {
      this.parts.secure.abort();
      this.stepSecure(nowUs);
    } else this.endOrphan(nowUs);
  }

  /**
   * The emergency stop, as long as it holds: an entry is aborted, what else is under way fails, the card is switched off. To be called
   * while no answer waits.
   */
  stop(nowUs: number): void {
    if (this.work === Work.Securing) {
      this.parts.secure.abort();
      return;
    }
    if (this.work !== Work.Idle) this.parts.answers.fail(this.pending, SlotError.HardwareError);
    this.work = Work.Idle;
    if (this.parts.session.state() !== SessionState.Off) this.powerDown(nowUs);
  }

  /** Everything that `abandon` waits for has ended. */
  isFree(): boolean {
    return !this.isOrphaned;
  }

  /** Takes one whole message. Its answer is ready at once or after some steps. */
  request(message: ReadonlyBytes, length: number, nowUs: number): void {
    const error = decodeHeader(message, length, this.header);
    if (error === CcidError.TooShort) return;
    this.parts.answers.followCard();
    if (error === CcidError.LengthMismatch) this.fail(LENGTH_AT);
    else if (this.header.slot !== 0) this.fail(SLOT_AT);
    else if (this.work !== Work.Idle) this.whileBusy();
    else this.dispatch(message, length, nowUs);
  }

  /** One key; returns whether it acted. */
  press(key: Key, nowUs: number): boolean {
    if (this.work === Work.Securing) return this.parts.secure.press(key, nowUs);
    return key === Key.Confirm && this.parts.pages.dismiss();
  }

  step(nowUs: number): number {
    this.parts.answers.followCard();
    switch (this.work) {
      case Work.Idle:
        this.endIdleSession(nowUs);
        return earlierUs(this.parts.pages.step(nowUs), this.idleUs);
      case Work.PoweringOn:
        return this.stepPowerOn(nowUs);
      case Work.Transmitting:
        return this.stepTransmit(nowUs);
      case Work.Securing:
        return this.stepSecure(nowUs);
    }
  }

  /** A message while another is under way: nothing of it is looked at but Abort (6.1.13). */
  private whileBusy(): void {
    if (this.header.messageType !== Request.Abort) {
      this.fail(SlotError.CommandSlotBusy);
      return;
    }
    if (this.work === Work.Securing) this.parts.secure.abort();
    this.parts.answers.succeed(this.header, 0, 0);
  }

  /** The type is a number of the host's, so this is no switch over an enum; what CCID 1.1 does not have ends below. */
  private dispatch(message: ReadonlyBytes, length: number, nowUs: number): void {
    const messageType = this.header.messageType;
    if (messageType === Request.GetSlotStatus) this.slotStatus();
    else if (messageType === Request.IccPowerOn) this.powerOn(nowUs);
    else if (messageType === Request.IccPowerOff) this.powerOff(nowUs);
    else if (messageType === Request.XfrBlock) this.transfer(message, length, nowUs);
    else if (messageType === Request.Secure) this.secure(message, length, nowUs);
    else if (messageType === Request.SetParameters) this.setParameters();
    else if (messageType === Request.GetParameters || messageType === Request.ResetParameters)
      this.parameters();
    else if (messageType === Request.Escape) this.escape(message);
    else if (messageType === Request.Abort) this.parts.answers.succeed(this.header, 0, 0);
    else this.fail(SlotError.CommandNotSupported);
  }

  private slotStatus(): void {
    this.parts.answers.succeed(this.header, 0, 0);
    this.parts.answers.tellLoss();
  }

  private powerOn(nowUs: number): void {
    const select = this.header.specific;
    if (select > VoltageClass.C1V8) {
      this.fail(SlotError.BadPowerSelect);
      return;
    }
    if (!this.parts.answers.isUsable()) {
      this.fail(SlotError.IccMute);
      return;
    }
    this.parts.power.begin(select, nowUs);
    this.defer(Work.PoweringOn);
  }

  private stepPowerOn(nowUs: number): number {
    switch (this.parts.power.step(nowUs)) {
      case PowerState.Starting:
        return this.parts.pages.step(nowUs);
      case PowerState.Looking:
        // Nobody uses the card yet: no page says so.
        return NEVER_US;
      case PowerState.Ready:
        this.work = Work.Idle;
        this.parts.exchange.reset();
        this.idleUs = nowUs + SESSION_IDLE_US;
        this.parts.answers.sendBlock(this.pending, this.parts.session.atr.raw, this.parts.session.atr.length);
        return nowUs;
      case PowerState.Idle:
      case PowerState.Refused:
        this.work = Work.Idle;
        this.parts.answers.fail(this.pending, this.parts.power.error());
        return nowUs;
    }
  }

  private powerOff(nowUs: number): void {
    this.powerDown(nowUs);
    this.parts.answers.succeed(this.header, 0, 0);
  }

  private powerDown(nowUs: number): void {
    this.idleUs = NEVER_US;
    this.parts.session.powerOff(nowUs);
  }

  private endIdleSession(nowUs: number): void {
    if (nowUs >= this.idleUs) this.powerDown(nowUs);
  }

  private transfer(message: ReadonlyBytes, length: number, nowUs: number): void {
    if (!this.mayReachCard()) return;
    this.idleUs = nowUs + SESSION_IDLE_US;
    const blockLength = length - DATA_AT;
    this.natives.copy(message, DATA_AT, this.block, 0, blockLength);
    const state = this.parts.exchange.begin(this.block, blockLength, nowUs);
    switch (state) {
      case ExchangeState.Answered:
        this.sendBlock(this.header);
        break;
      case ExchangeState.Working:
        this.defer(Work.Transmitting);
        break;
      case ExchangeState.Replacing:
        if (this.parts.secureMessages.beginReplacement(nowUs)) this.defer(Work.Securing);
        else this.sendBlock(this.header);
        break;
      case ExchangeState.Failed:
        this.fail(SlotError.IccMute);
        break;
    }
  }

  private stepTransmit(nowUs: number): number {
    const state = this.parts.exchange.step();
    if (state === ExchangeState.Working) return this.parts.pages.step(nowUs);
    this.work = Work.Idle;
    this.idleUs = nowUs + SESSION_IDLE_US;
    if (state === ExchangeState.Failed) {
      this.parts.answers.fail(this.pending, SlotError.IccMute);
      return nowUs;
    }
    this.parts.pages.commandPassed();
    this.sendBlock(this.pending);
    return nowUs;
  }

  private secure(message: ReadonlyBytes, length: number, nowUs: number): void {
    if (!this.mayReachCard()) return;
    const wrong = this.parts.secureMessages.begin(message, length, nowUs);
    if (wrong === SECURE_OK) {
      this.defer(Work.Securing);
      return;
    }
    this.parts.pages.hold(nowUs);
    this.fail(wrong);
  }

  private stepSecure(nowUs: number): number {
    const nextUs = this.parts.secure.step(nowUs);
    if (this.parts.secure.isBusy()) return nextUs;
    this.work = Work.Idle;
    this.idleUs = nowUs + SESSION_IDLE_US;
    this.parts.pages.commandPassed();
    this.parts.pages.hold(nowUs);
    this.parts.secureMessages.answer(this.pending);
    if (this.isOrphaned) this.endOrphan(nowUs);
    return nowUs;
  }

  private endOrphan(nowUs: number): void {
    this.isOrphaned = false;
    this.work = Work.Idle;
    this.powerDown(nowUs);
    this.parts.answers.take();
  }

  /** Card commands need a powered card, and wLevelParameter 0 (6.1.4): the reader exchanges TPDUs. */
  private mayReachCard(): boolean {
    const isReady = this.parts.answers.isUsable() && this.parts.session.state() === SessionState.Ready;
    if (!isReady) this.fail(SlotError.IccMute);
    else if (this.header.specific2 !== 0 || this.header.specific3 !== 0) this.fail(LEVEL_AT);
    else return true;
    return false;
  }

  private setParameters(): void {
    if (this.header.specific !== T1_PROTOCOL) this.fail(SlotError.BadProtocol);
    else if (this.header.dataLength !== T1_PARAMETER_BYTES) this.fail(LENGTH_AT);
    else this.parameters();
  }

  /** The terminal negotiates with the card itself; the host's wishes are answered from the result (design §7.2). */
  private parameters(): void {
    if (!this.parts.answers.isUsable()) {
      this.fail(SlotError.IccMute);
      return;
    }
    writeT1Parameters(this.parts.session.atr, this.parts.answers.message, DATA_AT);
    this.parts.answers.succeed(this.header, T1_PARAMETER_BYTES, T1_PROTOCOL);
  }

  private escape(message: ReadonlyBytes): void {
    const answers = this.parts.answers;
    const length = this.parts.escapes.answer(message, this.header.dataLength, answers.message, DATA_AT);
    if (length === ESCAPE_UNKNOWN) this.fail(SlotError.CommandNotSupported);
    else answers.succeed(this.header, length, 0);
  }

  private fail(error: number): void {
    this.parts.answers.fail(this.header, error);
  }

  private sendBlock(request: CcidHeader): void {
    this.parts.answers.sendBlock(request, this.parts.exchange.answer(), this.parts.exchange.answerLength());
  }

  /** The request just read waits for a card or a person. */
  private defer(work: Work): void {
    this.work = work;
    this.pending.messageType = this.header.messageType;
    this.pending.slot = this.header.slot;
    this.pending.sequence = this.header.sequence;
  }
}
