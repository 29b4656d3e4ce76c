/**
 * The journal on its way to a collector, once or again and again. Each turn has a session of its own, so that other programs have
 * the line in between; what the collector has not taken whole is sent again.
 */
import type { CounterClock } from "./counter-clock.ts";
import { failureOf, type FailureKind } from "./counter-failure.ts";
import type { JournalPlace } from "./journal-place.ts";
import { decodeRecord } from "./journal-record.ts";
import { toSyslog } from "./syslog.ts";
import type { Caller } from "./terminal-call.ts";

/** What a session of a turn must be able to do. */
export interface JournalSession extends Caller {
  info(): { readonly terminal: string };
}

export interface SyslogParts {
  readonly place: JournalPlace;
  /** Lends a session, and takes it down. */
  readonly atTerminal: <T>(work: (session: JournalSession) => Promise<T>) => Promise<T>;
  /** Resolves when the collector has taken every line. */
  readonly send: (lines: readonly string[]) => Promise<void>;
  readonly onNotice: (text: string) => void;
}

export interface Sent {
  readonly terminal: string;
  readonly sent: number;
  /** Sequence of the last record that was sent. */
  readonly last?: number;
}

/** What no waiting mends: the key, or who answers, is another. */
const FATAL: readonly FailureKind[] = ["key", "peer", "tls"];

export class SyslogRun {
  private lastNotice = "";

  constructor(private readonly parts: SyslogParts) {}

  /** Sends what the collector has not got. */
  once(): Promise<Sent> {
    const { place, send, onNotice } = this.parts;
    return this.parts.atTerminal(async (session) => {
      const { terminal } = session.info();
      const records = await place.fetch(session, terminal, onNotice);
      const decoded = records.map(decodeRecord);
      if (decoded.length > 0) await send(decoded.map((record) => toSyslog(terminal, record)));
      place.keep(terminal, records);
      const last = decoded.at(-1)?.sequence;
      return { terminal, sent: decoded.length, ...(last === undefined ? {} : { last }) };
    });
  }

  /**
   * Sends now and every `everyUs` until `stop` has settled; a turn that has begun is done first. The first turn must succeed; what
   * fails later is told, and tried again at the next turn. Rejects with what no waiting mends.
   */
  async follow(
    everyUs: number,
    clock: CounterClock,
    stop: Promise<unknown>,
    onSent: (sent: Sent) => void,
  ): Promise<void> {
    const stopping = stop.then(() => true);
    onSent(await this.once());
    while (!(await within(everyUs, clock, stopping))) {
      const sent = await this.tried();
      if (sent !== undefined && sent.sent > 0) onSent(sent);
    }
  }

  /** Undefined when the turn has failed; the same failure is told once. */
  private async tried(): Promise<Sent | undefined> {
    try {
      const sent = await this.once();
      this.lastNotice = "";
      return sent;
    } catch (error) {
      const failure = failureOf(error, "link");
      if (FATAL.includes(failure.kind)) throw failure;
      if (failure.message !== this.lastNotice) this.parts.onNotice(`tried again: ${failure.message}`);
      this.lastNotice = failure.message;
      return undefined;
    }
  }
}

/** Whether `stopping` settles in that time. */
async function within(us: number, clock: CounterClock, stopping: Promise<boolean>): Promise<boolean> {
  let cancel = (): void => undefined;
  const passed = new Promise<boolean>((resolve) => (cancel = clock.after(us, () => resolve(false))));
  const isStopped = await Promise.race([stopping, passed]);
  cancel();
  return isStopped;
}
