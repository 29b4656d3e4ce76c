/** A check for the open case at the terminal, from the press of the button to the answer in the book, also when the line is lost meanwhile. */
import type { CheckRequest, CheckResult } from "../counter/check-calls.ts";
import { CounterFailure } from "../counter/counter-failure.ts";
import { CallRefused } from "../counter/terminal-call.ts";
import { CommandResult } from "../../firmware/service/command-result.ts";
import type { CaseDesk } from "./case-desk.ts";
import type { CheckMessage } from "./desk-messages.ts";
import { DeskRefusal } from "./desk-refusal.ts";
import type { Desk } from "./desk.ts";
import type { OpenCase } from "./open-case.ts";
import type { OperatorSeat } from "./operator-seat.ts";
import { SignedOutThere } from "./operator-watch.ts";
import { DEEDS, type ResidentService } from "./services.ts";
import type { Phase } from "./terminal-work.ts";

export interface CaseCheckParts {
  readonly desk: Desk;
  readonly seat: OperatorSeat;
  readonly cases: CaseDesk;
}

export class CaseCheck {
  /** Undefined while nothing is asked. */
  phase: Phase | undefined;
  private readonly desk: Desk;
  private readonly seat: OperatorSeat;
  private readonly cases: CaseDesk;

  /** `onPhase` is called when there is something new to show. */
  constructor(
    { desk, seat, cases }: CaseCheckParts,
    private readonly onPhase: () => void,
  ) {
    this.desk = desk;
    this.seat = seat;
    this.cases = cases;
  }

  /** Asks the terminal for the PIN of whoever the case waits for. */
  async check(message: CheckMessage): Promise<void> {
    const { desk } = this;
    const open = this.cases.case();
    open.mayAsk();
    const request = this.request(open, message);
    const { operator, mayUseLastTry } = request;
    // Two wrong ones in a row are this terminal's limit: the third is the staff's to allow, in the operator's name.
    if (mayUseLastTry) await desk.work.release(operator, open.number);
    if (desk.work.busyWith() !== undefined) throw new DeskRefusal("busy", desk.work.busyWith());
    open.began({ requestId: request.requestId, operator, isLastTry: mayUseLastTry });
    let wasLost = false;
    try {
      const result = await desk.work.check(request, {
        decide: ({ serial }) => {
          // In emergency stop no card is read.
          desk.isStopped = false;
          return this.cases.open === open ? open.decide(serial) : "other-card";
        },
        onPhase: (phase) => {
          this.phase = phase;
          wasLost ||= phase === "lost";
          if (phase === "card") open.asked();
          this.onPhase();
        },
      });
      this.take(open, result, operator);
    } catch (error) {
      if (error instanceof CounterFailure && error.kind === "unknown") this.unheard(open);
      else {
        open.forget();
        // What came of the check is told first; but who is not signed in any more has to know that.
        if (wasLost) await this.lookAgain().catch(tellSignOut);
      }
      throw error;
    } finally {
      this.phase = undefined;
    }
    if (wasLost) await this.lookAgain();
  }

  /** What came of a check whose answer was lost: the terminal is asked, and nobody at it. */
  async ask(): Promise<void> {
    const open = this.cases.case();
    try {
      const { card } = this.seat.required();
      this.take(open, await this.desk.work.ask(open.unheard().requestId), card);
    } catch (error) {
      // It has nothing of it: a new one is a person's decision.
      if (error instanceof CallRefused && error.result === (CommandResult.NotKnown as number)) open.forget();
      throw error;
    }
    await this.lookAgain();
  }

  private request(open: OpenCase, { language, lastTry, finish }: CheckMessage): CheckRequest {
    const { desk, seat } = this;
    const [first] = open.members;
    const { card: operator } = seat.required();
    const service = open.service as ResidentService;
    const change = { birth: first?.resident.birth ?? "", finish };
    return {
      ...{ requestId: desk.parts.requestId(), service, language, operator },
      ...{ date: desk.today(), caseNumber: open.number },
      ...(service === "pin-change" ? { change, mayUseLastTry: false } : { mayUseLastTry: lastTry }),
    };
  }

  /** The line was lost: it may have been the terminal's power. Who has left meanwhile is being signed out. */
  private async lookAgain(): Promise<void> {
    const { work } = this.desk;
    if (this.seat.at() === "in" && work.busyWith() === undefined) await work.look();
  }

  /** An answer is written down under the operator and the case it belongs to, also when the window has been left meanwhile. */
  private take(open: OpenCase, result: CheckResult, operator: string): void {
    if (this.desk.isClosed()) return;
    const verdict = open.take(result);
    const { requestId: request, serial, outcome, sequence: record } = result;
    const stamp = { operator, caseNumber: open.number, time: this.desk.now() };
    const { register } = this.desk.parts;
    register.answered({ request, serial, outcome, verdict, record }, stamp);
    const [first] = open.members;
    const isChanged = open.service === "pin-change" && outcome === "OK";
    if (!isChanged || first?.resident.card?.serial !== serial) return;
    // The card has done it already, whatever the register says of it by now.
    register.done(DEEDS["pin-change"], [first.resident.id], stamp);
    open.isDone = verdict === "open";
  }

  /** Nobody knows what came of it. Whoever asks later does it from the open case; when that was left, it ends here. */
  private unheard(open: OpenCase): void {
    open.lost();
    if (this.cases.open !== open) this.cases.endUnheard(open);
  }
}

function tellSignOut(error: unknown): void {
  if (error instanceof SignedOutThere) throw error;
}
