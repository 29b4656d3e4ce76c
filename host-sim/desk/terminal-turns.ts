/**
 * Turns at the terminal: one thing at a time. The line is borrowed for each and given back at its end, so that others can use it in
 * between; while somebody else speaks there it is refused. Only the emergency stop goes beside another turn, or ends it.
 */
import { failureOf } from "../counter/counter-failure.ts";
import {
  CONNECT_ONCE,
  withRetries,
  type OpenTerminal,
  type RetryPolicy,
  type Terminal,
} from "../counter/connect.ts";
import type { CounterClock } from "../counter/counter-clock.ts";
import type { CounterSession } from "../counter/counter-session.ts";
import { DeskRefusal } from "./desk-refusal.ts";
import type { SaysStep } from "./spoken-step.ts";

export type Work =
  "sign-in" | "sign-out" | "check" | "ask" | "look" | "stop" | "resume" | "release" | "journal";

/** The end of a turn that ends by itself soon enough. */
export const NOTHING = (): void => undefined;

/** What is urgent and finds line or key taken comes again by itself, for some seconds: it may be sent any number of times. */
const URGENT: RetryPolicy = {
  ...CONNECT_ONCE,
  tries: 8,
  mends: [...CONNECT_ONCE.mends, "wire", "no-answer", "file", "unknown", "unsent"],
};

export class TerminalTurns {
  /** What is urgent is on its way, also while it waits for another turn to end. */
  isStopping = false;
  /** Called when `busyWith` or `isStopping` has changed. */
  onChange: () => void = () => undefined;
  protected session: CounterSession | undefined;
  private work: Work | undefined;
  private ending: Promise<void> = Promise.resolve();
  private endWork = NOTHING;

  constructor(
    private readonly open: OpenTerminal,
    protected readonly clock: CounterClock,
    protected readonly says: SaysStep,
  ) {}

  busyWith(): Work | undefined {
    return this.work;
  }

  /** Resolves when nothing is under way. */
  async whenIdle(): Promise<void> {
    while (this.work !== undefined) await this.ending;
  }

  /** Ends a check or a sign-in as 取消 does, as long as nothing is on the card's contacts. */
  cancel(): void {
    this.endWork();
  }

  /**
   * Sends it in the session of whoever's turn it is, or in its own. What is under way without a session gives way to it: a lost result
   * is asked for later. It may be sent any number of times.
   */
  protected async urgent(send: (session: CounterSession) => Promise<void>): Promise<void> {
    this.isStopping = true;
    this.onChange();
    try {
      await this.sendUrgently(send);
    } finally {
      this.isStopping = false;
      this.onChange();
    }
  }

  protected at<T>(work: Work, end: () => void, action: (session: CounterSession) => Promise<T>): Promise<T> {
    return this.during(work, end, async () =>
      used(await withRetries(() => this.lent(), CONNECT_ONCE, this.clock), action),
    );
  }

  /** `end` ends it early, from its first moment on. */
  protected async during<T>(work: Work, end: () => void, action: () => Promise<T>): Promise<T> {
    const over = this.begin(work);
    this.endWork = end;
    try {
      return await action();
    } finally {
      over();
    }
  }

  /** A session that what is urgent may use beside. */
  protected async lent(): Promise<Terminal> {
    this.says("call");
    const terminal = await this.open();
    this.session = terminal.session;
    return {
      session: terminal.session,
      close: async () => {
        if (this.session === terminal.session) this.session = undefined;
        await terminal.close();
      },
    };
  }

  private begin(work: Work): () => void {
    if (this.work !== undefined) throw new DeskRefusal("busy", this.work);
    this.work = work;
    let ended = (): void => undefined;
    this.ending = new Promise<void>((resolve) => (ended = resolve));
    this.onChange();
    return () => {
      this.work = undefined;
      ended();
      this.endWork = NOTHING;
      this.onChange();
    };
  }

  private async sendUrgently(send: (session: CounterSession) => Promise<void>): Promise<void> {
    if (this.session !== undefined) {
      try {
        return await send(this.session);
      } catch (error) {
        if (!URGENT.mends.includes(failureOf(error, "link").kind)) throw error;
      }
    }
    while (this.work !== undefined) {
      this.endWork();
      await this.ending;
    }
    return this.during("stop", NOTHING, () =>
      withRetries(async () => used(await this.lent(), send), URGENT, this.clock),
    );
  }
}

async function used<T>(
  { session, close }: Terminal,
  action: (session: CounterSession) => Promise<T>,
): Promise<T> {
  try {
    return await action(session);
  } finally {
    await close();
  }
}
