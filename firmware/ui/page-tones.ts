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
    if (isYourTurn(page)) this.buzzer.play(Tone.Start, nowUs);
    else if (isWell(page)) this.buzzer.play(Tone.Ok, nowUs);
    else if (!isSilent(page)) this.buzzer.play(Tone.Error, nowUs);
  }
}

function isYourTurn(page: Page): boolean {
  const asksForCard = page === Page.Insert || page === Page.InsertOperator;
  return asksForCard || page === Page.PinEntry || page === Page.ChangeAsk;
}

function isWell(page: Page): boolean {
  return page === Page.Ok || page === Page.Changed || page === Page.SignedIn || page === Page.Take;
}

/** Nobody has to look up. Every other page says that something is wrong. */
function isSilent(page: Page): boolean {
  const rests = page === Page.Idle || page === Page.Reading || page === Page.InUse;
  return rests || page === Page.Cancelled || page === Page.OutOfService;
}
