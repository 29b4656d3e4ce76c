/**
 * What the terminal does itself before it asks for a PIN that it knows: selects application and file, so that the page names
 * what is really verified, and asks for the tries left, which uses none (design §7.5, §7.6).
 *
 *   Idle --begin--> Application --9000--> File --9000--> Query --> Ask | Refused
 *                        +--- anything else: Refused ------+       the card gone or silent: Failed
 */
import { CommandKind } from "../driver/t1-exchange.ts";
import { SessionOutcome, type CardSession } from "./card-session.ts";
import { PinAnswer, pinAnswer, triesIn } from "./pin-answer.ts";
import { writeRetryQuery, writeSelectApplication, writeSelectFile } from "./pin-objects.ts";
import type { PinTarget } from "./pin-target.ts";
import { Page, TRIES_UNKNOWN } from "./view.ts";

export const enum PreludeResult {
  Busy = 0,
  /** The person may be asked; `triesLeft` tells how many tries there are. */
  Ask = 1,
  /** No prompt: `statusWord` is for the host, `page` for the resident. */
  Refused = 2,
  /** The card did not answer. */
  Failed = 3,
}

const enum Step {
  Application = 0,
  File = 1,
  Query = 2,
}

/** What a card answers to any PIN while it is blocked; its query says 63C0, which a VERIFY says only when it blocks. */
const BLOCKED = 0x6984;

export class PinPrelude {
  triesLeft = TRIES_UNKNOWN;
  statusWord = 0;
  page = Page.CardUnsupported;
  private state = Step.Application;

  constructor(
    private readonly session: CardSession,
    private readonly target: PinTarget,
  ) {}

  /** Starts with the object that the target has resolved. */
  begin(nowUs: number): void {
    this.enter(Step.Application, nowUs);
  }

  step(nowUs: number): PreludeResult {
    const outcome = this.session.outcome();
    if (outcome === SessionOutcome.Busy) return PreludeResult.Busy;
    if (outcome !== SessionOutcome.Done) return PreludeResult.Failed;
    const statusWord = this.session.statusWord();
    if (this.state === Step.Query) return this.judge(statusWord);
    if (statusWord !== 0x9000) return this.refuse(statusWord, Page.CardUnsupported);
    this.enter(this.state === Step.Application ? Step.File : Step.Query, nowUs);
    return PreludeResult.Busy;
  }

  private judge(statusWord: number): PreludeResult {
    this.triesLeft = triesIn(statusWord);
    switch (pinAnswer(statusWord)) {
      case PinAnswer.Ok:
      case PinAnswer.Wrong:
        return PreludeResult.Ask;
      case PinAnswer.Blocked:
        return this.refuse(BLOCKED, Page.Blocked);
      case PinAnswer.Unset:
        return this.refuse(statusWord, Page.PinUnset);
      case PinAnswer.Other:
        return this.refuse(statusWord, Page.CardUnsupported);
    }
  }

  private refuse(statusWord: number, page: Page): PreludeResult {
    this.statusWord = statusWord;
    this.page = page;
    return PreludeResult.Refused;
  }

  private enter(next: Step, nowUs: number): void {
    this.state = next;
    this.session.transmit(this.write(next), CommandKind.Own, nowUs);
  }

  /** Writes the command of `step`; returns its length. */
  private write(step: Step): number {
    const command = this.session.command;
    switch (step) {
      case Step.Application:
        return writeSelectApplication(this.target.application, command);
      case Step.File:
        return writeSelectFile(this.target.file, command);
      case Step.Query:
        return writeRetryQuery(command);
    }
  }
}
