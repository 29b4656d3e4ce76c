/** Digital pins of one board as bit masks; which bit is which pin is the board's data (`board/<board>/pins.ts`). */
export interface Pins {
  /** Drives the outputs in `mask` to the bits of `value`; the others keep their level. */
  set(mask: number, value: number): void;
  /** The levels of all inputs at this instant. */
  read(): number;
  /** Inputs that changed since the last call, however shortly; the call clears them. */
  takeEdges(): number;
}
