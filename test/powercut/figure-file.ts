/** Where `make powercut` leaves its figure for `make bench`. */
export const FIGURE_FILE = "build/powercut.json";

export interface CleanCuts {
  /** Cut points after which nothing was wrong. */
  readonly clean: number;
}
