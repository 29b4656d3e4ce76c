/** An image on the peripheral bus, as every engine of the simulator runs it: boot, then one step an answer of `idle`. */
import type { ByteNatives } from "../hal/bytes.ts";
import type { BusEvents, PeripheralBus } from "../hal/bus.ts";
import type { Rom } from "../hal/rom.ts";
import type { ResetRecord } from "../hal/watchdog.ts";
import type { Terminal } from "../firmware/terminal.ts";
import type { BusPort } from "./bus-port.ts";

/** What an engine lends to the image. */
export interface BusPlatform {
  readonly natives: ByteNatives;
  readonly rom: Rom;
  readonly bus: PeripheralBus;
  /** What the processor has kept of its last end; undefined on one that keeps nothing, and after a reset from outside. */
  readonly known?: ResetRecord;
}

export class BusTerminal {
  constructor(
    private readonly port: BusPort,
    private readonly terminal: Terminal,
  ) {
    port.watch(terminal.view);
  }

  /** Runs the terminal at `events.nowUs`, whose characters it takes over. Returns until when it idles. */
  step(events: BusEvents): number {
    if (this.port.dispatch(events)) this.terminal.wake();
    const untilUs = this.terminal.step(events.nowUs);
    this.port.reportView();
    return untilUs;
  }
}
