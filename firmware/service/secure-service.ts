/**
 * One PIN command typed by a person: PC_to_RDR_Secure, or a host's VERIFY that is replaced (design §7.3–7.6).
 *
 *   Idle --begin--> Prelude (known objects only) --one try left--> ConfirmLast --確認--+
 *                      |                                                              v
 *        Sending <--確認-- Again <--確認-- New <--確認-- Old  (a VERIFY asks for New alone)
 *           |                 |differ        every entry: 取消, time, removal, abort → Done, nothing sent
 *           +----> Done <-----+              one PIN command for each confirmed entry, never begun again
 */
import type { ReadonlyBytes } from "../../hal/bytes.ts";
import { Key } from "../driver/keypad.ts";
import { CommandKind } from "../driver/t1-card.ts";
import type { PinBlock } from "../protocol/pin-block.ts";
import { PinOperation, SECURE_OK, type SecureRequest } from "../protocol/secure-request.ts";
import { earlierUs, NEVER_US } from "../protocol/time.ts";
import type { CardContext } from "./card-context.ts";
import { SessionOutcome, SessionState, type CardSession } from "./card-session.ts";
import { keyOf, type KnownTries } from "./known-tries.ts";
import { answerPage, pinAnswer, triesIn } from "./pin-answer.ts";
import { EntryState, FIRST_DIGIT_US, type PinEntry } from "./pin-entry.ts";
import { hasFixedLength, PinAction, SHORTEST_PIN } from "./pin-objects.ts";
import { PinPrelude, PreludeResult } from "./pin-prelude.ts";
import { PinTarget, TargetError } from "./pin-target.ts";
import { EntryPurpose, Page, PinName, type View } from "./view.ts";

const enum Step {
  Idle = 0,
  Prelude = 1,
  ConfirmLast = 2,
  Old = 3,
  New = 4,
  Again = 5,
  Sending = 6,
  Done = 7,
}

export const enum SecureResult {
  None = 0,
  /** `statusWord` is the card's. */
  CardStatus = 1,
  Cancelled = 2,
  TimedOut = 3,
  /** The two new PINs differ. */
  Mismatch = 4,
  Aborted = 5,
  /** The card is gone or does not answer. */
  Mute = 6,
}

/** bConfirmPIN in PC_to_RDR_Secure for modification (CCID rev 1.1, 6.1.12). */
const CONFIRM_AT = 19;
const DIGITS_ALL = 4;

/** The parts that a PIN command needs, made once by the composition. */
export interface SecureParts {
  readonly session: CardSession;
  readonly context: CardContext;
  readonly entry: PinEntry;
  readonly block: PinBlock;
  readonly view: View;
  readonly tries: KnownTries;
}

export class SecureService {
  /** The status word for the host, valid with `SecureResult.CardStatus`. */
  statusWord = 0;
  private state = Step.Idle;
  private outcome = SecureResult.None;
  private readonly target = new PinTarget();
  private readonly prelude: PinPrelude;
  private asksOld = false;
  private confirmsNew = false;
  private minimumDigits = DIGITS_ALL;
  private maximumDigits = DIGITS_ALL;
  private timeoutUs = 0;
  private commandLength = 0;
  /** The host gave up before anybody was asked. */
  private isAborted = false;
  private confirmDeadlineUs = NEVER_US;

  constructor(private readonly parts: SecureParts) {
    this.prelude = new PinPrelude(parts.session, this.target);
  }

  /** Whether a command is under way and the host waits. */
  isBusy(): boolean {
    return this.state !== Step.Idle && this.state !== Step.Done;
  }

  /** Takes the result, once. */
  takeResult(): SecureResult {
    const result = this.outcome;
    if (this.state === Step.Done) this.state = Step.Idle;
    this.outcome = SecureResult.None;
    return result;
  }

  /** Whether `header` (CLA INS P1 P2) is the VERIFY of an object that the terminal knows by name. */
  isKnown(header: number): boolean {
    const error = this.target.resolve(header, this.parts.context);
    return error === TargetError.None && this.target.isKnown() && this.target.action === PinAction.Verify;
  }

  /** Judges the request and begins. Returns SECURE_OK, or the offset in `message` of the field that is refused. */
  begin(request: SecureRequest, message: ReadonlyBytes, nowUs: number): number {
    const at = request.apduAt;
    const header = (message[at] << 24) | (message[at + 1] << 16) | (message[at + 2] << 8) | message[at + 3];
    const error = this.target.resolve(header, this.parts.context);
    if (error !== TargetError.None) {
      if (this.target.name === PinName.Signature) this.parts.view.show(Page.SignPin);
      return at + error;
    }
    const wrong = this.judge(request);
    if (wrong !== SECURE_OK) return wrong;
    const prepared = this.parts.block.prepare(request, message);
    if (prepared !== SECURE_OK) return prepared;
    this.asksOld = request.asksOld;
    this.confirmsNew = request.confirmsNew;
    this.timeoutUs = request.timeOutSeconds * 1000000;
    this.outcome = SecureResult.None;
    this.isAborted = false;
    if (this.target.isKnown()) {
      this.state = Step.Prelude;
      this.prelude.begin(nowUs);
    } else this.warnOrAsk(this.parts.tries.recall(this.objectKey()), nowUs);
    return SECURE_OK;
  }

  /** One key; returns whether it acted. */
  press(key: Key, nowUs: number): boolean {
    if (this.state !== Step.ConfirmLast) return this.parts.entry.press(key, nowUs);
    if (key === Key.Confirm) {
      this.ask(nowUs);
      return true;
    }
    if (key !== Key.Cancel) return false;
    this.finish(SecureResult.Cancelled, Page.Cancelled);
    return true;
  }

  /** The host gives up: nobody is asked any more. A command that is on the contact is waited for. */
  abort(): void {
    if (this.isEntering()) this.finish(SecureResult.Aborted, Page.Cancelled);
    else if (this.state === Step.Prelude) this.isAborted = true;
  }

  step(nowUs: number): number {
    // Pulled, however shortly, while nothing of a PIN had been sent.
    if (this.isEntering() && this.parts.session.state() !== SessionState.Ready) {
      this.finish(SecureResult.Mute, Page.Removed);
    }
    switch (this.state) {
      case Step.Idle:
      case Step.Done:
        return NEVER_US;
      case Step.Prelude:
        this.stepPrelude(nowUs);
        return this.state === Step.Prelude ? NEVER_US : nowUs;
      case Step.Sending:
        this.stepSending();
        return this.isBusy() ? NEVER_US : nowUs;
      case Step.ConfirmLast:
        if (nowUs < this.confirmDeadlineUs) return this.confirmDeadlineUs;
        this.finish(SecureResult.TimedOut, Page.TimedOut);
        return nowUs;
      case Step.Old:
      case Step.New:
      case Step.Again:
        return this.stepEntry(nowUs);
    }
  }

  private isEntering(): boolean {
    return this.state >= Step.ConfirmLast && this.state <= Step.Again;
  }

  /** Lengths and the way of the change; the layout is the PIN block's to judge. */
  private judge(request: SecureRequest): number {
    const isFixed = hasFixedLength(this.target.name);
    if (request.minDigits < SHORTEST_PIN) return request.digitsAt;
    if (isFixed && (request.minDigits > DIGITS_ALL || request.maxDigits < DIGITS_ALL))
      return request.digitsAt;
    this.minimumDigits = request.minDigits;
    this.maximumDigits = isFixed ? DIGITS_ALL : request.maxDigits;
    const isVerify = request.operation === PinOperation.Verify;
    if (isVerify !== (this.target.action === PinAction.Verify))
      return request.apduAt + TargetError.Instruction;
    if (!isVerify && request.asksOld !== (this.target.action === PinAction.ChangeOldNew)) return CONFIRM_AT;
    return SECURE_OK;
  }

  /** Which object of this insertion's card it is, known or not. */
  private objectKey(): number {
    this.parts.tries.follow(this.parts.session.insertion());
    return keyOf(this.parts.context.nameSum, this.target.reference);
  }

  private stepPrelude(nowUs: number): void {
    const result = this.prelude.step(nowUs);
    // An Abort waits for the end as well: the host finds its file selected again.
    if (this.isAborted && (result === PreludeResult.Ask || result === PreludeResult.Refused)) {
      this.finish(SecureResult.Aborted, Page.Cancelled);
      return;
    }
    switch (result) {
      case PreludeResult.Busy:
        break;
      case PreludeResult.Ask:
        this.warnOrAsk(this.prelude.triesLeft, nowUs);
        break;
      case PreludeResult.Refused:
        this.finishStatus(this.prelude.statusWord, this.prelude.page);
        break;
      case PreludeResult.Failed:
        this.finishMute(Page.CardUnreadable);
        break;
    }
  }

  private send(nowUs: number): void {
    this.state = Step.Sending;
    this.parts.view.show(Page.Reading);
    this.parts.session.transmit(this.commandLength, CommandKind.Pin, nowUs);
  }

  private stepSending(): void {
    const outcome = this.parts.session.outcome();
    if (outcome === SessionOutcome.Busy) return;
    if (outcome === SessionOutcome.Done) this.finishWith(this.parts.session.statusWord());
    else this.finishMute(outcome === SessionOutcome.Undecided ? Page.Unknown : Page.CardUnreadable);
  }

  /** The card did not answer; `page` tells why, unless it is gone and nothing was sent. */
  private finishMute(page: Page): void {
    this.parts.context.lose();
    const isGone = !this.parts.session.isPresent() && page !== Page.Unknown;
    this.finish(SecureResult.Mute, isGone ? Page.Removed : page);
  }

  private warnOrAsk(triesLeft: number, nowUs: number): void {
    // A new PIN alone cannot be wrong: only commands that carry the present one use tries.
    const usesTry = this.target.action !== PinAction.ChangeNew;
    if (triesLeft !== 1 || !usesTry) {
      this.ask(nowUs);
      return;
    }
    this.state = Step.ConfirmLast;
    this.confirmDeadlineUs = nowUs + (this.timeoutUs === 0 ? FIRST_DIGIT_US : this.timeoutUs);
    this.parts.view.showTries(Page.LastTry, triesLeft);
  }

  private ask(nowUs: number): void {
    this.enterEntry(this.asksOld ? Step.Old : Step.New, nowUs);
  }

  private enterEntry(next: Step, nowUs: number): void {
    this.state = next;
    const view = this.parts.view;
    view.pinName = this.target.name;
    view.purpose = this.purposeOf(next);
    view.minimumDigits = this.minimumDigits;
    view.maximumDigits = this.maximumDigits;
    view.digits = 0;
    view.show(Page.PinEntry);
    this.parts.entry.begin(this.timeoutUs, nowUs);
  }

  private purposeOf(step: Step): EntryPurpose {
    if (step === Step.Old) return EntryPurpose.ChangeOld;
    if (step === Step.Again) return EntryPurpose.ChangeAgain;
    return this.target.action === PinAction.Verify ? EntryPurpose.Verify : EntryPurpose.ChangeNew;
  }

  private stepEntry(nowUs: number): number {
    const deadlineUs = this.parts.entry.step(nowUs);
    switch (this.parts.entry.current()) {
      case EntryState.Idle:
      case EntryState.Typing:
        return deadlineUs;
      case EntryState.Confirmed:
        this.confirmed(nowUs);
        return earlierUs(nowUs, deadlineUs);
      case EntryState.Cancelled:
        this.finish(SecureResult.Cancelled, Page.Cancelled);
        return nowUs;
      case EntryState.TimedOut:
        this.finish(SecureResult.TimedOut, Page.TimedOut);
        return nowUs;
    }
  }

  /** Moves the digits to the one place they are sent from, and forgets them here. */
  private confirmed(nowUs: number): void {
    const entry = this.parts.entry;
    const block = this.parts.block;
    const command = this.parts.session.command;
    const count = entry.confirmedLength();
    if (this.state === Step.Again) {
      const same = block.matchesNew(entry.digits, count, command);
      entry.wipe();
      if (same) this.send(nowUs);
      else this.finish(SecureResult.Mismatch, Page.ChangeDiffer);
      return;
    }
    const isOld = this.state === Step.Old;
    this.commandLength = isOld
      ? block.placeOld(entry.digits, count, command)
      : block.placeNew(entry.digits, count, command);
    entry.wipe();
    if (isOld) this.enterEntry(Step.New, nowUs);
    else if (this.confirmsNew) this.enterEntry(Step.Again, nowUs);
    else this.send(nowUs);
  }

  /** The card has judged. */
  private finishWith(statusWord: number): void {
    this.parts.tries.note(this.objectKey(), triesIn(statusWord));
    const answer = pinAnswer(statusWord);
    const page = answerPage(answer, this.target.action === PinAction.Verify ? Page.Ok : Page.Changed);
    this.parts.view.triesLeft = triesIn(statusWord);
    this.finishStatus(statusWord, page);
  }

  private finishStatus(statusWord: number, page: Page): void {
    this.statusWord = statusWord;
    this.finish(SecureResult.CardStatus, page);
  }

  /** Every way out: nothing typed stays behind. */
  private finish(result: SecureResult, page: Page): void {
    this.parts.entry.wipe();
    this.parts.session.wipe();
    this.state = Step.Done;
    this.outcome = result;
    this.parts.view.confirmKey = page === Page.Wrong || page === Page.ChangeDiffer;
    this.parts.view.show(page);
  }
}
