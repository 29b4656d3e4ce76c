/** What a portable case may use: no uvu, no Node, so that the same file runs on every engine. */
export interface Report {
  /** Counts one passed case when both are the same number, else one failed case told by `what`. */
  equal(actual: number, expected: number, what: string): void;
}
