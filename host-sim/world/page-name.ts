/** Names of pages for people, control answers and tests. */
import { Page } from "../../firmware/service/view.ts";

const NAMES: Readonly<Record<Page, string>> = {
  [Page.Insert]: "insert",
  [Page.Reading]: "reading",
  [Page.PinEntry]: "pin",
  [Page.Ok]: "ok",
  [Page.Wrong]: "wrong",
  [Page.LastTry]: "last",
  [Page.Blocked]: "blocked",
  [Page.PinUnset]: "pin-unset",
  [Page.ChangeAsk]: "change-ask",
  [Page.ChangeDiffer]: "change-differ",
  [Page.Changed]: "changed",
  [Page.Cancelled]: "cancelled",
  [Page.TimedOut]: "timeout",
  [Page.Removed]: "removed",
  [Page.Unknown]: "unknown",
  [Page.CardUnreadable]: "card-unreadable",
  [Page.CardUnsupported]: "card-unsupported",
  [Page.CardT0]: "card-t0",
  [Page.SignPin]: "sign-pin",
  [Page.CardExpired]: "card-expired",
  [Page.Take]: "take",
  [Page.InUse]: "in-use",
  [Page.OutOfService]: "out-of-service",
  [Page.Idle]: "idle",
  [Page.CardSuspended]: "card-suspended",
  [Page.OtherCard]: "other-card",
  [Page.Limited]: "limited",
  [Page.LimitedCard]: "limited-card",
  [Page.Tamper]: "tamper",
  [Page.ChangePartial]: "change-partial",
  [Page.ChangeWeak]: "change-weak",
  [Page.InsertOperator]: "insert-operator",
  [Page.SignedIn]: "signed-in",
  [Page.NotOperator]: "not-operator",
  [Page.NotGenuine]: "not-genuine",
  [Page.ChangeNotFull]: "change-not-full",
};

export function pageName(page: Page): string {
  return NAMES[page];
}

/** Every page, in the order of their numbers. */
export const PAGE_NAMES: readonly string[] = Object.values(NAMES);
