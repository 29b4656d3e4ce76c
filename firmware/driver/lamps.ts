/** The three lamps. The secure-entry lamp is lit by PIN entry alone: nothing else holds a reference that can. */
import type { Pins } from "../../hal/pins.ts";

/** Output masks of the lamps, lit when high. */
export interface LampWiring {
  readonly slot: number;
  readonly secureEntry: number;
  readonly status: number;
}

export class Lamp {
  private lit = false;

  constructor(
    private readonly pins: Pins,
    private readonly mask: number,
  ) {}

  light(on: boolean): void {
    if (on === this.lit) return;
    this.lit = on;
    this.pins.set(this.mask, on ? this.mask : 0);
  }
}
