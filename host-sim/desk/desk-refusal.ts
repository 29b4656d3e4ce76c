/** What the window does not do, by a name that the page has words for, in its own language. */
export const REFUSAL_CODES = [
  "wait",
  "wrong-password",
  "signed-in-elsewhere",
  "other-operator-card",
  "sign-in-outcome",
  "not-signed-in",
  "busy",
  "case-is-open",
  "no-case",
  "no-resident",
  "not-this-way",
  "already-proved",
  "unknown-first",
  "not-open",
  "not-suspendable",
  "not-stopped",
  "journal-key",
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

export class DeskRefusal extends Error {
  constructor(
    readonly code: RefusalCode,
    /** Seconds, an outcome, a name: what the words need beside. Of `journal-key` the cause, in English. */
    readonly detail: string = "",
  ) {
    super(detail === "" ? code : `${code}: ${detail}`);
  }
}
