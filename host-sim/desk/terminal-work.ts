/** What the window does at the terminal, each in a turn of its own. Nothing but the emergency stop is ever sent twice by itself. */
import type { LanguageCode } from "../world/language-code.ts";
import { StaffCommand } from "../../firmware/service/staff-commands.ts";
import {
  getResult,
  type CheckRequest,
  type CheckResult,
  type Question,
  type Verdict,
} from "../counter/check-calls.ts";
import { CheckRun } from "../counter/check-run.ts";
import { CounterFailure } from "../counter/counter-failure.ts";
import type { Terminal } from "../counter/connect.ts";
import { ackJournal, setClock } from "../counter/journal-calls.ts";
import { fetchJournal, type FetchedJournal } from "../counter/journal-fetch.ts";
import { signIn, signOut, type SignInResult } from "../counter/operator-calls.ts";
import { call } from "../counter/terminal-call.ts";
import { watched } from "../counter/watched-call.ts";
import { OperatorWatch } from "./operator-watch.ts";
import { stepOf } from "./spoken-step.ts";
import { NOTHING, TerminalTurns } from "./terminal-turns.ts";

/** Of a check, as far as the window knows: the terminal's own display says more. */
export type Phase = "calling" | "card" | "entry" | "lost";

export interface CheckEvents {
  /** No try was used yet; silence for 10 s would end the check as TIMEOUT. */
  decide(question: Question): Verdict;
  onPhase(phase: Phase): void;
}

const SECOND_MS = 1000;

export class TerminalWork extends TerminalTurns {
  private readonly watch = new OperatorWatch();

  /** The clock of the terminal's journal is set as well: `seconds` since 1970-01-01 UTC. */
  signIn(language: LanguageCode, seconds: number): Promise<SignInResult> {
    let isOver = false;
    const end = (): void => {
      isOver = true;
      if (this.session === undefined) return;
      this.says("abort");
      void this.session.abort().catch(() => undefined);
    };
    const goesOn = (): void => {
      if (isOver) throw new CounterFailure("unsent", "nobody was asked for: it was ended before");
    };
    return this.at("sign-in", end, async (session) => {
      goesOn();
      this.says("set-clock", { to: new Date(seconds * SECOND_MS).toISOString() });
      await setClock(session, seconds);
      goesOn();
      this.says("sign-in", { language });
      const result = await watched(session, this.clock, signIn(session, language));
      if (result.outcome === "OK") await this.watch.begin(session, result.operator);
      return result;
    });
  }

  signOut(): Promise<void> {
    this.watch.forget();
    return this.at("sign-out", NOTHING, (session) => {
      this.says("sign-out");
      return signOut(session);
    });
  }

  /** Rejects as `CheckRun.run` does, and with `SignedOutThere` before anything was asked. */
  check(request: CheckRequest, events: CheckEvents): Promise<CheckResult> {
    let isFirst = true;
    let isLost = false;
    const run = new CheckRun(
      async () => {
        const terminal = await this.lent();
        // Behind a loss what came of the check is asked for first, whoever is signed in.
        if (!isFirst) {
          this.says("get-result", { request: request.requestId });
          return terminal;
        }
        isFirst = false;
        await this.looked(terminal);
        events.onPhase("card");
        this.says(...stepOf(request));
        return terminal;
      },
      this.clock,
      {
        decide: (question) => {
          const verdict = events.decide(question);
          this.says("continue", { verdict });
          events.onPhase("entry");
          return Promise.resolve(verdict);
        },
        onNotice: () => {
          isLost = true;
          events.onPhase("lost");
        },
      },
    );
    const end = (): void => {
      if (this.session !== undefined && !isLost) this.says("abort");
      void run.abort();
    };
    return this.during("check", end, () => {
      events.onPhase("calling");
      return run.run(request);
    });
  }

  /** What came of a check; asks nobody. */
  ask(requestId: string): Promise<CheckResult> {
    return this.at("ask", NOTHING, (session) => {
      this.says("get-result", { request: requestId });
      return getResult(session, requestId);
    });
  }

  /** Whether the operator is still signed in: rejects with `SignedOutThere` when not. */
  look(): Promise<void> {
    return this.at("look", NOTHING, (session) => this.watch.look(session));
  }

  /** The emergency stop, also in the middle of a check or a sign-in. */
  stop(operator: string, caseNumber: string): Promise<void> {
    return this.urgent(async (session) => {
      this.says("suspend", { operator, case: caseNumber });
      await call(session, StaffCommand.Suspend, spelled(operator, caseNumber));
    });
  }

  resume(operator: string, caseNumber: string): Promise<void> {
    return this.at("resume", NOTHING, async (session) => {
      await this.watch.look(session);
      this.says("resume", { operator, case: caseNumber });
      await call(session, StaffCommand.Resume, spelled(operator, caseNumber));
    });
  }

  /** Every card, and the terminal's own limit of wrong entries, begins anew. */
  release(operator: string, caseNumber: string): Promise<void> {
    return this.at("release", NOTHING, async (session) => {
      await this.watch.look(session);
      this.says("release", { operator, case: caseNumber });
      await call(session, StaffCommand.Release, spelled(operator, caseNumber));
    });
  }

  /** The records from `from` on, and the terminal's name. `keep` has them on the disk when it returns how far they may be overwritten, 0 = not at all. */
  journal(
    from: (terminal: string) => number | undefined,
    keep: (terminal: string, journal: FetchedJournal) => number,
  ): Promise<string> {
    return this.at("journal", NOTHING, async (session) => {
      await this.watch.look(session);
      const { terminal } = session.info();
      const begin = from(terminal);
      const journal = await fetchJournal(session, begin);
      const upTo = keep(terminal, journal);
      if (upTo > journal.acknowledged) await ackJournal(session, upTo);
      return terminal;
    });
  }

  private async looked({ session, close }: Terminal): Promise<void> {
    try {
      await this.watch.look(session);
    } catch (error) {
      await close();
      throw error;
    }
  }
}

/** Each with its length in front. */
function spelled(...names: readonly string[]): Uint8Array {
  return Buffer.concat(names.map((name) => Buffer.from([name.length, ...Buffer.from(name, "latin1")])));
}
