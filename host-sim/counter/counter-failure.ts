/** What goes wrong between the counter PC and the terminal, as a technician reads it: the cause, and what to do next. */

/**
 * `wire`: the cable, device or network; `no-answer`: nobody answers SABM; `link`: the reliable frames have ended; `cut`: the
 * encrypted stream has ended without its farewell; `closed`: the terminal has closed the session in order; `tls`: what answered
 * does not speak as a terminal; `key`: the key or the pair is not the terminal's; `peer`: the terminal says to be another one or
 * speaks another version; `refused`: it does not do what was asked; `unknown`: the outcome of a message that was sent is not known;
 * `unsent`: nothing was sent; `file`: the key file.
 */
export const FAILURE_KINDS = [
  "wire",
  "no-answer",
  "link",
  "cut",
  "closed",
  "tls",
  "key",
  "peer",
  "refused",
  "unknown",
  "unsent",
  "file",
] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

export class CounterFailure extends Error {
  /** `message` is both: why it failed, then what to do next, if anything. */
  constructor(
    readonly kind: FailureKind,
    readonly why: string,
    readonly next = "",
  ) {
    super(next === "" ? why : `${why}; ${next}`);
  }
}

/** Any error as a failure; what is one already stays as it is. */
export function failureOf(error: unknown, kind: FailureKind): CounterFailure {
  if (error instanceof CounterFailure) return error;
  return new CounterFailure(kind, error instanceof Error ? error.message : String(error));
}
