/** From a line and a key to a session, and the order in which they are taken down again. */
import type { CounterClock } from "./counter-clock.ts";
import { CounterFailure, failureOf, type FailureKind } from "./counter-failure.ts";
import { CounterSession } from "./counter-session.ts";
import type { CounterWire } from "./counter-wire.ts";
import type { PairNames } from "./hello.ts";
import { LinkStream } from "./link-stream.ts";
import { SealedStream, type PairKey } from "./sealed-stream.ts";
import { openSerialWire } from "./serial-wire.ts";
import { openTcpWire } from "./tcp-wire.ts";

export type LineAddress =
  | { readonly kind: "serial"; readonly path: string; readonly baud: number }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number; readonly baud: number };

export function openWire(line: LineAddress): Promise<CounterWire> {
  return line.kind === "tcp" ? openTcpWire(line.host, line.port) : openSerialWire(line.path, line.baud);
}

/**
 * Calls the terminal over `wire`, which stays the caller's, and opens a session. Rejects with the cause.
 * Calling again begins a new session: nothing of an old one goes on.
 */
export async function openSession(
  wire: CounterWire,
  baud: number,
  key: PairKey & PairNames,
  clock: CounterClock,
): Promise<CounterSession> {
  const link = new LinkStream(wire, { baud }, clock);
  await link.opened();
  const stream = await SealedStream.open(link, key, clock);
  return CounterSession.open(stream, key, clock);
}

/** How often and how fast connecting is tried. Messages are never tried again. */
export interface RetryPolicy {
  readonly tries: number;
  readonly firstWaitUs: number;
  readonly longestWaitUs: number;
  /** What another try may mend. */
  readonly mends: readonly FailureKind[];
}

/** A session was cut while it was made: the terminal may just have started. */
export const CONNECT_ONCE: RetryPolicy = {
  tries: 3,
  firstWaitUs: 300_000,
  longestWaitUs: 1_000_000,
  mends: ["link", "cut", "closed"],
};

/** For ever, as long as it can be the line's or the terminal's power. */
export const CONNECT_AGAIN: RetryPolicy = {
  tries: Infinity,
  firstWaitUs: 500_000,
  longestWaitUs: 30_000_000,
  mends: ["wire", "no-answer", "link", "cut", "closed", "unknown"],
};

export interface RetryEvents {
  readonly onFailure?: (failure: CounterFailure) => void;
  /** There is no further try; one that is under way comes to its end. */
  readonly signal?: AbortSignal;
}

/** Tries `open` as `policy` says; the wait doubles. Rejects with what is not mended by waiting, or with the last failure. */
export async function withRetries<T>(
  open: () => Promise<T>,
  policy: RetryPolicy,
  clock: CounterClock,
  { onFailure, signal }: RetryEvents = {},
): Promise<T> {
  const isOver = (): boolean => signal?.aborted === true;
  for (let tried = 1, waitUs = policy.firstWaitUs; ; tried++) {
    try {
      return await open();
    } catch (error) {
      const failure = failureOf(error, "link");
      const isLast = tried >= policy.tries || !policy.mends.includes(failure.kind);
      if (isLast || isOver()) throw failure;
      onFailure?.(failure);
      await pause(waitUs, clock, signal);
      if (isOver()) throw failure;
    }
    waitUs = Math.min(2 * waitUs, policy.longestWaitUs);
  }
}

/** Ends early with the signal. */
function pause(us: number, clock: CounterClock, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      callOff();
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const callOff = clock.after(us, end);
    signal?.addEventListener("abort", end);
  });
}

/** A session together with the line under it. */
export interface Terminal {
  readonly session: CounterSession;
  close(): Promise<void>;
}

export type OpenTerminal = () => Promise<Terminal>;

/** Opens the line, calls, and opens a session. Whatever fails, nothing stays open. */
export async function openTerminal(
  line: LineAddress,
  key: PairKey & PairNames,
  clock: CounterClock,
): Promise<Terminal> {
  const wire = await openWire(line);
  try {
    const session = await openSession(wire, line.baud, key, clock);
    return {
      session,
      async close() {
        await session.close();
        await wire.close();
      },
    };
  } catch (error) {
    await wire.close();
    throw error;
  }
}
