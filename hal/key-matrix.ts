/** A 4×4 key matrix, scanned whole. */
export interface KeyMatrix {
  /** One bit a crossing that conducts at this instant: bit 4·row + column. Ghosts included. */
  scan(): number;
}
