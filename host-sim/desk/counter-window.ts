/**
 * One window: an operator's tab, from the password to the sign-out. It takes judged messages, does what they say with register and
 * terminal, and tells the tab a state from which everything on the page is drawn. Whatever fails is told with its cause.
 */
import { CounterFailure } from "../counter/counter-failure.ts";
import { CallRefused } from "../counter/terminal-call.ts";
import { CommandResult } from "../../firmware/service/command-result.ts";
import type { PageConversation, PagePeer } from "../page/page-channel.ts";
import {
  judgeDeskMessage,
  type BookMessage,
  type CardMessage,
  type DeskMessage,
  type SeatMessage,
} from "./desk-messages.ts";
import { CaseCheck } from "./case-check.ts";
import { CaseDesk } from "./case-desk.ts";
import { DeskRefusal } from "./desk-refusal.ts";
import type { Desk } from "./desk.ts";
import { JournalBook } from "./journal-book.ts";
import { OperatorSeat } from "./operator-seat.ts";
import { SignedOutThere, type SignOutCause } from "./operator-watch.ts";

const NO_CASE = "NONE";

export class CounterWindow implements PageConversation {
  private readonly seat: OperatorSeat;
  private readonly journal: JournalBook;
  private readonly cases: CaseDesk;
  private readonly checks: CaseCheck;
  private isGone = false;

  constructor(
    private readonly desk: Desk,
    private readonly peer: PagePeer,
  ) {
    this.seat = new OperatorSeat(desk);
    this.journal = new JournalBook(desk);
    this.cases = new CaseDesk(desk, this.seat);
    this.checks = new CaseCheck({ desk, seat: this.seat, cases: this.cases }, () => this.tell());
    this.seat.onIdle = () => void this.leave("idle");
    this.tell();
  }

  async message(value: object): Promise<void> {
    const message = judgeDeskMessage(value);
    this.seat.touched();
    try {
      await this.act(message);
    } catch (error) {
      this.complain(error);
    }
    this.tell();
  }

  /** The tab has gone: its operator with it, at the terminal as well. */
  closed(): void {
    this.isGone = true;
    // Nobody is there to see what comes of a check.
    if (this.desk.occupant === this.seat) this.desk.work.cancel();
    void this.leave("gone");
  }

  tell(): void {
    if (this.isGone || this.desk.isClosed()) return;
    const { desk, seat } = this;
    const operator = seat.who();
    this.peer.send({
      type: "state",
      seat: seat.at(),
      operator: operator === undefined ? undefined : { name: operator.name, card: operator.card },
      today: desk.today(),
      hasLine: desk.parts.open !== undefined,
      busy: desk.work.busyWith(),
      isMine: desk.occupant === seat,
      phase: this.checks.phase,
      isStopped: desk.isStopped,
      isStopping: desk.work.isStopping,
      case: this.cases.state(),
    });
  }

  private act(message: DeskMessage): unknown {
    switch (message.do) {
      case "here":
        return undefined;
      case "password":
      case "card":
      case "sign-out":
      case "stop":
      case "resume":
        return this.actAtSeat(message);
      case "check":
      case "cancel":
      case "ask":
      case "suspend":
      case "lift":
        return this.actOnCard(message);
      case "journal":
      case "verify":
        return this.actOnBook(message);
      default:
        this.seat.required();
        // What the terminal is asked now belongs to the case as it is.
        if (this.checks.phase !== undefined) throw new DeskRefusal("busy", "check");
        return this.cases.act(message);
    }
  }

  private async actAtSeat(message: SeatMessage): Promise<void> {
    const { seat, desk } = this;
    switch (message.do) {
      case "password":
        return seat.password(message.login, message.password);
      case "card":
        await seat.card(message.language);
        return;
      case "sign-out":
        return this.leave("asked");
      case "stop":
        return this.stop();
      case "resume":
        await desk.work.resume(seat.required().card, this.cases.open?.number ?? NO_CASE);
        desk.isStopped = false;
    }
  }

  private async stop(): Promise<void> {
    const { seat, desk } = this;
    const { card } = seat.known();
    try {
      await desk.work.stop(card, this.cases.open?.number ?? NO_CASE);
    } catch (error) {
      if (!(error instanceof CounterFailure)) throw error;
      // Whatever it was: the terminal may be going on.
      return this.notice({ code: "not-stopped", why: error.why, next: error.next });
    }
    desk.isStopped = true;
    seat.needsCard();
  }

  private async actOnCard(message: CardMessage): Promise<void> {
    switch (message.do) {
      case "check":
        return this.checks.check(message);
      case "cancel":
        if (this.desk.occupant === this.seat) this.desk.work.cancel();
        return;
      case "ask":
        return this.checks.ask();
      case "suspend":
        return this.cases.suspend(true, message.reason);
      case "lift":
        return this.cases.suspend(false, "found");
    }
  }

  private async actOnBook(message: BookMessage): Promise<void> {
    this.seat.required();
    const journal = message.do === "journal" ? await this.journal.fetch() : this.journal.verify(message.key);
    if (this.seat.at() !== "in") return;
    const stamp = this.seat.stamp(this.cases.open?.number ?? NO_CASE);
    this.desk.parts.register.seeJournal(journal.terminal, journal.records.length, stamp);
    this.peer.send({ type: "journal", ...journal });
  }

  private async leave(why: "asked" | "idle" | "gone"): Promise<void> {
    this.cases.forget();
    if (this.desk.isClosed()) return;
    if (why === "idle") this.notice({ code: "idle", detail: "" });
    try {
      await this.seat.out();
    } catch (error) {
      this.complain(error);
    }
    this.tell();
  }

  private complain(error: unknown): void {
    if (error instanceof DeskRefusal) return this.notice({ code: error.code, detail: error.detail });
    if (!(error instanceof CounterFailure)) throw error;
    const { kind: failure, why, next } = error;
    const signOut = signOutOf(error);
    if (signOut !== undefined) {
      // The case stays as it is, and is shown again when the operator has proved the card.
      this.seat.needsCard();
      return this.notice({ code: `terminal-${signOut}`, detail: "", why, next });
    }
    const result = error instanceof CallRefused ? error.result : undefined;
    // The terminal says what this window may not know: another one has done it.
    if (result === (CommandResult.Suspended as number)) this.desk.isStopped = true;
    this.notice({ failure, result, why, next });
  }

  private notice(notice: object): void {
    if (!this.isGone) this.peer.send({ type: "notice", ...notice });
  }
}

/** Of a failure that means: the operator is not signed in at the terminal any more. */
function signOutOf(error: CounterFailure): SignOutCause | undefined {
  if (error instanceof SignedOutThere) return error.signOut;
  const isRefused = error instanceof CallRefused && error.result === (CommandResult.NoOperator as number);
  return isRefused ? "signed-out" : undefined;
}
