/**
 * Journal, ledger, token bucket and stored result over one store, in the commits of a resident check. The card is beside them: its
 * counter is lowered as soon as the attempt's commit has come back, whether the terminal lives to see it or not.
 */
import type { CaseKey } from "../../firmware/driver/case-key.ts";
import type { CardPages } from "../../firmware/service/card-pages.ts";
import { CheckMemory } from "../../firmware/service/check-memory.ts";
import { CheckRequest } from "../../firmware/service/check-request.ts";
import { Configuration } from "../../firmware/service/configuration.ts";
import { JournalEntry, JournalEvent } from "../../firmware/service/journal-entry.ts";
import { Journal } from "../../firmware/service/journal.ts";
import { Judgement, Ledger, Settlement } from "../../firmware/service/ledger.ts";
import { OperatorRecords } from "../../firmware/service/operator-records.ts";
import { OperatorSession } from "../../firmware/service/operator-session.ts";
import { Outcome } from "../../firmware/service/outcome.ts";
import type { ResidentCheck } from "../../firmware/service/resident-check.ts";
import { StaffCommands } from "../../firmware/service/staff-commands.ts";
import { CheckResult, StoredResult } from "../../firmware/service/stored-result.ts";
import { TokenBucket } from "../../firmware/service/token-bucket.ts";
import { PinName } from "../../firmware/service/view.ts";
import { NODE_NATIVES } from "../../host-sim/engine/node-natives.ts";
import { ServiceBench } from "../firmware/service/service-bench.ts";
import { chainFindings, FIRST_KEY } from "./journal-chain.ts";

export const TODAY = 0x20260302;
const SERIAL = Uint8Array.from(Buffer.from("012345678901234"));
const OBJECT = 1;
const NAMES = Buffer.from("\x04SATO\x07CASE-99", "latin1");
const REQUEST = Uint8Array.from({ length: 16 }, (_, at) => 0x70 + at);

/** A terminal after its boot, with a card in it. */
export class CheckBench extends ServiceBench {
  journal!: Journal;
  ledger!: Ledger;
  bucket!: TokenBucket;
  results!: StoredResult;
  /** The case's key is turned. */
  staff!: StaffCommands;
  /** Of a check on the card's first PIN, whose own memory this is. */
  memory!: CheckMemory;
  /** The pages say so. */
  isServing = true;
  /** What the card says. */
  counter: number;

  constructor(memory: Uint8Array | undefined, counter: number) {
    super(memory);
    this.counter = counter;
    this.start();
    if (memory === undefined) this.commit(() => this.journal.putFirst(FIRST_KEY));
  }

  override boot(): void {
    super.boot();
    this.start();
  }

  /** Before VERIFY, in one commit; then the card has it. */
  attempt(): void {
    this.commit(
      () =>
        this.ledger.pend(this.counter, 0) + this.journal.put(this.record(JournalEvent.Attempt, OBJECT), 0),
    );
    this.counter--;
  }

  /** After it, the largest commit. */
  outcome(settlement: Settlement, outcome: Outcome): void {
    this.commit(() => {
      const settled = this.ledger.settle(settlement);
      const written = this.journal.put(this.record(JournalEvent.Outcome, outcome), 0);
      return settled + written + this.results.put(this.result(outcome));
    });
  }

  record(event: JournalEvent, detail = 0): JournalEntry {
    const entry = new JournalEntry(NODE_NATIVES);
    entry.restart(event);
    entry.detail = detail;
    entry.insertion = 7;
    return entry;
  }

  look(): void {
    this.ledger.look(SERIAL, SERIAL.length, OBJECT);
  }

  /** What the next entry with the card would be, after its counter has been read again if need be. */
  judgeAgain(): Judgement {
    this.look();
    if (this.ledger.isPending()) this.commit(() => this.ledger.resolve(this.counter));
    return this.ledger.judge(TODAY);
  }

  /** One of the staff's commands, as it comes from a counter; its result. */
  perform(command: number): number {
    if (!this.staff.decode(NAMES, 0, NAMES.length)) throw new Error("names that are none");
    return this.staff.perform(command, 0);
  }

  /** The outcome that whoever asks is told. */
  storedOutcome(): Outcome | undefined {
    const result = new CheckResult(NODE_NATIVES);
    return this.results.find(REQUEST, 0, result) ? result.outcome : undefined;
  }

  /** Whether the ledger has an attempt on the card's first PIN that is not decided. */
  isFirstPending(): boolean {
    this.ledger.look(SERIAL, SERIAL.length, PinName.Juki);
    return this.ledger.isPending();
  }

  hasResult(): boolean {
    return this.results.find(REQUEST, 0, new CheckResult(NODE_NATIVES));
  }

  /** What is wrong with the records from `from` on, as an auditor judges them. */
  chainFindings(from: number): string[] {
    return chainFindings(this.journal, from);
  }

  private result(outcome: Outcome): CheckResult {
    const result = new CheckResult(NODE_NATIVES);
    NODE_NATIVES.copy(REQUEST, 0, result.requestId, 0, REQUEST.length);
    result.outcome = outcome;
    result.triesLeft = this.counter;
    result.sequence = this.journal.sequence();
    NODE_NATIVES.copy(SERIAL, 0, result.serial, 0, SERIAL.length);
    result.serialLength = SERIAL.length;
    return result;
  }

  private startCommands(): void {
    const { natives, store, journal, ledger, results } = this;
    const pages = {
      takeOutOfService: () => (this.isServing = false),
      putIntoService: () => (this.isServing = true),
    } as unknown as CardPages;
    this.isServing = true;
    const caseKey = { isTurned: () => true } as unknown as CaseKey;
    const configuration = new Configuration(natives, store);
    const operators = new OperatorSession(natives, new OperatorRecords(natives, journal), configuration);
    const around = { store, configuration, journal, ledger, pages, caseKey, operators };
    this.staff = new StaffCommands(natives, around);
    this.staff.start();
    const request = new CheckRequest(natives);
    natives.copy(REQUEST, 0, request.requestId, 0, REQUEST.length);
    const check = { request, identity: { serial: SERIAL }, isIdentified: true, insertion: 7, triesLeft: 3 };
    this.memory = new CheckMemory(natives, { store, ledger, journal, results });
    this.memory.serve({ ...check, object: PinName.Juki } as unknown as ResidentCheck);
  }

  private start(): void {
    this.bucket = new TokenBucket(this.natives, this.store);
    this.ledger = new Ledger(this.natives, this);
    this.journal = new Journal(this.natives, this);
    this.results = new StoredResult(this.natives, this.store);
    this.bucket.start(0);
    this.look();
    this.ledger.judge(TODAY);
    this.startCommands();
  }
}
