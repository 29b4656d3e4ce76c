/**
 * One window: an operator's tab, from the password to the sign-out. It takes judged messages, does what they say with register and
 * terminal, and tells the tab a state from which everything on the page is drawn. Whatever fails is told with its cause.
 */
import type { CheckRequest, CheckResult } from "../counter/check-calls.ts";
import { CounterFailure } from "../counter/counter-failure.ts";
import { CallRefused } from "../counter/terminal-call.ts";
import { CommandResult } from "../../firmware/service/command-result.ts";
import type { PageConversation, PagePeer } from "../page/page-channel.ts";
import {
  judgeDeskMessage,
  type BookMessage,
  type CardMessage,
  type CheckMessage,
  type DeskMessage,
  type SeatMessage,
} from "./desk-messages.ts";
import { CaseDesk } from "./case-desk.ts";
import { DeskRefusal } from "./desk-refusal.ts";
import type { Desk } from "./desk.ts";
import { JournalBook } from "./journal-book.ts";
import type { OpenCase } from "./open-case.ts";
import { OperatorSeat } from "./operator-seat.ts";
import { SignedOutThere, type SignOutCause } from "./operator-watch.ts";
import type { ResidentService } from "./services.ts";
import type { Phase } from "./terminal-work.ts";

const NO_CASE = "NONE";

export class CounterWindow implements PageConversation {
  private readonly seat: OperatorSeat;
  private readonly journal: JournalBook;
  private readonly cases: CaseDesk;
  private phase: Phase | undefined;
  private isGone = false;

  constructor(
    private readonly desk: Desk,
    private readonly peer: PagePeer,
  ) {
    this.seat = new OperatorSeat(desk);
    this.journal = new JournalBook(desk);
    this.cases = new CaseDesk(desk, this.seat);
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
      phase: this.phase,
      isStopped: desk.isStopped,
      case: this.cases.state(),
      suspended: seat.at() === "in" && this.cases.open === undefined ? desk.parts.register.suspended() : [],
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
        // What the terminal is asked now belongs to it.
        if (message.do === "close" && this.phase !== undefined) throw new DeskRefusal("busy", "check");
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
        await desk.work.stop(seat.known().card, this.cases.open?.number ?? NO_CASE);
        desk.isStopped = true;
        return seat.needsCard();
      case "resume":
        await desk.work.resume(seat.required().card, this.cases.open?.number ?? NO_CASE);
        desk.isStopped = false;
    }
  }

  private async actOnCard(message: CardMessage): Promise<void> {
    switch (message.do) {
      case "check":
        return this.check(message);
      case "cancel":
        if (this.desk.occupant === this.seat) this.desk.work.cancel();
        return;
      case "ask":
        return this.ask();
      case "suspend":
        return this.cases.suspend(true, message.reason);
      case "lift":
        return this.cases.suspend(false, "found");
    }
  }

  private async actOnBook(message: BookMessage): Promise<void> {
    this.seat.required();
    const journal = message.do === "journal" ? await this.journal.fetch() : this.journal.verify(message.key);
    if (this.seat.at() === "in") this.peer.send({ type: "journal", ...journal });
  }

  private async check({ language, lastTry, finish }: CheckMessage): Promise<void> {
    const { desk, seat } = this;
    const open = this.cases.case();
    const operator = seat.required();
    open.mayAsk();
    const requestId = desk.parts.requestId();
    const service = open.service as ResidentService;
    const [first] = open.members;
    const change = { birth: first?.resident.birth ?? "", finish };
    const request: CheckRequest = {
      ...{
        requestId,
        service,
        language,
        date: desk.today(),
        operator: operator.card,
        caseNumber: open.number,
      },
      ...(service === "pin-change" ? { change, mayUseLastTry: false } : { mayUseLastTry: lastTry }),
    };
    // Two wrong ones in a row are this terminal's limit: the third is the staff's to allow, in the operator's name.
    if (lastTry && service !== "pin-change") await desk.work.release(operator.card, open.number);
    if (desk.work.busyWith() !== undefined) throw new DeskRefusal("busy", desk.work.busyWith());
    open.began(requestId);
    let wasLost = false;
    try {
      const result = await desk.work.check(request, {
        decide: ({ serial }) => {
          // In emergency stop no card is read.
          desk.isStopped = false;
          return this.cases.open === open ? open.decide(serial) : "stop";
        },
        onPhase: (phase) => {
          this.phase = phase;
          wasLost ||= phase === "lost";
          if (phase === "card") open.asked();
          this.tell();
        },
      });
      this.take(open, result, operator.card);
    } catch (error) {
      if (error instanceof CounterFailure && error.kind === "unknown") open.lost();
      else {
        open.forget();
        if (wasLost) await this.lookAgain();
      }
      throw error;
    } finally {
      this.phase = undefined;
    }
    if (wasLost) await this.lookAgain();
  }

  /** The line was lost: it may have been the terminal's power. Who has left meanwhile is being signed out. */
  private async lookAgain(): Promise<void> {
    if (this.seat.at() === "in") await this.desk.work.look();
  }

  /** What came of a check whose answer was lost: the terminal is asked, and nobody at it. */
  private async ask(): Promise<void> {
    const open = this.cases.case();
    try {
      const { card } = this.seat.required();
      this.take(open, await this.desk.work.ask(open.unheard()), card);
    } catch (error) {
      // It has nothing of it: a new one is a person's decision.
      if (error instanceof CallRefused && error.result === (CommandResult.NotKnown as number)) open.forget();
      throw error;
    }
    await this.lookAgain();
  }

  /** An answer is written down under the operator and the case it belongs to, also when the window has been left meanwhile. */
  private take(open: OpenCase, result: CheckResult, operator: string): void {
    if (this.desk.isClosed()) return;
    const verdict = open.take(result);
    const { requestId: request, serial, outcome, sequence: record } = result;
    const stamp = { operator, caseNumber: open.number, time: this.desk.now() };
    this.desk.parts.register.answered({ request, serial, outcome, verdict, record }, stamp);
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
