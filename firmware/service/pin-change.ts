/**
 * The resident changes the one PIN that a 個人番号カード has in two applications (design §8). Both counters are asked first and both
 * copies proved by the old PIN before either changes. A card forgets a verified PIN when another application is selected, so the
 * 住基AP gets its right PIN a second time; no command that failed or got lost is sent again.
 *
 *   Counting 共通, 住基 --> Prompting --ATTEMPT stands--> VERIFY 住基 --> 共通: VERIFY --CHANGE_PARTIAL stands--> CHANGE
 *                                                            Done <-- CHANGE <-- VERIFY :住基 <--------------------+
 *   Before CHANGE_PARTIAL stands every failure leaves the card as it was, after it every one is CHANGE_PARTIAL. The 共通AP is the
 *   first to change: until the last command the PIN that checks ask for is the old one, and the resident knows that one.
 *   To finish such a card (`isFinish`) the 共通AP is proved by the new PIN and left alone.
 */
import type { ByteNatives } from "../../hal/bytes.ts";
import type { Key } from "../driver/keypad.ts";
import { CommandKind } from "../driver/t1-exchange.ts";
import { NEVER_US } from "../protocol/time.ts";
import type { CardContext } from "./card-context.ts";
import { SessionOutcome, SessionState, type CardSession } from "./card-session.ts";
import { ChangePin, ChangePrompt, ChangePromptState } from "./change-prompt.ts";
import { FULL_TRIES, judgementPage, type AttemptMemory, type Proof } from "./check-proof.ts";
import type { CheckRequest } from "./check-request.ts";
import { Judgement, Settlement } from "./ledger.ts";
import { Outcome } from "./outcome.ts";
import { PinAnswer, pinAnswer, triesIn } from "./pin-answer.ts";
import type { PinEntry } from "./pin-entry.ts";
import { Application, JUKI_PIN } from "./pin-objects.ts";
import { PinPrelude, PreludeResult } from "./pin-prelude.ts";
import { PinTarget } from "./pin-target.ts";
import { Page, PinName, TRIES_UNKNOWN, type View } from "./view.ts";

export interface ChangeParts {
  readonly session: CardSession;
  readonly context: CardContext;
  readonly entry: PinEntry;
  readonly memory: AttemptMemory;
  readonly view: View;
}

/** In the order in which they come; those that select an application have a step of `PinPrelude` each. */
const enum Step {
  Idle = 0,
  CountCommon = 1,
  CountJuki = 2,
  Prompting = 3,
  VerifyJuki = 4,
  SelectCommon = 5,
  VerifyCommon = 6,
  ChangeCommon = 7,
  SelectJuki = 8,
  VerifyAgain = 9,
  ChangeJuki = 10,
  Done = 11,
}

/** A change is from full counters only; to finish one, a wrong entry at the 共通AP is no reason to leave the card as it is. */
const TRIES_TO_FINISH = 2;
/** VERIFY of the current file, and CHANGE KEY of JICSAP, which takes the new PIN alone. */
const VERIFY = 0x00200080;
const CHANGE_KEY = 0x80320080;
const DIGITS_AT = 5;

export class PinChange implements Proof {
  outcome = Outcome.Unknown;
  isAttempted = false;
  settlement = Settlement.Undecided;
  triesLeft = TRIES_UNKNOWN;
  object = PinName.Juki;
  page = Page.Unknown;
  private current = Step.Idle;
  private isFinish = false;
  /** CHANGE_PARTIAL stands in the memory. */
  private isPartial = false;
  private isAborted = false;
  private readonly target = new PinTarget();
  private readonly prelude: PinPrelude;
  private readonly prompt: ChangePrompt;

  constructor(
    natives: ByteNatives,
    private readonly parts: ChangeParts,
  ) {
    this.prelude = new PinPrelude(parts.session, this.target);
    this.prompt = new ChangePrompt(natives, parts.entry, parts.view);
  }

  begin(request: CheckRequest, nowUs: number): void {
    this.prompt.prepare(request);
    this.isFinish = request.isFinish;
    this.isAttempted = false;
    this.isPartial = false;
    this.isAborted = false;
    this.settlement = Settlement.Undecided;
    this.triesLeft = TRIES_UNKNOWN;
    this.parts.memory.look();
    this.select(Step.CountCommon, nowUs);
  }

  press(key: Key, nowUs: number): boolean {
    return this.current === Step.Prompting && this.prompt.press(key, nowUs);
  }

  abort(): void {
    if (this.current === Step.Prompting) this.finish(Outcome.Cancelled, Page.Cancelled);
    else this.isAborted = true;
  }

  isDone(): boolean {
    return this.current === Step.Done;
  }

  step(nowUs: number): number {
    switch (this.current) {
      case Step.Idle:
      case Step.Done:
        return NEVER_US;
      case Step.CountCommon:
      case Step.CountJuki:
      case Step.SelectCommon:
      case Step.SelectJuki:
        return this.stepPrelude(nowUs);
      case Step.Prompting:
        return this.stepPrompt(nowUs);
      case Step.VerifyJuki:
      case Step.VerifyCommon:
      case Step.ChangeCommon:
      case Step.VerifyAgain:
      case Step.ChangeJuki:
        return this.stepCommand(nowUs);
    }
  }

  /** Selects the application and PIN that step `next` is about, and asks its counter. */
  private select(next: Step, nowUs: number): void {
    this.current = next;
    const isJuki = next === Step.CountJuki || next === Step.SelectJuki;
    this.object = isJuki ? PinName.Juki : PinName.Common;
    this.target.application = isJuki ? Application.Juki : Application.Common;
    this.target.file = JUKI_PIN;
    this.parts.context.choose(this.target.application, JUKI_PIN);
    this.prelude.begin(nowUs);
  }

  private stepPrelude(nowUs: number): number {
    switch (this.prelude.step(nowUs)) {
      case PreludeResult.Busy:
        return NEVER_US;
      case PreludeResult.Ask:
        this.selected(nowUs);
        break;
      case PreludeResult.Refused:
        this.judge(this.prelude.statusWord);
        break;
      case PreludeResult.Failed:
        this.unsent();
        break;
    }
    return nowUs;
  }

  private selected(nowUs: number): void {
    if (this.current === Step.SelectCommon)
      this.send(Step.VerifyCommon, VERIFY, this.isFinish ? ChangePin.New : ChangePin.Old, nowUs);
    else if (this.current === Step.SelectJuki) this.send(Step.VerifyAgain, VERIFY, ChangePin.Old, nowUs);
    else this.counted(this.prelude.triesLeft, nowUs);
  }

  /** Nobody is asked unless both counters allow it. */
  private counted(triesLeft: number, nowUs: number): void {
    this.triesLeft = triesLeft;
    const isEnough = triesLeft === FULL_TRIES || (this.isFinish && triesLeft === TRIES_TO_FINISH);
    if (this.isAborted) this.finish(Outcome.Cancelled, Page.Cancelled);
    else if (!isEnough) this.finish(Outcome.Limited, Page.ChangeNotFull);
    else if (this.current === Step.CountCommon) this.select(Step.CountJuki, nowUs);
    else this.ask(triesLeft, nowUs);
  }

  /** The ledger counts the 住基AP alone: the 共通AP is tried with its right PIN only by whoever knows that of the 住基AP. */
  private ask(triesLeft: number, nowUs: number): void {
    const judgement = this.parts.memory.admit(triesLeft, nowUs);
    const page = judgementPage(judgement);
    if (judgement === Judgement.Allowed) {
      this.current = Step.Prompting;
      this.prompt.begin(nowUs);
    } else this.finish(page === Page.OutOfService ? Outcome.CardError : Outcome.Limited, page);
  }

  private stepPrompt(nowUs: number): number {
    // Pulled, however shortly, while nothing of a PIN had been sent.
    if (this.parts.session.state() !== SessionState.Ready) {
      this.finish(Outcome.Removed, Page.Removed);
      return nowUs;
    }
    const nextUs = this.prompt.step(nowUs);
    switch (this.prompt.current()) {
      case ChangePromptState.Idle:
      case ChangePromptState.Old:
      case ChangePromptState.New:
      case ChangePromptState.Again:
      case ChangePromptState.Refused:
        return nextUs;
      case ChangePromptState.Complete:
        this.attempt(nowUs);
        break;
      case ChangePromptState.Ended:
        this.finish(this.prompt.outcome, this.prompt.page);
        break;
    }
    return nowUs;
  }

  private attempt(nowUs: number): void {
    this.isAttempted = this.parts.memory.attempt(this.triesLeft, nowUs);
    this.parts.view.show(Page.Reading);
    if (this.isAttempted) this.send(Step.VerifyJuki, VERIFY, ChangePin.Old, nowUs);
    else this.finish(Outcome.CardError, Page.OutOfService);
  }

  /** One PIN command on the PIN that is selected. */
  private send(next: Step, header: number, which: ChangePin, nowUs: number): void {
    const session = this.parts.session;
    const command = session.command;
    this.current = next;
    for (let i = 0; i < 4; i++) command[i] = (header >>> (24 - 8 * i)) & 255;
    command[4] = this.prompt.place(which, command, DIGITS_AT);
    session.transmit(DIGITS_AT + command[4], CommandKind.Pin, nowUs);
  }

  private stepCommand(nowUs: number): number {
    const session = this.parts.session;
    const sent = session.outcome();
    if (sent === SessionOutcome.Busy) return NEVER_US;
    const statusWord = session.statusWord();
    session.wipe();
    if (sent === SessionOutcome.NotSent) this.unsent();
    else if (statusWord === 0x9000) this.goOn(nowUs);
    else if (this.current === Step.ChangeCommon) this.changeFailed(statusWord);
    else this.judge(statusWord);
    return nowUs;
  }

  /** The card has done what it was told. */
  private goOn(nowUs: number): void {
    if (this.current === Step.VerifyJuki) {
      this.settlement = Settlement.Ok;
      this.select(Step.SelectCommon, nowUs);
    } else if (this.current === Step.VerifyCommon) this.change(nowUs);
    else if (this.current === Step.ChangeCommon) this.select(Step.SelectJuki, nowUs);
    else if (this.current === Step.VerifyAgain) this.send(Step.ChangeJuki, CHANGE_KEY, ChangePin.New, nowUs);
    else {
      this.triesLeft = TRIES_UNKNOWN;
      this.finish(Outcome.Ok, Page.Changed);
    }
  }

  /** Both are proved: from the commit on whoever asks after a power cut is told CHANGE_PARTIAL. */
  private change(nowUs: number): void {
    this.isPartial = this.parts.memory.changing(nowUs);
    if (!this.isPartial) this.finish(Outcome.CardError, Page.OutOfService);
    else if (this.isFinish) this.select(Step.SelectJuki, nowUs);
    else this.send(Step.ChangeCommon, CHANGE_KEY, ChangePin.New, nowUs);
  }

  /** A card that says that it has changed nothing is believed (ISO/IEC 7816-4:2005, 5.1.3: 64xx, and 67xx to 6Fxx). */
  private changeFailed(statusWord: number): void {
    const first = statusWord >> 8;
    this.isPartial = first !== 0x64 && (first < 0x67 || first > 0x6f);
    this.finish(Outcome.CardError, Page.CardUnreadable);
  }

  /** A VERIFY, the last command, or a counter, that said no; or nothing was said at all. */
  private judge(statusWord: number): void {
    const answer = pinAnswer(statusWord);
    const isJudged = answer === PinAnswer.Wrong || answer === PinAnswer.Blocked;
    if (isJudged && this.current === Step.VerifyJuki) this.settlement = Settlement.Wrong;
    this.triesLeft = answer === PinAnswer.Blocked ? 0 : triesIn(statusWord);
    if (answer === PinAnswer.Wrong) this.finish(Outcome.Wrong, Page.Wrong);
    else if (answer === PinAnswer.Blocked) this.finish(Outcome.Blocked, Page.Blocked);
    else if (answer === PinAnswer.Unset) this.finish(Outcome.PinUnset, Page.PinUnset);
    else if (this.isAttempted) this.finish(Outcome.Unknown, Page.Unknown);
    else this.finish(Outcome.Unsupported, Page.CardUnsupported);
  }

  /** Nothing of the command has left, or it was none that uses a try: what was before it stands. */
  private unsent(): void {
    if (this.current === Step.VerifyJuki) this.settlement = Settlement.NotCounted;
    if (this.current === Step.ChangeCommon) this.isPartial = false;
    if (this.parts.session.isPresent()) this.finish(Outcome.CardError, Page.CardUnreadable);
    else this.finish(Outcome.Removed, Page.Removed);
  }

  /** Every way out: no digit stays behind, and a card that may have two PINs is never called anything else. */
  private finish(outcome: Outcome, page: Page): void {
    this.prompt.wipe();
    this.parts.session.wipe();
    this.current = Step.Done;
    this.outcome = this.isPartial && outcome !== Outcome.Ok ? Outcome.ChangePartial : outcome;
    this.page = this.outcome === Outcome.ChangePartial ? Page.ChangePartial : page;
    const view = this.parts.view;
    view.triesLeft = this.triesLeft;
    view.confirmKey = false;
    view.show(this.page);
  }
}
