/**
 * The pages of a PC/SC session between PIN commands: what the slot holds decides, and a result stays long enough to be read.
 *
 *   Insert --card--> Reading --powered by the host--> InUse --powered off after use--> Take --card gone--> Insert
 *                       |-- mute, T=0, expired …: their own page until the card is gone
 *   a page that a PIN command ends with is held for `HOLD_US`, a removal's too; another card ends a result
 */
import type { Lamp } from "../driver/lamps.ts";
import { NEVER_US } from "../protocol/time.ts";
import { SessionState, type CardSession } from "./card-session.ts";
import { Language, Page, type View } from "./view.ts";

/** How long a result stays when nobody presses 確認 and nothing else happens. */
export const HOLD_US = 5000000;

/** `slot`: the card is powered. `status`: in service. */
export interface PageLamps {
  readonly slot: Lamp;
  readonly status: Lamp;
}

export class CardPages {
  private holdUntilUs = 0;
  private wasPresent = false;
  /** The host has sent a command since the card came. */
  private used = false;
  /** Of a terminal that serves nobody. */
  private closedPage = Page.OutOfService;
  private isOutOfService = false;
  /** What the card turned out to be: a host that tries another voltage does not make the page flicker. */
  private verdict = Page.Reading;

  constructor(
    private readonly session: CardSession,
    private readonly view: View,
    private readonly lamps: PageLamps,
    private readonly defaultLanguage: Language,
  ) {}

  /** Nobody is served: `page` says so, whatever is in the slot. */
  takeOutOfService(page: Page): void {
    this.isOutOfService = true;
    this.closedPage = page;
  }

  putIntoService(): void {
    this.isOutOfService = false;
  }

  /** A command of the host has reached the card. */
  commandPassed(): void {
    this.used = true;
  }

  /** A PIN command has ended: the page now shown stays if it is a result, not if it is the slot's own. */
  hold(nowUs: number): void {
    if (this.view.page !== this.pageNow()) this.holdUntilUs = this.view.limitUs(nowUs, HOLD_US);
  }

  /** A check that has used the card and shown its own pages has ended: its result stays, then the card is to be taken. */
  resume(nowUs: number): void {
    this.wasPresent = this.session.isPresent();
    this.used = this.wasPresent;
    this.hold(nowUs);
  }

  /** 確認 on a result goes on; returns whether there was one. */
  dismiss(): boolean {
    if (!this.view.confirmKey) return false;
    this.holdUntilUs = 0;
    return true;
  }

  /** Call it while no PIN command owns the page. Returns when to look again. */
  step(nowUs: number): number {
    const present = this.session.isPresent();
    if (this.wasPresent && !present) {
      this.used = false;
      this.verdict = Page.Reading;
    }
    if (!this.wasPresent && present && !this.tellsOfLoss()) this.holdUntilUs = 0;
    this.wasPresent = present;
    this.lamps.slot.light(this.session.state() === SessionState.Ready);
    this.lamps.status.light(!this.isOutOfService);
    if (nowUs < this.holdUntilUs) return this.holdUntilUs;
    const page = this.pageNow();
    if (page !== this.view.page) {
      if (page === Page.Insert) this.view.meet(this.defaultLanguage);
      this.view.confirmKey = false;
      this.view.cancelKey = false;
      this.view.show(page);
    }
    return NEVER_US;
  }

  /** A result is for the card it came from; that a card was lost must be readable although its contact is back. */
  private tellsOfLoss(): boolean {
    return this.view.page === Page.Removed || this.view.page === Page.Unknown;
  }

  private pageNow(): Page {
    if (this.isOutOfService) return this.closedPage;
    if (!this.session.isPresent()) return Page.Insert;
    const state = this.session.state();
    if (state === SessionState.Off) return this.used ? Page.Take : this.verdict;
    if (state === SessionState.Ready) {
      // Powered down unused, as stock pcscd does at once, it is in nobody's use.
      this.verdict = Page.Reading;
      return Page.InUse;
    }
    this.verdict = pageOf(state, this.verdict);
    return this.verdict;
  }
}

/** The page of a card in `state`; while it starts that of the attempt before. */
function pageOf(state: SessionState, before: Page): Page {
  switch (state) {
    case SessionState.Ready:
      return Page.InUse;
    case SessionState.Mute:
    case SessionState.Unreadable:
      return Page.CardUnreadable;
    case SessionState.T0Only:
      return Page.CardT0;
    case SessionState.Unsupported:
      return Page.CardUnsupported;
    case SessionState.Expired:
      return Page.CardExpired;
    case SessionState.Off:
    case SessionState.Starting:
      return before;
  }
}
