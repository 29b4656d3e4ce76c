/**
 * One PIN command typed by a person: PC_to_RDR_Secure, or a host's VERIFY that is replaced (design §7.3–7.6).
 *
 *   Idle --begin, unknown object----> Prompting --complete--> Sending --the card answers--> Done --takeResult--> Idle
 *     |                                ^      | 取消, time, removal, abort, new PINs differ  ^
 *     +--begin, known--> Prelude --ask-+      +--> nothing sent ----------------------------+
 *                           +--> refused, failed, aborted ----------------------------------+
 * One PIN command for each that was typed and confirmed (pin-prompt.ts), never begun again.
 */
import type { ReadonlyBytes } from "../../hal/bytes.ts";
import type { Key } from "../driver/keypad.ts";
import { CommandKind } from "../driver/t1-exchange.ts";
import { PinOperation, SECURE_OK, type SecureRequest } from "../protocol/secure-request.ts";
import { NEVER_US } from "../protocol/time.ts";
import type { CardContext } from "./card-context.ts";
import { SessionOutcome, SessionState, type CardSession } from "./card-session.ts";
import { keyOf, type KnownTries } from "./known-tries.ts";
import { answerPage, outcomeOf, pinAnswer, triesIn } from "./pin-answer.ts";
import { Outcome } from "./outcome.ts";
import { FIXED_DIGITS, hasFixedLength, PinAction, SHORTEST_PIN } from "./pin-objects.ts";
import { PinPrelude, PreludeResult } from "./pin-prelude.ts";
import { PinPrompt, type PromptParts, PromptState } from "./pin-prompt.ts";
import { PinTarget, TargetError } from "./pin-target.ts";
import { Page, PinName } from "./view.ts";

const enum Step {
  Idle = 0,
  /** The card is asked what it holds, for known objects only. */
  Prelude = 1,
  Prompting = 2,
  Sending = 3,
  Done = 4,
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
  /** The guard has said no; its page is shown. */
  Held = 7,
}

/** Who watches over the tries of a check; a PC/SC session has none. */
export interface PinGuard {
  /** Shown when it says no. */
  readonly page: Page;
  /** The card has told how many tries are left: whether the person is asked at all. */
  mayAsk(triesLeft: number, nowUs: number): boolean;
  /** The person has confirmed: whether the command for `object` is sent. What must stand before stands when it says yes. */
  maySend(object: PinName, nowUs: number): boolean;
  /** What became of a command that it let go. */
  ended(outcome: Outcome, nowUs: number): void;
}

/** bConfirmPIN in PC_to_RDR_Secure for modification (CCID rev 1.1, 6.1.12). */
const CONFIRM_AT = 19;

/** The parts that a PIN command needs, made once by the composition. */
export interface SecureParts extends PromptParts {
  readonly session: CardSession;
  readonly context: CardContext;
  readonly tries: KnownTries;
  /** Sealed images: nobody is asked for a PIN that the terminal cannot name. */
  readonly knownAlone: boolean;
}

export class SecureService {
  /** Of the command that begins next, until it has ended. */
  guard: PinGuard | undefined = undefined;
  /** Of commands that nobody has given one: a PC/SC program's. */
  usualGuard: PinGuard | undefined = undefined;
  /** The status word for the host, valid with `SecureResult.CardStatus`. */
  statusWord = 0;
  private state = Step.Idle;
  private outcome = SecureResult.None;
  private readonly target = new PinTarget();
  private readonly prelude: PinPrelude;
  private readonly prompt: PinPrompt;
  /** The host gave up before anybody was asked. */
  private isAborted = false;

  constructor(private readonly parts: SecureParts) {
    this.prelude = new PinPrelude(parts.session, this.target);
    this.prompt = new PinPrompt(parts, this.target, parts.session.command);
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
    if (this.parts.knownAlone && !this.target.isKnown()) return at + TargetError.Reference;
    const wrong = this.judge(request);
    if (wrong !== SECURE_OK) return wrong;
    const prepared = this.parts.block.prepare(request, message);
    if (prepared !== SECURE_OK) return prepared;
    this.prompt.prepare(request);
    this.outcome = SecureResult.None;
    this.isAborted = false;
    if (this.guard === undefined) this.guard = this.usualGuard;
    if (this.target.isKnown()) {
      this.state = Step.Prelude;
      this.prelude.begin(nowUs);
    } else this.ask(this.parts.tries.recall(this.objectKey()), nowUs);
    return SECURE_OK;
  }

  /** One key; returns whether it acted. */
  press(key: Key, nowUs: number): boolean {
    if (this.state !== Step.Prompting) return false;
    const hasActed = this.prompt.press(key, nowUs);
    this.followPrompt(nowUs);
    return hasActed;
  }

  /** The host gives up: nobody is asked any more. A command that is on the contact is waited for. */
  abort(): void {
    if (this.state === Step.Prompting) this.finish(SecureResult.Aborted, Page.Cancelled);
    else if (this.state === Step.Prelude) this.isAborted = true;
  }

  step(nowUs: number): number {
    // Pulled, however shortly, while nothing of a PIN had been sent.
    if (this.state === Step.Prompting && this.parts.session.state() !== SessionState.Ready) {
      this.finish(SecureResult.Mute, Page.Removed);
    }
    switch (this.state) {
      case Step.Idle:
      case Step.Done:
        return NEVER_US;
      case Step.Prelude:
        this.stepPrelude(nowUs);
        return this.state === Step.Prelude ? NEVER_US : nowUs;
      case Step.Prompting:
        return this.stepPrompt(nowUs);
      case Step.Sending:
        this.stepSending(nowUs);
        return this.isBusy() ? NEVER_US : nowUs;
    }
  }

  /** Lengths and the way of the change; the layout is the PIN block's to judge. */
  private judge(request: SecureRequest): number {
    const isFixed = hasFixedLength(this.target.name);
    if (request.minDigits < SHORTEST_PIN) return request.digitsAt;
    if (isFixed && (request.minDigits > FIXED_DIGITS || request.maxDigits < FIXED_DIGITS))
      return request.digitsAt;
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
        this.askGuarded(nowUs);
        break;
      case PreludeResult.Refused:
        this.finishStatus(this.prelude.statusWord, this.prelude.page);
        break;
      case PreludeResult.Failed:
        this.finishMute(Page.CardUnreadable);
        break;
    }
  }

  private askGuarded(nowUs: number): void {
    const guard = this.guard;
    const triesLeft = this.prelude.triesLeft;
    if (guard === undefined || guard.mayAsk(triesLeft, nowUs)) this.ask(triesLeft, nowUs);
    else this.finish(SecureResult.Held, guard.page);
  }

  private ask(triesLeft: number, nowUs: number): void {
    this.state = Step.Prompting;
    this.prompt.begin(triesLeft, nowUs);
  }

  private stepPrompt(nowUs: number): number {
    const deadlineUs = this.prompt.step(nowUs);
    this.followPrompt(nowUs);
    return this.state === Step.Prompting ? deadlineUs : nowUs;
  }

  /** Sends what the person confirmed, or ends as the person did. */
  private followPrompt(nowUs: number): void {
    switch (this.prompt.current()) {
      case PromptState.Idle:
      case PromptState.ConfirmLast:
      case PromptState.Old:
      case PromptState.New:
      case PromptState.Again:
        break;
      case PromptState.Complete:
        this.send(nowUs);
        break;
      case PromptState.Cancelled:
        this.finish(SecureResult.Cancelled, Page.Cancelled);
        break;
      case PromptState.TimedOut:
        this.finish(SecureResult.TimedOut, Page.TimedOut);
        break;
      case PromptState.Differed:
        this.finish(SecureResult.Mismatch, Page.ChangeDiffer);
        break;
    }
  }

  private send(nowUs: number): void {
    const guard = this.guard;
    if (guard !== undefined && !guard.maySend(this.target.name, nowUs)) {
      this.finish(SecureResult.Held, guard.page);
      return;
    }
    this.state = Step.Sending;
    this.parts.view.show(Page.Reading);
    this.parts.session.transmit(this.prompt.commandLength, CommandKind.Pin, nowUs);
  }

  private stepSending(nowUs: number): void {
    const outcome = this.parts.session.outcome();
    if (outcome === SessionOutcome.Busy) return;
    const guard = this.guard;
    if (guard !== undefined) guard.ended(this.judged(outcome), nowUs);
    if (outcome === SessionOutcome.Done) this.finishWith(this.parts.session.statusWord());
    else this.finishMute(outcome === SessionOutcome.Undecided ? Page.Unknown : Page.CardUnreadable);
  }

  private judged(outcome: SessionOutcome): Outcome {
    if (outcome === SessionOutcome.Done) return outcomeOf(pinAnswer(this.parts.session.statusWord()));
    if (outcome === SessionOutcome.Undecided) return Outcome.Unknown;
    return this.parts.session.isPresent() ? Outcome.CardError : Outcome.Removed;
  }

  /** The card did not answer; `page` tells why, unless it is gone and nothing was sent. */
  private finishMute(page: Page): void {
    this.parts.context.lose();
    const isGone = !this.parts.session.isPresent() && page !== Page.Unknown;
    this.finish(SecureResult.Mute, isGone ? Page.Removed : page);
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

  /** Every way out: nothing typed stays behind, neither in the entry nor in the command. */
  private finish(result: SecureResult, page: Page): void {
    this.prompt.stop();
    this.parts.session.wipe();
    this.state = Step.Done;
    this.guard = undefined;
    this.outcome = result;
    this.parts.view.confirmKey = page === Page.Wrong || page === Page.ChangeDiffer;
    this.parts.view.show(page);
  }
}
