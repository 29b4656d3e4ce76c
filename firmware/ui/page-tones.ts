/** Which tone a page begins with: "your turn", well, error, or none (ui/pages of the design; JIS S 0013). */
import { Tone, type Buzzer } from "../driver/buzzer.ts";
import { EntryPurpose, Page, type View } from "../service/view.ts";

export class PageTones {
  private page = Page.Idle;
  private purpose = EntryPurpose.Verify;

  constructor(
    private readonly view: View,
    private readonly buzzer: Buzzer,
  ) {}

  /** Sounds once for each page that has come; the next entry of a change is a page of its own. */
  step(nowUs: number): void {
    const view = this.view;
    const isSamePage =
      view.page === this.page && (view.page !== Page.PinEntry || view.purpose === this.purpose);
    if (isSamePage) return;
    this.page = view.page;
    this.purpose = view.purpose;
    this.sound(view.page, nowUs);
  }

  private sound(page: Page, nowUs: number): void {
    switch (page) {
      case Page.Insert:
      case Page.InsertOperator:
      case Page.PinEntry:
      case Page.ChangeAsk:
        this.buzzer.play(Tone.Start, nowUs);
        break;
      case Page.Ok:
      case Page.Changed:
      case Page.SignedIn:
      case Page.Take:
        this.buzzer.play(Tone.Ok, nowUs);
        break;
      case Page.Wrong:
      case Page.LastTry:
      case Page.Blocked:
      case Page.PinUnset:
      case Page.ChangeDiffer:
      case Page.TimedOut:
      case Page.Removed:
      case Page.Unknown:
      case Page.CardUnreadable:
      case Page.CardUnsupported:
      case Page.CardT0:
      case Page.SignPin:
      case Page.CardExpired:
      case Page.CardSuspended:
      case Page.Limited:
      case Page.LimitedCard:
      case Page.Tamper:
      case Page.ChangePartial:
      case Page.ChangeWeak:
      case Page.NotOperator:
      case Page.NotGenuine:
        this.buzzer.play(Tone.Error, nowUs);
        break;
      case Page.Idle:
      case Page.Reading:
      case Page.Cancelled:
      case Page.InUse:
      case Page.OutOfService:
        break;
    }
  }
}
