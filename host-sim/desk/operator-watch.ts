/**
 * Whether the operator who signed in at the terminal still is. The terminal keeps that in RAM alone and says it to nobody, but its
 * journal has a record of every start, sign-out and sign-in. So what was written since the sign-in is read, which costs one message
 * before a work that is done anyway, and changes nothing; a terminal that lets checks of nobody pass is seen through as well.
 */
import { JournalEvent } from "../../firmware/service/journal-entry.ts";
import { OperatorEvent } from "../../firmware/service/operator-records.ts";
import { CounterFailure } from "../counter/counter-failure.ts";
import { readJournal } from "../counter/journal-calls.ts";
import { decodeRecord, type JournalRecord } from "../counter/journal-record.ts";
import { strange, type Caller } from "../counter/terminal-call.ts";

/** `restarted`: its power was cut, or its watchdog bit; `signed-out`: another program, time or an emergency stop has done it. */
export const SIGN_OUT_CAUSES = ["restarted", "signed-out"] as const;
export type SignOutCause = (typeof SIGN_OUT_CAUSES)[number];

const WHY: Readonly<Record<SignOutCause, string>> = {
  restarted: "the terminal has started again, and nobody is signed in there any more",
  "signed-out": "the operator is not signed in at the terminal any more",
};

/** Nothing was asked of the terminal yet. */
export class SignedOutThere extends CounterFailure {
  constructor(readonly signOut: SignOutCause) {
    super("refused", WHY[signOut], "sign in with the operator's card again");
  }
}

/** Behind every record: an answer with the journal's bounds alone. */
const NO_RECORD = 0xffffffff;

export class OperatorWatch {
  private operator: string | undefined;
  /** The record up to which everything is known. */
  private next = 0;

  /** `operator` has just signed in over this session. */
  async begin(session: Caller, operator: string): Promise<void> {
    this.forget();
    this.next = (await readJournal(session, NO_RECORD)).next;
    this.operator = operator;
  }

  /** Nobody is watched any more. */
  forget(): void {
    this.operator = undefined;
  }

  /** Rejects with `SignedOutThere`, once. Records that are gone meanwhile tell nothing. */
  async look(session: Caller): Promise<void> {
    if (this.operator === undefined) return;
    for (;;) {
      const { first, next, records } = await readJournal(session, this.next);
      // Fewer than there were: it is another terminal's memory, or a new one.
      if (next < this.next) this.over("restarted");
      for (const bytes of records) this.judge(decodeRecord(bytes));
      if (records.length === 0 && this.next >= first && this.next < next)
        throw strange(`no record ${this.next}`);
      this.next = records.length > 0 ? this.next + records.length : Math.max(first, this.next);
      if (this.next >= next) return;
    }
  }

  private judge({ event, detail, operator }: JournalRecord): void {
    if (event === (JournalEvent.Boot as number)) this.over("restarted");
    if (event !== (JournalEvent.Operator as number)) return;
    const isOver =
      detail === (OperatorEvent.SignedOut as number) || detail === (OperatorEvent.Ended as number);
    const isOther = detail === (OperatorEvent.SignedIn as number) && operator !== this.operator;
    if (isOver || isOther) this.over("signed-out");
  }

  private over(cause: SignOutCause): never {
    this.forget();
    throw new SignedOutThere(cause);
  }
}
