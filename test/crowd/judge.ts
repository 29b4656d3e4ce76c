/**
 * Whether what the counter has heard of each request, what the terminal's journal says, and what the cards have counted, is one
 * story: exactly one outcome for each request, none of it lost, nothing twice.
 */
import { journalKeyOf } from "../../host-sim/world/provision.ts";
import type { CheckResult } from "../../host-sim/counter/check-calls.ts";
import { verifyJournal } from "../../host-sim/counter/journal-file.ts";
import {
  decodeRecord,
  eventName,
  outcomeName,
  type JournalRecord,
} from "../../host-sim/counter/journal-record.ts";

/** A request id that was given out. */
export interface Given {
  readonly requestId: string;
  readonly caseNumber: string;
  /** Every answer to what came of it, in order. */
  readonly heard: (CheckResult | "never begun")[];
  /** Comparisons that the cards have made from its beginning to its end. */
  verifies: number;
  /** The tries of each card at its end, by serial. */
  readonly left: Record<string, number>;
}

/** What terminal and cards have kept of all of them. */
export interface Kept {
  readonly terminal: string;
  readonly secrets: Uint8Array;
  readonly records: readonly Uint8Array[];
  /** Comparisons that the cards have made, whoever asked. */
  readonly verifies: number;
}

/** `lost`: an outcome that the counter, or the journal, does not know; `doubled`: two of what must be one; `wrong`: they differ. */
export interface Finding {
  readonly kind: "lost" | "doubled" | "wrong";
  readonly text: string;
}

/** Outcomes of which the card has judged a PIN, and those of which nobody can say it. */
const JUDGED = ["OK", "WRONG"];
const UNDECIDED = ["BLOCKED", "UNKNOWN"];

export function judge(given: readonly Given[], kept: Kept): Finding[] {
  const records = kept.records.map(decodeRecord);
  const counted = given.reduce((sum, { verifies }) => sum + verifies, 0);
  const unasked = kept.verifies - counted;
  return [
    ...chainOf(kept),
    ...strangers(given, records),
    ...(unasked === 0 ? [] : [{ kind: "doubled", text: `${unasked} VERIFY are of no request` } as const]),
    ...given.flatMap((one) => new Trial(one, records).findings()),
  ];
}

function chainOf({ terminal, secrets, records }: Kept): Finding[] {
  const key = { terminal, journalKey: journalKeyOf(secrets), development: true };
  const { verified, firstBreak } = verifyJournal({ terminal, records }, key);
  if (verified === records.length && records.length > 0) return [];
  return [{ kind: "wrong", text: `the journal: ${firstBreak?.why ?? "no records"}` }];
}

/** Records of checks that nobody has asked for, and results that name one record. */
function strangers(given: readonly Given[], records: readonly JournalRecord[]): Finding[] {
  const cases = new Set(given.map(({ caseNumber }) => caseNumber));
  const unasked = records.filter((one) => isOfCheck(one) && !cases.has(one.caseNumber));
  const sequences = given.flatMap(({ heard }) => [
    ...new Set(heard.map((one) => (one === "never begun" ? 0 : one.sequence))),
  ]);
  const shared = sequences.filter((one, at) => one !== 0 && sequences.indexOf(one) !== at);
  return [
    ...unasked.map(({ sequence }): Finding => ({
      kind: "doubled",
      text: `record ${sequence} is of no request`,
    })),
    ...shared.map((one): Finding => ({
      kind: "doubled",
      text: `record ${one} is the outcome of two requests`,
    })),
  ];
}

function isOfCheck({ event }: JournalRecord): boolean {
  return ["ATTEMPT", "OUTCOME"].includes(eventName(event));
}

class Trial {
  private readonly outcomes: readonly JournalRecord[];
  private readonly attempts: readonly JournalRecord[];

  constructor(
    private readonly given: Given,
    records: readonly JournalRecord[],
  ) {
    const own = records.filter(({ caseNumber }) => caseNumber === given.caseNumber);
    this.outcomes = own.filter(({ event }) => eventName(event) === "OUTCOME");
    this.attempts = own.filter(({ event }) => eventName(event) === "ATTEMPT");
  }

  findings(): Finding[] {
    const { heard } = this.given;
    const found = [...this.twice()];
    const answers = new Set(heard.map((one) => JSON.stringify(one)));
    if (answers.size > 1) found.push(this.finding("doubled", `was answered ${[...answers].join(" and ")}`));
    const [first] = heard;
    if (first === undefined) found.push(this.finding("lost", "was never answered"));
    else if (first === "never begun") found.push(...this.unbegun());
    else found.push(...this.told(first));
    return found;
  }

  private twice(): Finding[] {
    const { verifies } = this.given;
    const found: Finding[] = [];
    if (this.outcomes.length > 1) found.push(this.finding("doubled", `has ${this.outcomes.length} outcomes`));
    if (this.attempts.length > 1) found.push(this.finding("doubled", `has ${this.attempts.length} attempts`));
    if (verifies > 1) found.push(this.finding("doubled", `the card compared ${verifies} times`));
    if (verifies > this.attempts.length) found.push(this.finding("wrong", "a VERIFY without its record"));
    return found;
  }

  /** The counter takes it for a check that never was. */
  private unbegun(): Finding[] {
    const { verifies } = this.given;
    if (this.outcomes.length + this.attempts.length + verifies === 0) return [];
    return [this.finding("lost", `is unknown to the terminal, and has ${this.outcomes.length} outcomes`)];
  }

  private told(result: CheckResult): Finding[] {
    const [record] = this.outcomes;
    if (record === undefined) return [this.finding("lost", `was answered ${result.outcome}, in no record`)];
    const written = [outcomeName(record.detail), record.sequence, record.insertion].join();
    const said = [result.outcome, result.sequence, result.insertion].join();
    const found = [...this.counted(result)];
    if (written !== said)
      found.push(this.finding("wrong", `was answered ${said}, and written as ${written}`));
    if (result.requestId !== this.given.requestId)
      found.push(this.finding("wrong", "was answered for another"));
    return found;
  }

  /** What the card itself knows of it. */
  private counted({ outcome, serial, triesLeft }: CheckResult): Finding[] {
    const { verifies, left } = this.given;
    const mustBe = JUDGED.includes(outcome) ? [1] : UNDECIDED.includes(outcome) ? [0, 1] : [0];
    const found: Finding[] = [];
    if (!mustBe.includes(verifies)) found.push(this.finding("wrong", `${outcome} with ${verifies} VERIFY`));
    const of = left[serial];
    if (serial !== "" && of === undefined) found.push(this.finding("wrong", `of a card ${serial}`));
    else if (triesLeft !== undefined && triesLeft !== of)
      found.push(this.finding("wrong", `${outcome} with ${triesLeft} tries, and the card has ${of}`));
    return found;
  }

  private finding(kind: Finding["kind"], what: string): Finding {
    return { kind, text: `${this.given.caseNumber} ${what}` };
  }
}
