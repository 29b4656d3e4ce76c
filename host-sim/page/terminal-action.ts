/** What people do to a terminal; the words for it are those of recorded sessions. */
import type { RecordedAction } from "../scenario-file/recording.ts";

/** A simulator that is alive has no reset button. */
export type TerminalAction = Exclude<RecordedAction, { readonly do: "reset" }>;

export interface TimedAction {
  /** Since the power came on. */
  readonly atNs: number;
  readonly action: TerminalAction;
}
