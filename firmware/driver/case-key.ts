/** The key switch of the case. Whoever has its key is staff: turned to service, it stands for them at this terminal. */
import type { Pins } from "../../hal/pins.ts";

export class CaseKey {
  /** `maskN`: the input that the switch closes to ground in its service position. */
  constructor(
    private readonly pins: Pins,
    private readonly maskN: number,
  ) {}

  isTurned(): boolean {
    return (this.pins.read() & this.maskN) === 0;
  }
}
