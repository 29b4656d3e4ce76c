/**
 * A card that a command asks for: the prompt, the insertion, contacts and T=1, and what becomes of cards that are not to be used.
 * The card of the command before is to be taken out first.
 *
 *   Idle --begin--> AwaitCard --card--> Powering --> Ready
 *                     ^  |取消, time     | not to be used, expired, gone
 *                     |  +--> Over       +--> Over
 *                     +-- taken out -- Unreadable <-- mute: put in the wrong way
 */
import { VoltageClass } from "../driver/card-slot.ts";
import { Key } from "../driver/keypad.ts";
import { NEVER_US } from "../protocol/time.ts";
import { PowerState, type CardPower } from "./card-power.ts";
import { SessionState, type CardSession } from "./card-session.ts";
import { Outcome } from "./outcome.ts";
import { Page, type View } from "./view.ts";

export const enum ArrivalState {
  Idle = 0,
  AwaitCard = 1,
  /** The card says nothing: it is taken out and put in again. */
  Unreadable = 2,
  Powering = 3,
  /** The card speaks T=1 and may be used. */
  Ready = 4,
  /** There is none: `outcome` and `page` say why. */
  Over = 5,
}

export interface ArrivalParts {
  readonly session: CardSession;
  readonly power: CardPower;
  readonly view: View;
}

/** From the prompt for a card to its insertion. */
const CARD_US = 60000000;

export class CardArrival {
  /** The card's; 0 before one was put in. */
  insertion = 0;
  outcome = Outcome.Unknown;
  page = Page.Unknown;
  private current = ArrivalState.Idle;
  private askPage = Page.Insert;
  private sinceUs = 0;
  /** The card of the command before, which may still be there. */
  private lastInsertion = 0;

  constructor(private readonly parts: ArrivalParts) {}

  state(): ArrivalState {
    return this.current;
  }

  /** Asks for a card by `askPage`. */
  begin(askPage: Page, nowUs: number): void {
    const view = this.parts.view;
    this.askPage = askPage;
    this.insertion = 0;
    this.sinceUs = nowUs;
    this.current = ArrivalState.AwaitCard;
    this.parts.session.powerOff(nowUs);
    view.confirmKey = false;
    view.cancelKey = true;
    view.show(this.isLastCardThere() ? Page.Take : askPage);
  }

  /** 取消 while a card is asked for; returns whether the key acted. */
  press(key: Key): boolean {
    const asksForCard = this.current === ArrivalState.AwaitCard || this.current === ArrivalState.Unreadable;
    if (key !== Key.Cancel || !asksForCard) return false;
    this.end(Outcome.Cancelled, Page.Cancelled);
    return true;
  }

  /** The card that was put in is not there any more. */
  isLost(): boolean {
    const session = this.parts.session;
    return !session.isPresent() || session.insertion() !== this.insertion;
  }

  /** The command is over: the card is switched off and to be taken out. */
  leave(nowUs: number): void {
    this.current = ArrivalState.Idle;
    this.lastInsertion = this.insertion;
    this.parts.session.powerOff(nowUs);
  }

  step(nowUs: number): number {
    switch (this.current) {
      case ArrivalState.Idle:
      case ArrivalState.Ready:
      case ArrivalState.Over:
        return NEVER_US;
      case ArrivalState.AwaitCard:
        return this.stepAwait(nowUs);
      case ArrivalState.Unreadable:
        return this.stepUnreadable(nowUs);
      case ArrivalState.Powering:
        return this.stepPower(nowUs);
    }
  }

  private isLastCardThere(): boolean {
    const session = this.parts.session;
    return session.isPresent() && session.insertion() === this.lastInsertion;
  }

  private stepAwait(nowUs: number): number {
    const view = this.parts.view;
    const deadlineUs = view.limitUs(this.sinceUs, CARD_US);
    if (nowUs >= deadlineUs) {
      this.end(Outcome.Timeout, Page.TimedOut);
      return nowUs;
    }
    if (this.isLastCardThere()) return deadlineUs;
    if (view.page !== this.askPage) view.show(this.askPage);
    if (!this.parts.session.isPresent()) return deadlineUs;
    this.insertion = this.parts.session.insertion();
    this.current = ArrivalState.Powering;
    view.cancelKey = false;
    view.show(Page.Reading);
    this.parts.power.begin(VoltageClass.Automatic, nowUs);
    return nowUs;
  }

  private stepUnreadable(nowUs: number): number {
    const deadlineUs = this.parts.view.limitUs(this.sinceUs, CARD_US);
    if (nowUs >= deadlineUs) this.end(Outcome.CardError, Page.TimedOut);
    else if (this.isLost()) this.current = ArrivalState.AwaitCard;
    else return deadlineUs;
    return nowUs;
  }

  private stepPower(nowUs: number): number {
    if (this.isLost()) {
      this.end(Outcome.Removed, Page.Removed);
      return nowUs;
    }
    switch (this.parts.power.step(nowUs)) {
      case PowerState.Starting:
      case PowerState.Looking:
        return NEVER_US;
      case PowerState.Ready:
        this.current = ArrivalState.Ready;
        break;
      case PowerState.Idle:
      case PowerState.Refused:
        this.turnAway(this.parts.session.state());
        break;
    }
    return nowUs;
  }

  private turnAway(state: SessionState): void {
    switch (state) {
      case SessionState.Mute:
      case SessionState.Unreadable:
        this.current = ArrivalState.Unreadable;
        this.parts.view.cancelKey = true;
        this.parts.view.show(Page.CardUnreadable);
        break;
      case SessionState.T0Only:
        this.end(Outcome.Unsupported, Page.CardT0);
        break;
      case SessionState.Unsupported:
        this.end(Outcome.Unsupported, Page.CardUnsupported);
        break;
      case SessionState.Expired:
        this.end(Outcome.Expired, Page.CardExpired);
        break;
      case SessionState.Off:
      case SessionState.Starting:
      case SessionState.Ready:
        this.end(Outcome.CardError, Page.CardUnreadable);
        break;
    }
  }

  private end(outcome: Outcome, page: Page): void {
    this.current = ArrivalState.Over;
    this.outcome = outcome;
    this.page = page;
  }
}
