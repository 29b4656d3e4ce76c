/** The key matrix on Espruino: one row low at a time, the others open, so that two keys held never short two outputs. */
import type { KeyMatrix } from "../../hal/key-matrix.ts";
import type { Pin } from "./api.ts";
import type { PicoPins } from "./pins.ts";

declare function digitalWrite(pin: Pin, value: number): void;
/** The first pin is the highest bit. */
declare function digitalRead(pins: readonly Pin[]): number;
declare function pinMode(pin: Pin, mode: string): void;

const ROWS = 4;
const ALL_COLUMNS = 15;

export class EspruinoMatrix implements KeyMatrix {
  private readonly rows: readonly Pin[];
  private readonly columns: readonly Pin[];

  constructor(pins: PicoPins) {
    const columns = pins.keyColumns;
    this.rows = pins.keyRows;
    this.columns = [columns[3], columns[2], columns[1], columns[0]];
    for (let i = 0; i < ROWS; i++) {
      pinMode(this.rows[i], "opendrain");
      digitalWrite(this.rows[i], 1);
      pinMode(columns[i], "input_pullup");
    }
  }

  scan(): number {
    let crossings = 0;
    for (let row = 0; row < ROWS; row++) {
      digitalWrite(this.rows[row], 0);
      crossings = crossings | ((digitalRead(this.columns) ^ ALL_COLUMNS) << (4 * row));
      digitalWrite(this.rows[row], 1);
    }
    return crossings;
  }
}
