/**
 * A call that a person's time may be spent on. The PC does not poll, and a line that is dead says nothing: so the terminal is asked
 * meanwhile for something that it answers at once, whatever it is about.
 */
import { Request } from "../../firmware/protocol/ccid.ts";
import { ccidRequest } from "./ccid-stream.ts";
import type { CounterClock } from "./counter-clock.ts";
import type { CounterSession } from "./counter-session.ts";

/** Between two looks whether the terminal is still there. */
const LOOK_US = 5_000_000;

/** Resolves, or rejects, as `waiting` does. Without an answer to a look the session ends, and `waiting` with it. */
export async function watched<T>(
  session: Pick<CounterSession, "exchange">,
  clock: CounterClock,
  waiting: Promise<T>,
): Promise<T> {
  let isOver = false;
  let cancel = (): void => undefined;
  const later = (): void => {
    if (!isOver) cancel = clock.after(LOOK_US, look);
  };
  const look = (): void =>
    void session.exchange(ccidRequest(Request.GetSlotStatus)).then(later, () => undefined);
  later();
  try {
    return await waiting;
  } finally {
    isOver = true;
    cancel();
  }
}
