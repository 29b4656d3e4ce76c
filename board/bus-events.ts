/** What an answer of `idle` is taken into. */
import { BusLimit, type BusEvents } from "../hal/bus.ts";
import type { ByteNatives } from "../hal/bytes.ts";

/** The answer's columns of one bus; its owner hands it to `idle` again and again. */
export function makeWireEvents(natives: ByteNatives): BusEvents {
  const timesUs: number[] = [];
  for (let i = 0; i < BusLimit.EventsPerIdle; i++) timesUs.push(0);
  return {
    nowUs: 0,
    edges: 0,
    count: 0,
    ports: natives.allocate(BusLimit.EventsPerIdle),
    values: natives.allocate(BusLimit.EventsPerIdle),
    flags: natives.allocate(BusLimit.EventsPerIdle),
    timesUs,
  };
}
