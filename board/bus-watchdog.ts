/** hal/watchdog.ts on the peripheral bus, and a boot's first request. */
import { BootKnown, type PeripheralBus } from "../hal/bus.ts";
import type { ResetRecord, Watchdog } from "../hal/watchdog.ts";

export class BusWatchdog implements Watchdog {
  constructor(private readonly bus: PeripheralBus) {}

  start(parts: number): void {
    this.bus.watchdogStart(parts);
  }

  progress(part: number): void {
    this.bus.progress(part);
  }
}

/** Says that the program starts. `known` is what the processor itself knows of why; returns what is to be believed. */
export function bootOver(bus: PeripheralBus, known: ResetRecord | undefined): ResetRecord {
  const told =
    known === undefined ? bus.boot(BootKnown.Nothing, BootKnown.Nothing) : bus.boot(known.reason, known.part);
  return { reason: told & 255, part: told >> 8 };
}
