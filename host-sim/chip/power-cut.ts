/** The supply is gone at this instant: thrown out of the bus by the chip that was told when, caught by whoever cut it. */
export class PowerCut extends Error {
  constructor(readonly chip: string) {
    super(`the power is gone; seen by ${chip}`);
  }
}
