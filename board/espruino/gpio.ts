/** hal/pins on Espruino: outputs by bit, and the one input that is watched, for a card may leave and come back between two steps. */
import type { Pins } from "../../hal/pins.ts";
import type { Pin } from "./api.ts";
import type { PicoPins } from "./pins.ts";

declare function digitalWrite(pin: Pin, value: number): void;
declare function digitalRead(pin: Pin): number;
declare function pinMode(pin: Pin, mode: string): void;
declare function setWatch(run: () => void, pin: Pin, options: object): void;

/** Bit 0 of the inputs; bit 1 is the key switch of the case. */
const CARD_ABSENT_N = 1;

export class EspruinoPins implements Pins {
  private readonly outputs: readonly Pin[];
  private readonly cardAbsentN: Pin;
  private readonly serviceKeyN: Pin;
  private edges = 0;

  /** `wake` is called at each edge. CMDVCCN is driven high first: the card is off before anything else happens. */
  constructor(pins: PicoPins, wake: () => void) {
    this.outputs = pins.outputs;
    this.cardAbsentN = pins.cardAbsentN;
    this.serviceKeyN = pins.serviceKeyN;
    this.set(-1, pins.outputsAtReset);
    pinMode(pins.cardAbsentN, "input_pullup");
    pinMode(pins.serviceKeyN, "input_pullup");
    const seen = (): void => {
      this.edges = CARD_ABSENT_N;
      wake();
    };
    setWatch(seen, pins.cardAbsentN, { repeat: true, edge: "both" });
  }

  set(mask: number, value: number): void {
    for (let bit = 0; bit < this.outputs.length; bit++) {
      if (((mask >> bit) & 1) !== 0) digitalWrite(this.outputs[bit], (value >> bit) & 1);
    }
  }

  read(): number {
    return digitalRead(this.cardAbsentN) | (digitalRead(this.serviceKeyN) << 1);
  }

  takeEdges(): number {
    const edges = this.edges;
    this.edges = 0;
    return edges;
  }
}
