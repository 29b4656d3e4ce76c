/**
 * One check from the request to its result. Nothing of it is ever sent twice: after a loss of the link the terminal is asked what
 * came of it (GetResult), which asks nobody and uses no try.
 *
 *   checkPin --question--> decide --> continue --> result
 *      +---------- link lost ---------+--> connect again --> getResult --> result
 */
import { CommandResult } from "../../firmware/service/command-result.ts";
import { checkPin, continueCheck, getResult } from "./check-calls.ts";
import type { CheckRequest, CheckResult, Question, Verdict } from "./check-calls.ts";
import { CONNECT_AGAIN, CONNECT_ONCE, withRetries } from "./connect.ts";
import type { OpenTerminal, RetryPolicy, Terminal } from "./connect.ts";
import type { CounterClock } from "./counter-clock.ts";
import { CounterFailure, failureOf } from "./counter-failure.ts";
import { CallRefused } from "./terminal-call.ts";
import { watched } from "./watched-call.ts";

export interface CheckEvents {
  decide(question: Question): Promise<Verdict>;
  onNotice(text: string): void;
}

/** While a card works nothing is answered, and a terminal that has lost its power may be switched on again: some three minutes. */
const AFTER_LOSS: RetryPolicy = { ...CONNECT_AGAIN, tries: 25, longestWaitUs: 5_000_000 };

export class CheckRun {
  private terminal: Terminal | undefined;
  private readonly ending = new AbortController();

  /** `open` is called for each session. */
  constructor(
    private readonly open: OpenTerminal,
    private readonly clock: CounterClock,
    private readonly events: CheckEvents,
  ) {}

  /**
   * Rejects with `unsent` or `refused` when no check has begun, and with `unknown` when its outcome could not be asked for: then
   * get-result does, later.
   */
  async run(request: CheckRequest): Promise<CheckResult> {
    const first = await withRetries(this.open, CONNECT_ONCE, this.clock);
    try {
      return await this.attempt(first, request);
    } catch (error) {
      const failure = failureOf(error, "link");
      if (failure.kind !== "unknown") throw failure;
      this.events.onNotice(`${failure.why}; the terminal is asked what came of it`);
      return await this.ask(request.requestId, failure);
    } finally {
      await this.terminal?.close();
    }
  }

  /**
   * Ends the check as 取消 does, as long as nothing is on the card's contacts; `run` then resolves with what came of it. If the link is
   * lost, that is asked for once, and `run` gives it up as soon as the try that is under way has ended, and the line is free.
   */
  async abort(): Promise<void> {
    this.ending.abort();
    // A refusal, or a lost link: whoever waits for the check hears of it.
    await this.terminal?.session.abort().catch(() => undefined);
  }

  private async attempt(terminal: Terminal, request: CheckRequest): Promise<CheckResult> {
    this.terminal = terminal;
    const { session } = terminal;
    if (this.ending.signal.aborted)
      throw new CounterFailure("unsent", "nothing was sent: it was ended before");
    const step = await watched(session, this.clock, checkPin(session, request));
    if (step.step === "result") return step;
    const verdict = await this.events.decide(step);
    try {
      return await watched(session, this.clock, continueCheck(session, step, verdict));
    } catch (error) {
      const failure = failureOf(error, "link");
      // The link was lost while somebody decided: the check itself had been sent.
      if (failure.kind === "unsent") throw new CounterFailure("unknown", failure.why);
      throw failure;
    }
  }

  private async ask(requestId: string, lost: CounterFailure): Promise<CheckResult> {
    await this.terminal?.close();
    this.terminal = undefined;
    const { signal } = this.ending;
    try {
      return await withRetries(() => this.askOnce(requestId), AFTER_LOSS, this.clock, { signal });
    } catch (error) {
      if (error instanceof CallRefused && error.result === (CommandResult.NotKnown as number))
        throw unheard(error);
      const why = signal.aborted
        ? "it was ended before the terminal was there again"
        : failureOf(error, "link").why;
      const cause = `${lost.why}, and then: ${why}`;
      throw new CounterFailure("unknown", cause, `ask again: get-result --request-id ${requestId}`);
    }
  }

  /** GetResult may be asked any number of times. */
  private async askOnce(requestId: string): Promise<CheckResult> {
    const terminal = await this.open();
    try {
      return await getResult(terminal.session, requestId);
    } finally {
      await terminal.close();
    }
  }
}

/** Of a terminal that keeps the result of the last check. */
export function unheard({ result }: CallRefused): CallRefused {
  const cause =
    "the terminal has no result of this request: it was never begun, or another check has followed";
  return new CallRefused(result, cause, "look into the journal, or begin a new check with a new request id");
}
