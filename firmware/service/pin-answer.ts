/** What a card's status word to a PIN command means (facts: JICSAP V1.1 table 25; ISO/IEC 7816-4:2005, 5.1.3). */
import { Outcome } from "./outcome.ts";
import { Page, TRIES_UNKNOWN } from "./view.ts";

export const enum PinAnswer {
  Ok = 0,
  /** Wrong; `triesIn` tells how many are left. */
  Wrong = 1,
  /** Wrong and now blocked, or blocked before: 63C0, 6983, 6984. Never an off-by-one of 63Cx. */
  Blocked = 2,
  /** 6985: conditions of use not satisfied, the PIN was never set. */
  Unset = 3,
  /** Anything else: the card did not judge the PIN. */
  Other = 4,
}

export function pinAnswer(statusWord: number): PinAnswer {
  if (statusWord === 0x9000) return PinAnswer.Ok;
  if (statusWord === 0x63c0 || statusWord === 0x6983 || statusWord === 0x6984) return PinAnswer.Blocked;
  if (statusWord === 0x6985) return PinAnswer.Unset;
  if (statusWord >> 4 === 0x63c || statusWord === 0x6300) return PinAnswer.Wrong;
  return PinAnswer.Other;
}

/** Tries left by a 63Cx, else `TRIES_UNKNOWN`. */
export function triesIn(statusWord: number): number {
  return statusWord >> 4 === 0x63c ? statusWord & 15 : TRIES_UNKNOWN;
}

/** The number that a journal has for it. */
export function outcomeOf(answer: PinAnswer): Outcome {
  switch (answer) {
    case PinAnswer.Ok:
      return Outcome.Ok;
    case PinAnswer.Wrong:
      return Outcome.Wrong;
    case PinAnswer.Blocked:
      return Outcome.Blocked;
    case PinAnswer.Unset:
      return Outcome.PinUnset;
    case PinAnswer.Other:
      return Outcome.CardError;
  }
}

/** The page that tells the resident; `okPage` is the command's own: accepted or changed. */
export function answerPage(answer: PinAnswer, okPage: Page): Page {
  switch (answer) {
    case PinAnswer.Ok:
      return okPage;
    case PinAnswer.Wrong:
      return Page.Wrong;
    case PinAnswer.Blocked:
      return Page.Blocked;
    case PinAnswer.Unset:
      return Page.PinUnset;
    case PinAnswer.Other:
      return Page.Unknown;
  }
}
