/**
 * The resident check (design §8): one card, asked who it is, allowed by the counter, proved by its PIN, put away.
 *
 *   Idle --begin--> AwaitCard --card--> Powering --> Identifying --> Asking --go--> Proving --> Done --take--> Idle
 *                     ^  |取消, time     | not to be used, expired    | stop, 10 s   | (check-proof.ts, pin-change.ts)
 *                     |  +--> Done       +--> Done                    +--> Done      +--> Done
 *                     +-- taken out -- Unreadable <-- mute: put in the wrong way
 *   The card is switched off at every end; its result page stays, then the page to take it out.
 */
import type { ByteNatives } from "../../hal/bytes.ts";
import { VoltageClass } from "../driver/card-slot.ts";
import { Key } from "../driver/keypad.ts";
import { NEVER_US } from "../protocol/time.ts";
import { CardIdentity, IdentityState } from "./card-identity.ts";
import { PowerState, type CardPower } from "./card-power.ts";
import { SessionState, type CardSession } from "./card-session.ts";
import type { CardPages } from "./card-pages.ts";
import type { Proof } from "./check-proof.ts";
import { CheckRequest } from "./check-request.ts";
import { Settlement } from "./ledger.ts";
import { Outcome } from "./outcome.ts";
import { Page, PinName, TRIES_UNKNOWN, type View } from "./view.ts";

export const enum CheckState {
  Idle = 0,
  AwaitCard = 1,
  /** The card says nothing: it is taken out and put in again. */
  Unreadable = 2,
  Powering = 3,
  Identifying = 4,
  /** The counter says whether to go on. */
  Asking = 5,
  Proving = 6,
  Done = 7,
}

export interface CheckParts {
  readonly session: CardSession;
  readonly power: CardPower;
  /** CheckPin's, and ChangePin's. */
  readonly proof: Proof;
  readonly change: Proof;
  readonly pages: CardPages;
  readonly view: View;
}

/** From the prompt for a card to its insertion. */
const CARD_US = 60000000;
/** From the question to the counter's answer. */
const ANSWER_US = 10000000;

export class ResidentCheck {
  readonly request: CheckRequest;
  readonly identity: CardIdentity;
  /** Whether `identity` is this check's card. */
  isIdentified = false;
  /** Valid in `Done`. */
  outcome = Outcome.Unknown;
  /** Whether an attempt stands in the ledger, and what it came to. */
  isAttempted = false;
  settlement = Settlement.Undecided;
  triesLeft = TRIES_UNKNOWN;
  /** The PIN that outcome and tries are about. */
  object = PinName.Juki;
  /** The card's insertion; 0 before one was put in. */
  insertion = 0;
  private current = CheckState.Idle;
  private deadlineUs = NEVER_US;
  /** The card of the check before, which may still be there. */
  private lastInsertion = 0;

  constructor(
    natives: ByteNatives,
    private readonly parts: CheckParts,
  ) {
    this.request = new CheckRequest(natives);
    this.identity = new CardIdentity(natives, parts.session);
  }

  state(): CheckState {
    return this.current;
  }

  isBusy(): boolean {
    return this.current !== CheckState.Idle;
  }

  /** Begins what `request` says. */
  begin(nowUs: number): void {
    this.insertion = 0;
    this.isIdentified = false;
    this.isAttempted = false;
    this.triesLeft = TRIES_UNKNOWN;
    this.object = PinName.Juki;
    this.deadlineUs = nowUs + CARD_US;
    this.current = CheckState.AwaitCard;
    this.parts.session.powerOff(nowUs);
    this.parts.view.confirmKey = false;
    this.parts.view.cancelKey = true;
    this.parts.view.useLanguage(this.request.language);
    this.parts.view.show(this.isLastCardThere() ? Page.Take : Page.Insert);
  }

  /** The counter says go: the card's PIN is asked for. Only in `Asking`. */
  allow(nowUs: number): void {
    this.current = CheckState.Proving;
    this.deadlineUs = NEVER_US;
    this.proof().begin(this.request, nowUs);
  }

  /** The counter says stop: the card is suspended. Only in `Asking`. */
  refuse(): void {
    this.finish(Outcome.Suspended, Page.CardSuspended);
  }

  /** Nobody waits any more: as 取消, as long as nothing is on the card's contacts. */
  abort(): void {
    if (this.current === CheckState.Proving) this.proof().abort();
    else if (this.current !== CheckState.Idle && this.current !== CheckState.Done)
      this.finish(Outcome.Cancelled, Page.Cancelled);
  }

  press(key: Key, nowUs: number): boolean {
    if (this.current === CheckState.Proving) return this.proof().press(key, nowUs);
    const asksForCard = this.current === CheckState.AwaitCard || this.current === CheckState.Unreadable;
    if (key !== Key.Cancel || !asksForCard) return false;
    this.finish(Outcome.Cancelled, Page.Cancelled);
    return true;
  }

  step(nowUs: number): number {
    if (this.isCardLost()) this.finish(Outcome.Removed, Page.Removed);
    switch (this.current) {
      case CheckState.Idle:
      case CheckState.Done:
        return NEVER_US;
      case CheckState.AwaitCard:
        return this.stepAwait(nowUs);
      case CheckState.Unreadable:
        return this.stepUnreadable(nowUs);
      case CheckState.Powering:
        return this.stepPower(nowUs);
      case CheckState.Identifying:
        return this.stepIdentity(nowUs);
      case CheckState.Asking:
        if (nowUs < this.deadlineUs) return this.deadlineUs;
        this.finish(Outcome.Timeout, Page.TimedOut);
        return nowUs;
      case CheckState.Proving:
        return this.stepProof(nowUs);
    }
  }

  /** The result was taken over: the card is off, its page stays as long as a result does. */
  take(nowUs: number): void {
    this.current = CheckState.Idle;
    this.lastInsertion = this.insertion;
    this.parts.session.powerOff(nowUs);
    this.parts.pages.resume(nowUs);
  }

  private proof(): Proof {
    return this.request.isChange ? this.parts.change : this.parts.proof;
  }

  private isLastCardThere(): boolean {
    const session = this.parts.session;
    return session.isPresent() && session.insertion() === this.lastInsertion;
  }

  /** While somebody reads or asks about it; an entry looks after itself. */
  private isCardLost(): boolean {
    const isInUse = this.current >= CheckState.Powering && this.current <= CheckState.Asking;
    const session = this.parts.session;
    return isInUse && (!session.isPresent() || session.insertion() !== this.insertion);
  }

  private stepAwait(nowUs: number): number {
    if (nowUs >= this.deadlineUs) {
      this.finish(Outcome.Timeout, Page.TimedOut);
      return nowUs;
    }
    const view = this.parts.view;
    if (this.isLastCardThere()) return this.deadlineUs;
    if (view.page !== Page.Insert) view.show(Page.Insert);
    if (!this.parts.session.isPresent()) return this.deadlineUs;
    this.insertion = this.parts.session.insertion();
    this.current = CheckState.Powering;
    view.cancelKey = false;
    view.show(Page.Reading);
    this.parts.power.begin(VoltageClass.Automatic, nowUs);
    return nowUs;
  }

  private stepUnreadable(nowUs: number): number {
    if (nowUs >= this.deadlineUs) {
      this.finish(Outcome.CardError, Page.TimedOut);
      return nowUs;
    }
    const session = this.parts.session;
    if (session.isPresent() && session.insertion() === this.insertion) return this.deadlineUs;
    this.current = CheckState.AwaitCard;
    return nowUs;
  }

  private stepPower(nowUs: number): number {
    switch (this.parts.power.step(nowUs)) {
      case PowerState.Starting:
      case PowerState.Looking:
        return NEVER_US;
      case PowerState.Ready:
        this.current = CheckState.Identifying;
        this.identity.begin(nowUs);
        return NEVER_US;
      case PowerState.Idle:
      case PowerState.Refused:
        this.turnAway(this.parts.session.state());
        return nowUs;
    }
  }

  private turnAway(state: SessionState): void {
    switch (state) {
      case SessionState.Mute:
      case SessionState.Unreadable:
        this.current = CheckState.Unreadable;
        this.parts.view.cancelKey = true;
        this.parts.view.show(Page.CardUnreadable);
        break;
      case SessionState.T0Only:
        this.finish(Outcome.Unsupported, Page.CardT0);
        break;
      case SessionState.Unsupported:
        this.finish(Outcome.Unsupported, Page.CardUnsupported);
        break;
      case SessionState.Expired:
        this.finish(Outcome.Expired, Page.CardExpired);
        break;
      case SessionState.Off:
      case SessionState.Starting:
      case SessionState.Ready:
        this.finish(Outcome.CardError, Page.CardUnreadable);
        break;
    }
  }

  private stepIdentity(nowUs: number): number {
    switch (this.identity.step(nowUs)) {
      case IdentityState.Idle:
      case IdentityState.Select:
      case IdentityState.Record:
        return NEVER_US;
      case IdentityState.Known:
        this.identified(nowUs);
        break;
      case IdentityState.Foreign:
        this.finish(Outcome.Unsupported, Page.CardUnsupported);
        break;
      case IdentityState.Unreadable:
        this.finish(Outcome.CardError, Page.CardUnreadable);
        break;
    }
    return nowUs;
  }

  private identified(nowUs: number): void {
    this.isIdentified = true;
    if (this.identity.isExpiredOn(this.request.date)) {
      this.finish(Outcome.Expired, Page.CardExpired);
      return;
    }
    this.current = CheckState.Asking;
    this.deadlineUs = nowUs + ANSWER_US;
  }

  private stepProof(nowUs: number): number {
    const proof = this.proof();
    const nextUs = proof.step(nowUs);
    if (!proof.isDone()) return nextUs;
    this.isAttempted = proof.isAttempted;
    this.settlement = proof.settlement;
    this.triesLeft = proof.triesLeft;
    this.object = proof.object;
    this.finish(proof.outcome, proof.page);
    return nowUs;
  }

  private finish(outcome: Outcome, page: Page): void {
    this.current = CheckState.Done;
    this.deadlineUs = NEVER_US;
    this.outcome = outcome;
    this.parts.view.cancelKey = false;
    if (this.parts.view.page !== page) this.parts.view.show(page);
  }
}
