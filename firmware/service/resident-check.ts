/**
 * The resident check (design §8): one card, asked who it is, allowed by the counter, proved by its PIN, put away.
 *
 *   Idle --begin--> Arriving --card ready--> Identifying --> Asking --go--> Proving --> Done --take--> Idle
 *                      | (card-arrival.ts)     | expired       | stop, 10 s    (check-proof.ts, pin-change.ts)
 *                      +--> Done               +--> Done       +--> Done
 *   The card is switched off at every end; its result page stays, then the page to take it out.
 */
import type { ByteNatives } from "../../hal/bytes.ts";
import type { Key } from "../driver/keypad.ts";
import { NEVER_US } from "../protocol/time.ts";
import { ArrivalState, type CardArrival } from "./card-arrival.ts";
import { CardIdentity, IdentityState } from "./card-identity.ts";
import type { CardSession } from "./card-session.ts";
import type { CardPages } from "./card-pages.ts";
import type { Proof } from "./check-proof.ts";
import { CheckRequest } from "./check-request.ts";
import { Settlement } from "./ledger.ts";
import { Outcome } from "./outcome.ts";
import { Page, PinName, TRIES_UNKNOWN, type View } from "./view.ts";

export const enum CheckState {
  Idle = 0,
  Arriving = 1,
  Identifying = 2,
  /** The counter says whether to go on. */
  Asking = 3,
  Proving = 4,
  Done = 5,
}

export interface CheckParts {
  readonly session: CardSession;
  readonly arrival: CardArrival;
  /** CheckPin's, and ChangePin's. */
  readonly proof: Proof;
  readonly change: Proof;
  readonly pages: CardPages;
  readonly view: View;
}

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
    this.deadlineUs = NEVER_US;
    this.current = CheckState.Arriving;
    this.parts.view.meet(this.request.language);
    this.parts.arrival.begin(Page.Insert, nowUs);
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

  /** The counter says that it is not this card's turn. Only in `Asking`. */
  turnAway(): void {
    this.finish(Outcome.OtherCard, Page.OtherCard);
  }

  /** Nobody waits any more: as 取消, as long as nothing is on the card's contacts. */
  abort(): void {
    if (this.current === CheckState.Proving) this.proof().abort();
    else if (this.current !== CheckState.Idle && this.current !== CheckState.Done)
      this.finish(Outcome.Cancelled, Page.Cancelled);
  }

  press(key: Key, nowUs: number): boolean {
    if (this.current === CheckState.Proving) return this.proof().press(key, nowUs);
    return this.current === CheckState.Arriving && this.parts.arrival.press(key);
  }

  step(nowUs: number): number {
    if (this.isCardLost()) this.finish(Outcome.Removed, Page.Removed);
    switch (this.current) {
      case CheckState.Idle:
      case CheckState.Done:
        return NEVER_US;
      case CheckState.Arriving:
        return this.stepArrival(nowUs);
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
    this.parts.arrival.leave(nowUs);
    this.parts.pages.resume(nowUs);
  }

  private proof(): Proof {
    return this.request.isChange ? this.parts.change : this.parts.proof;
  }

  /** While somebody reads or asks about it; an entry looks after itself. */
  private isCardLost(): boolean {
    const isInUse = this.current === CheckState.Identifying || this.current === CheckState.Asking;
    return isInUse && this.parts.arrival.isLost();
  }

  private stepArrival(nowUs: number): number {
    const arrival = this.parts.arrival;
    const nextUs = arrival.step(nowUs);
    this.insertion = arrival.insertion;
    if (arrival.state() === ArrivalState.Ready) {
      this.current = CheckState.Identifying;
      this.identity.begin(nowUs);
      return NEVER_US;
    }
    if (arrival.state() !== ArrivalState.Over) return nextUs;
    this.finish(arrival.outcome, arrival.page);
    return nowUs;
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
