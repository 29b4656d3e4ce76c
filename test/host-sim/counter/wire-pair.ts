/** A counter line inside a test: two ends, and what happens to bytes on their way. */
import { CounterFailure } from "../../../host-sim/counter/counter-failure.ts";
import { WireEars, type CounterWire } from "../../../host-sim/counter/counter-wire.ts";
import type { ManualClock } from "./manual-clock.ts";

/** What arrives of what was sent. */
export type Noise = (bytes: Uint8Array) => Uint8Array;

export interface WirePair {
  readonly pc: CounterWire;
  readonly terminal: CounterWire;
  /** The cable is pulled: both ends are told. */
  pull(): void;
  /** From now on. */
  noise(noise: Noise): void;
}

/** `clock` is told when something arrives. */
export function wirePair(clock?: ManualClock): WirePair {
  let change: Noise = (bytes) => bytes;
  const ears = [new WireEars(), new WireEars()];
  const end = (own: WireEars, other: WireEars): CounterWire => ({
    write(bytes) {
      const arriving = change(Uint8Array.from(bytes));
      setImmediate(() => {
        clock?.noteActivity();
        other.hear(arriving);
      });
    },
    listen: (listener) => own.listen(listener),
    close() {
      own.close();
      return Promise.resolve();
    },
  });
  return {
    pc: end(ears[0]!, ears[1]!),
    terminal: end(ears[1]!, ears[0]!),
    pull: () => ears.forEach((one) => one.end(new CounterFailure("wire", "the device is gone"))),
    noise: (noise) => (change = noise),
  };
}
