/**
 * The part of a resident check, and of a sign-in, that can use a try: entry, ledger, one VERIFY, and what it came to. When nobody can tell, the card is
 * reset and its counter read again; the VERIFY is not repeated (design §7.6, facts: card §7.2).
 *
 *   Idle --begin--> Entering --the card has judged, or nothing was sent--> Done
 *                       +--undecided--> Restarting --T=1 stands--> Querying --> Done
 */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import { VoltageClass } from "../driver/card-slot.ts";
import type { Key } from "../driver/keypad.ts";
import { DATA_AT } from "../protocol/ccid.ts";
import { SECURE_OK, SecureRequest } from "../protocol/secure-request.ts";
import { NEVER_US } from "../protocol/time.ts";
import type { CardContext } from "./card-context.ts";
import { SessionOutcome, SessionState, type CardSession } from "./card-session.ts";
import type { CheckRequest } from "./check-request.ts";
import { Judgement, Settlement } from "./ledger.ts";
import { Outcome } from "./outcome.ts";
import { PinAnswer, pinAnswer, triesIn } from "./pin-answer.ts";
import { FIXED_DIGITS, type PinPlace } from "./pin-objects.ts";
import { PinPrelude, PreludeResult } from "./pin-prelude.ts";
import { PinTarget } from "./pin-target.ts";
import { SecureResult, type PinGuard, type SecureService } from "./secure-service.ts";
import { Page, PinName, TRIES_UNKNOWN, type View } from "./view.ts";

/** The memory of attempts. Each of the two commits stands or does not. */
export interface AttemptMemory {
  /** Looks for what is known of the card at hand; some milliseconds of a board's time, so before the rest. */
  look(): void;
  /** After `look`: the card has `triesLeft` tries: an older attempt on it that was undecided is decided by that. */
  admit(triesLeft: number, nowUs: number): Judgement;
  /** The attempt is about to be made, with `triesLeft` tries before it. False: it must not. */
  attempt(triesLeft: number, nowUs: number): boolean;
  /** The attempt was right, and the first of two PINs is about to be changed. False: it must not be. */
  changing(nowUs: number): boolean;
}

/** What a resident check does with a card that the counter allows: it looks after the card itself, and ends with a page shown. */
export interface Proof {
  /** From here on valid when `isDone`. */
  readonly outcome: Outcome;
  /** Whether an attempt stands in the ledger, and what it came to. */
  readonly isAttempted: boolean;
  readonly settlement: Settlement;
  readonly triesLeft: number;
  /** The PIN that outcome and tries are about. */
  readonly object: PinName;
  readonly page: Page;
  /** The card is ready and known. */
  begin(request: CheckRequest, nowUs: number): void;
  press(key: Key, nowUs: number): boolean;
  /** Nobody waits any more; what is on the contact is waited for. */
  abort(): void;
  isDone(): boolean;
  step(nowUs: number): number;
}

export interface ProofParts {
  readonly session: CardSession;
  readonly context: CardContext;
  readonly secure: SecureService;
  readonly memory: AttemptMemory;
  readonly view: View;
  /** The PIN that is proved. */
  readonly place: PinPlace;
}

const enum ProofState {
  Idle = 0,
  Entering = 1,
  Restarting = 2,
  Querying = 3,
  Done = 4,
}

/** Of a PIN of four digits on every card that is proved here; a right entry fills its counter. */
export const FULL_TRIES = 3;
/** VERIFY of the current file. */
const VERIFY = 0x00200080;
const TEMPLATE_BYTES = 4;

export class CheckProof implements Proof, PinGuard {
  outcome = Outcome.Unknown;
  isAttempted = false;
  settlement = Settlement.Undecided;
  triesLeft = TRIES_UNKNOWN;
  readonly object: PinName;
  page = Page.Unknown;
  /** Of the proof that begins next, beside the person's own word. */
  mayUseLastTry = false;
  private state = ProofState.Idle;
  private triesBefore = TRIES_UNKNOWN;
  private insertion = 0;
  private readonly request = new SecureRequest();
  private readonly template: Bytes;
  private readonly target = new PinTarget();
  private readonly prelude: PinPrelude;

  constructor(
    natives: ByteNatives,
    private readonly parts: ProofParts,
  ) {
    this.object = parts.place.name;
    this.template = natives.allocate(DATA_AT + TEMPLATE_BYTES);
    for (let i = 0; i < TEMPLATE_BYTES; i++) this.template[DATA_AT + i] = (VERIFY >>> (24 - 8 * i)) & 255;
    this.prelude = new PinPrelude(parts.session, this.target);
  }

  begin(request: CheckRequest, nowUs: number): void {
    this.mayUseLastTry = request.mayUseLastTry;
    this.prove(nowUs);
  }

  /** The card is ready and known: its holder is asked for the PIN. */
  prove(nowUs: number): void {
    this.isAttempted = false;
    this.settlement = Settlement.Undecided;
    this.triesLeft = TRIES_UNKNOWN;
    this.insertion = this.parts.session.insertion();
    this.parts.memory.look();
    this.parts.context.choose(this.parts.place.application, this.parts.place.file);
    this.target.resolve(VERIFY, this.parts.context);
    this.request.setVerify(DATA_AT, FIXED_DIGITS);
    this.parts.secure.guard = this;
    this.state = ProofState.Entering;
    if (this.parts.secure.begin(this.request, this.template, nowUs) !== SECURE_OK)
      this.finish(Outcome.Unsupported, Page.CardUnsupported);
  }

  press(key: Key, nowUs: number): boolean {
    return this.state === ProofState.Entering && this.parts.secure.press(key, nowUs);
  }

  abort(): void {
    if (this.state === ProofState.Entering) this.parts.secure.abort();
  }

  isDone(): boolean {
    return this.state === ProofState.Done;
  }

  step(nowUs: number): number {
    switch (this.state) {
      case ProofState.Idle:
      case ProofState.Done:
        return NEVER_US;
      case ProofState.Entering:
        return this.stepEntry(nowUs);
      case ProofState.Restarting:
        return this.stepRestart(nowUs);
      case ProofState.Querying:
        return this.stepQuery(nowUs);
    }
  }

  mayAsk(triesLeft: number, nowUs: number): boolean {
    this.triesBefore = triesLeft;
    this.triesLeft = triesLeft;
    const judgement = this.parts.memory.admit(triesLeft, nowUs);
    this.page = judgementPage(judgement);
    // The card's last try is the staff's to allow.
    return judgement === Judgement.Allowed && (triesLeft !== 1 || this.mayUseLastTry);
  }

  maySend(_object: PinName, nowUs: number): boolean {
    this.page = Page.OutOfService;
    this.isAttempted = this.parts.memory.attempt(this.triesBefore, nowUs);
    return this.isAttempted;
  }

  ended(_outcome: Outcome, _nowUs: number): void {
    // What it came to is judged in `stepEntry`: more is known there.
  }

  private stepEntry(nowUs: number): number {
    const secure = this.parts.secure;
    const nextUs = secure.step(nowUs);
    if (secure.isBusy()) return nextUs;
    const page = this.parts.view.page;
    switch (secure.takeResult()) {
      case SecureResult.CardStatus:
        this.judge(secure.statusWord, page, nowUs);
        break;
      case SecureResult.Cancelled:
      case SecureResult.Aborted:
      case SecureResult.None:
      case SecureResult.Mismatch:
        this.finish(Outcome.Cancelled, page);
        break;
      case SecureResult.TimedOut:
        this.finish(Outcome.Timeout, page);
        break;
      case SecureResult.Held:
        this.finish(page === Page.OutOfService ? Outcome.CardError : Outcome.Limited, page);
        break;
      case SecureResult.Mute:
        this.unanswered(page, nowUs);
        break;
    }
    return nowUs;
  }

  /** The card's own word: to the VERIFY, or before anybody was asked. */
  private judge(statusWord: number, page: Page, nowUs: number): void {
    switch (pinAnswer(statusWord)) {
      case PinAnswer.Ok:
        this.triesLeft = FULL_TRIES;
        this.settle(Settlement.Ok, Outcome.Ok, page);
        break;
      case PinAnswer.Wrong:
        this.triesLeft = triesIn(statusWord);
        this.settle(Settlement.Wrong, Outcome.Wrong, page);
        break;
      case PinAnswer.Blocked:
        this.triesLeft = 0;
        this.settle(Settlement.Wrong, Outcome.Blocked, page);
        break;
      case PinAnswer.Unset:
        this.settle(Settlement.NotCounted, Outcome.PinUnset, page);
        break;
      case PinAnswer.Other:
        if (this.isAttempted) this.restart(nowUs);
        else this.finish(Outcome.Unsupported, page);
        break;
    }
  }

  private unanswered(page: Page, nowUs: number): void {
    const isGone = page === Page.Removed || !this.parts.session.isPresent();
    if (this.isAttempted && this.parts.session.outcome() !== SessionOutcome.NotSent) this.restart(nowUs);
    else if (this.isAttempted) this.settle(Settlement.NotCounted, Outcome.CardError, Page.CardUnreadable);
    else this.finish(isGone ? Outcome.Removed : Outcome.CardError, page);
  }

  private restart(nowUs: number): void {
    this.state = ProofState.Restarting;
    this.parts.view.show(Page.Reading);
    this.parts.session.powerOn(VoltageClass.Automatic, nowUs);
  }

  /** Another insertion is another card, as far as anybody can tell. */
  private isSameCard(): boolean {
    return this.parts.session.isPresent() && this.parts.session.insertion() === this.insertion;
  }

  private stepRestart(nowUs: number): number {
    const state = this.parts.session.state();
    if (this.isSameCard() && state === SessionState.Starting) return NEVER_US;
    if (this.isSameCard() && state === SessionState.Ready) {
      this.state = ProofState.Querying;
      this.prelude.begin(nowUs);
      return NEVER_US;
    }
    this.settle(Settlement.Undecided, Outcome.Unknown, Page.Unknown);
    return nowUs;
  }

  private stepQuery(nowUs: number): number {
    const result = this.isSameCard() ? this.prelude.step(nowUs) : PreludeResult.Failed;
    switch (result) {
      case PreludeResult.Busy:
        return NEVER_US;
      case PreludeResult.Ask:
        this.compare(this.prelude.triesLeft);
        break;
      case PreludeResult.Refused:
        if (this.prelude.page === Page.Blocked) this.compare(0);
        else this.settle(Settlement.Undecided, Outcome.Unknown, Page.Unknown);
        break;
      case PreludeResult.Failed:
        this.settle(Settlement.Undecided, Outcome.Unknown, Page.Unknown);
        break;
    }
    return nowUs;
  }

  /** A counter that fell tells of a wrong PIN, one that rose of a right one; the same tells nothing but that no try is gone. */
  private compare(triesLeft: number): void {
    this.triesLeft = triesLeft;
    if (triesLeft === TRIES_UNKNOWN || this.triesBefore === TRIES_UNKNOWN)
      this.settle(Settlement.Undecided, Outcome.Unknown, Page.Unknown);
    else if (triesLeft > this.triesBefore) this.settle(Settlement.Ok, Outcome.Ok, Page.Ok);
    else if (triesLeft === this.triesBefore)
      this.settle(Settlement.NotCounted, Outcome.Unknown, Page.Unknown);
    else if (triesLeft === 0) this.settle(Settlement.Wrong, Outcome.Blocked, Page.Blocked);
    else this.settle(Settlement.Wrong, Outcome.Wrong, Page.Wrong);
  }

  private settle(settlement: Settlement, outcome: Outcome, page: Page): void {
    this.settlement = settlement;
    this.finish(outcome, page);
  }

  private finish(outcome: Outcome, page: Page): void {
    this.state = ProofState.Done;
    this.parts.secure.guard = undefined;
    this.outcome = outcome;
    this.page = page;
    this.parts.view.triesLeft = this.triesLeft;
    this.parts.view.confirmKey = false;
    this.parts.view.show(page);
  }
}

/** Why nobody is asked; of an allowed card, that its last try is not. */
export function judgementPage(judgement: Judgement): Page {
  switch (judgement) {
    case Judgement.Allowed:
    case Judgement.LimitedCard:
      return Page.LimitedCard;
    case Judgement.LimitedTerminal:
    case Judgement.Full:
      return Page.Limited;
    case Judgement.NoMemory:
      return Page.OutOfService;
  }
}
