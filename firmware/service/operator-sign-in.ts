/**
 * An operator proves to the terminal who that is: by a card of the town, the card's PIN, and the card's answer to a challenge.
 *
 *   Idle --begin--> Arriving --> Naming --> Proving --right--> Answering --> Judging --right, on record--> Done --take--> Idle
 *     (card-arrival.ts)   (operator-card.ts)   (check-proof.ts)     every other way: Done, nobody is signed in by it
 */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import type { Key } from "../driver/keypad.ts";
import { NEVER_US } from "../protocol/time.ts";
import type { RandomSource } from "../protocol/tls-handshake.ts";
import { ArrivalState, type CardArrival } from "./card-arrival.ts";
import type { CardPages } from "./card-pages.ts";
import type { CheckProof } from "./check-proof.ts";
import { OperatorCardState, type OperatorCard } from "./operator-card.ts";
import { CHALLENGE_BYTES, type OperatorKey } from "./operator-key.ts";
import { OperatorEvent, type OperatorRecords } from "./operator-records.ts";
import type { OperatorSession } from "./operator-session.ts";
import { Outcome } from "./outcome.ts";
import { type Language, Page, TRIES_UNKNOWN, type View } from "./view.ts";

export const enum SignInState {
  Idle = 0,
  Arriving = 1,
  Naming = 2,
  Proving = 3,
  Answering = 4,
  /** The answer is there: a step's work of its own. */
  Judging = 5,
  Done = 6,
}

export interface SignInParts {
  readonly arrival: CardArrival;
  readonly card: OperatorCard;
  readonly proof: CheckProof;
  readonly key: OperatorKey;
  readonly random: RandomSource;
  readonly records: OperatorRecords;
  readonly session: OperatorSession;
  readonly pages: CardPages;
  readonly view: View;
}

export class OperatorSignIn {
  /** Valid in `Done`. */
  outcome = Outcome.Unknown;
  triesLeft = TRIES_UNKNOWN;
  private current = SignInState.Idle;
  private isAttempted = false;
  private isAborted = false;
  private readonly challenge: Bytes;

  constructor(
    natives: ByteNatives,
    private readonly parts: SignInParts,
  ) {
    this.challenge = natives.allocate(CHALLENGE_BYTES);
  }

  state(): SignInState {
    return this.current;
  }

  begin(language: Language, nowUs: number): void {
    this.triesLeft = TRIES_UNKNOWN;
    this.isAttempted = false;
    this.isAborted = false;
    this.current = SignInState.Arriving;
    this.parts.card.forget();
    this.parts.view.meet(language);
    this.parts.arrival.begin(Page.InsertOperator, nowUs);
  }

  /** Nobody waits any more: as 取消. A VERIFY that is on the contacts is waited for; it signs nobody in. */
  abort(): void {
    this.isAborted = true;
    if (this.current === SignInState.Proving) this.parts.proof.abort();
    else if (this.current !== SignInState.Idle && this.current !== SignInState.Done)
      this.finish(Outcome.Cancelled, Page.Cancelled);
  }

  press(key: Key, nowUs: number): boolean {
    if (this.current === SignInState.Proving) return this.parts.proof.press(key, nowUs);
    return this.current === SignInState.Arriving && this.parts.arrival.press(key);
  }

  step(nowUs: number): number {
    if (this.isCardLost()) this.finish(Outcome.Removed, Page.Removed);
    switch (this.current) {
      case SignInState.Idle:
      case SignInState.Done:
        return NEVER_US;
      case SignInState.Arriving:
        return this.stepArrival(nowUs);
      case SignInState.Naming:
      case SignInState.Answering:
        return this.stepCard(nowUs);
      case SignInState.Proving:
        return this.stepProof(nowUs);
      case SignInState.Judging:
        this.judge(nowUs);
        return nowUs;
    }
  }

  /** What came of it is put on record. False: it is not, and nobody may be told. */
  conclude(nowUs: number): boolean {
    const records = this.parts.records;
    records.about(this.parts.card.name, this.parts.arrival.insertion);
    if (this.outcome === Outcome.NotGenuine) return records.note(OperatorEvent.NotGenuine, nowUs);
    return this.outcome === Outcome.Ok || !this.isAttempted || records.outcome(this.outcome, nowUs);
  }

  /** The result was taken over: the card is off, its page stays as long as a result does. */
  take(nowUs: number): void {
    this.current = SignInState.Idle;
    this.parts.arrival.leave(nowUs);
    this.parts.pages.resume(nowUs);
  }

  /** An entry looks after itself. */
  private isCardLost(): boolean {
    const isInUse = this.current === SignInState.Naming || this.current === SignInState.Answering;
    return isInUse && this.parts.arrival.isLost();
  }

  private stepArrival(nowUs: number): number {
    const arrival = this.parts.arrival;
    const nextUs = arrival.step(nowUs);
    if (arrival.state() === ArrivalState.Ready) {
      this.current = SignInState.Naming;
      this.parts.card.begin(nowUs);
      return NEVER_US;
    }
    if (arrival.state() !== ArrivalState.Over) return nextUs;
    // A card of a protocol that is not ours, or of a kind that has expired, is none of an operator's.
    if (arrival.outcome === Outcome.Unsupported || arrival.outcome === Outcome.Expired)
      this.finish(Outcome.Unsupported, Page.NotOperator);
    else this.finish(arrival.outcome, arrival.page);
    return nowUs;
  }

  private stepCard(nowUs: number): number {
    switch (this.parts.card.step(nowUs)) {
      case OperatorCardState.Idle:
      case OperatorCardState.Select:
      case OperatorCardState.Reading:
      case OperatorCardState.Answering:
        return NEVER_US;
      case OperatorCardState.Known:
        this.prove(nowUs);
        break;
      case OperatorCardState.Answered:
        this.current = SignInState.Judging;
        break;
      case OperatorCardState.Foreign:
        this.finish(Outcome.Unsupported, Page.NotOperator);
        break;
      case OperatorCardState.Unreadable:
        this.finish(Outcome.CardError, Page.CardUnreadable);
        break;
    }
    return nowUs;
  }

  private prove(nowUs: number): void {
    const proof = this.parts.proof;
    this.parts.records.about(this.parts.card.name, this.parts.arrival.insertion);
    this.current = SignInState.Proving;
    // Nobody but the operator has a say in the last try.
    proof.mayUseLastTry = true;
    proof.prove(nowUs);
  }

  private stepProof(nowUs: number): number {
    const proof = this.parts.proof;
    const nextUs = proof.step(nowUs);
    if (!proof.isDone()) return nextUs;
    this.isAttempted = proof.isAttempted;
    this.triesLeft = proof.triesLeft;
    if (proof.outcome === Outcome.Ok) this.proved(nowUs);
    else this.finish(proof.outcome, proof.page);
    return nowUs;
  }

  private proved(nowUs: number): void {
    if (this.isAborted) {
      this.finish(Outcome.Cancelled, Page.Cancelled);
      return;
    }
    if (!this.parts.random.fill(this.challenge)) {
      this.finish(Outcome.CardError, Page.OutOfService);
      return;
    }
    this.current = SignInState.Answering;
    this.parts.view.show(Page.Reading);
    this.parts.card.challenge(this.challenge, nowUs);
  }

  /** The session counts when its record stands. */
  private judge(nowUs: number): void {
    const card = this.parts.card;
    if (!this.parts.key.isRight(card.name, this.challenge, card.answer)) {
      this.finish(Outcome.NotGenuine, Page.NotGenuine);
      return;
    }
    this.parts.records.about(card.name, this.parts.arrival.insertion);
    if (this.parts.session.signIn(card.name, nowUs)) this.finish(Outcome.Ok, Page.SignedIn);
    else this.finish(Outcome.CardError, Page.OutOfService);
  }

  private finish(outcome: Outcome, page: Page): void {
    this.current = SignInState.Done;
    this.outcome = outcome;
    this.parts.view.cancelKey = false;
    if (this.parts.view.page !== page) this.parts.view.show(page);
  }
}
