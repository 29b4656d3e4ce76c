/**
 * The counter's end of the sealed line in a scenario, in virtual time: the counter client's own calls over the deterministic host. A call
 * goes out at the instant at which it is made; what comes back is kept here until somebody looks.
 */
import { CommandResult } from "../../firmware/service/command-result.ts";
import { CounterCommand } from "../../firmware/service/counter-commands.ts";
import { StaffCommand } from "../../firmware/service/staff-commands.ts";
import { TlsAlert } from "../../firmware/protocol/tls.ts";
import { checkPin, continueCheck, getResult } from "../counter/check-calls.ts";
import type { LANGUAGES, CheckRequest, CheckResult, Question, Verdict } from "../counter/check-calls.ts";
import { CounterFailure } from "../counter/counter-failure.ts";
import { readJournal, setClock } from "../counter/journal-calls.ts";
import { nextPskOf } from "../counter/next-key.ts";
import { signIn, signOut, type SignInResult } from "../counter/operator-calls.ts";
import { decodeRecord, type JournalRecord } from "../counter/journal-record.ts";
import { call, CallRefused, type Caller } from "../counter/terminal-call.ts";
import { HostFailure } from "../host/ccid-host.ts";
import { SealedHost, type HostClock, type HostPair } from "../host/sealed-host.ts";
import type { Simulator } from "../world/simulator.ts";

/** Of every scenario: invented, and marked as made for development in the terminal. */
export const PAIR: HostPair = { terminal: "T-0001", counter: "C-0001", psk: Buffer.alloc(32, 7) };

const ANSWERS: Readonly<Record<CommandResult, string>> = {
  [CommandResult.Done]: "done",
  [CommandResult.BadField]: "bad-field",
  [CommandResult.Busy]: "busy",
  [CommandResult.NoOperator]: "no-operator",
  [CommandResult.OutOfService]: "out-of-service",
  [CommandResult.NotKnown]: "not-known",
  [CommandResult.OtherCard]: "other-card",
  [CommandResult.TooLate]: "too-late",
  [CommandResult.Suspended]: "suspended",
};

/** What the latest call came to: a result's name; or not yet, no result, or the line was lost. */
export const ANSWER_NAMES: readonly string[] = [
  ...Object.values(ANSWERS),
  "waiting",
  "failed",
  "lost",
  "none",
];

export const STAFF = {
  suspend: StaffCommand.Suspend,
  resume: StaffCommand.Resume,
  release: StaffCommand.Release,
} as const;

const ESCAPE = 0x6b;
const ABORT = 0x72;
const OWN_ESCAPE = 0x4d;
const HEADER_BYTES = 10;
const SEQUENCE_AT = 6;
const STATUS_AT = 7;
const FAILED = 0x40;

interface Waiting {
  resolve(message: Uint8Array): void;
  reject(error: unknown): void;
}

export class CounterEnd {
  answer = "none";
  question: Question | undefined;
  result: CheckResult | undefined;
  journal: readonly JournalRecord[] = [];
  /** What the latest sign-in came to. */
  signedIn: SignInResult | undefined;
  /** What no terminal should send, or a fault of this program. */
  broken: Error | undefined;
  /** Something has come, or will not come any more, and nobody has looked at it yet. */
  hasNews = false;
  private readonly host: SealedHost;
  /** `pair` is the one of the next session: Rekey changes it, as it changes the counter's key file. */
  private readonly options: { pair: HostPair; readonly clock: HostClock };
  private readonly waiting = new Map<number, Waiting>();
  private sequence = 0;
  private calls = 0;
  private latestRequest = "";
  /** What became of the latest session that was called for in passing. */
  private notUp = "";

  constructor(simulator: Simulator) {
    const { line, scheduler } = simulator.world;
    this.options = {
      pair: PAIR,
      clock: { nowNs: () => scheduler.nowNs, at: (timeNs, action) => scheduler.at(timeNs, action) },
    };
    this.host = new SealedHost(
      { send: (bytes) => line.send(bytes), onBytes: (listener) => line.onBytes((bytes) => listener(bytes)) },
      (until, limitNs) => simulator.runUntil(until, limitNs / 1e6),
      this.options,
    );
  }

  /** Calls the terminal and opens a new session; time goes by. Throws `HostFailure`. */
  connect(): void {
    this.drop("a new session was begun");
    this.host.onPump = undefined;
    this.host.open();
    this.host.onPump = (): void => this.collect();
  }

  /** As `connect`, while time goes by: there is no session before it has come to its end. */
  connectSoon(): void {
    this.drop("a new session was begun");
    this.host.onPump = undefined;
    this.notUp = "it has not come to its end";
    this.host.openSoon((failure) => {
      this.notUp = failure?.message ?? "it is lost";
      if (failure === undefined) this.host.onPump = (): void => this.collect();
    });
  }

  /** The program is gone from one instant to the next; it says nothing any more. */
  leave(): void {
    this.drop("the counter's program has ended");
    this.host.isThere = false;
  }

  isUp(): boolean {
    if (this.host.isOpening()) return false;
    return this.host.isThere && this.host.link.callState === "up" && this.host.tls.alert === TlsAlert.None;
  }

  isWaiting(): boolean {
    return this.waiting.size > 0;
  }

  /** Notices a line that was lost, on which nothing comes any more. */
  look(): void {
    if (this.isWaiting() && !this.isUp()) this.drop("the line is lost");
  }

  /** CheckPin or ChangePin. */
  check(request: CheckRequest): void {
    this.latestRequest = request.requestId;
    this.asked(checkPin(this.caller(), request));
  }

  /** About the latest question, or what `about` says of it instead. */
  decide(verdict: Verdict, about: Partial<Question> = {}): void {
    if (this.question === undefined && !this.isUp()) throw new HostFailure(this.noSession());
    if (this.question === undefined) throw new HostFailure("the terminal has asked nothing about a card");
    this.asked(continueCheck(this.caller(), { ...this.question, ...about }, verdict));
  }

  /** Of the latest request unless told. */
  getResult(requestId = this.latestRequest): void {
    this.result = undefined;
    this.follow(getResult(this.caller(), requestId), (result) => (this.result = result));
  }

  staff(command: keyof typeof STAFF, names: Uint8Array): void {
    this.follow(call(this.caller(), STAFF[command], names), () => undefined);
  }

  /** Is answered when it is over. */
  signIn(language: keyof typeof LANGUAGES): void {
    this.signedIn = undefined;
    this.follow(signIn(this.caller(), language), (result) => (this.signedIn = result));
  }

  signOut(): void {
    this.follow(signOut(this.caller()), () => undefined);
  }

  /** The next session is with the key that follows; this one goes on. */
  rekey(): void {
    const { options } = this;
    this.follow(call(this.caller(), CounterCommand.Rekey, new Uint8Array()), () => {
      options.pair = { ...options.pair, psk: nextPskOf(options.pair.psk, options.pair) };
    });
  }

  setClock(seconds: number): void {
    this.follow(setClock(this.caller(), seconds), () => undefined);
  }

  /** Every record that the terminal has. */
  readJournal(): void {
    this.follow(this.allRecords(), (records) => (this.journal = records));
  }

  /** CCID's Abort, which ends a check as 取消 does. */
  abort(): void {
    this.follow(this.exchange(ABORT, new Uint8Array()), () => undefined);
  }

  private async allRecords(): Promise<readonly JournalRecord[]> {
    const caller = this.caller();
    const records: JournalRecord[] = [];
    for (let from = 1; ; from = records.at(-1)!.sequence + 1) {
      const page = await readJournal(caller, from);
      records.push(...page.records.map(decodeRecord));
      if (page.records.length === 0 || from + page.records.length >= page.next) return records;
    }
  }

  private asked(work: Promise<Question | CheckResult>): void {
    this.question = undefined;
    this.result = undefined;
    this.follow(work, (step) => {
      if (step.step === "question") this.question = step;
      else this.result = step;
    });
  }

  /** `answer` is of the latest call alone. */
  private follow<T>(work: Promise<T>, take: (value: T) => void): void {
    const call = ++this.calls;
    const answered = (answer: string): void => {
      if (call === this.calls) this.answer = answer;
    };
    this.answer = "waiting";
    work.then(
      (value) => {
        take(value);
        answered("done");
      },
      (error: unknown) => answered(this.failed(error)),
    );
  }

  private failed(error: unknown): string {
    if (error instanceof CallRefused) return ANSWERS[error.result as CommandResult];
    if (error instanceof HostFailure) return "lost";
    if (error instanceof CounterFailure && error.kind === "refused") return "failed";
    this.broken = error instanceof Error ? error : new Error(String(error));
    return "failed";
  }

  private caller(): Caller {
    return {
      escape: async (command, data) => {
        const answer = await this.exchange(ESCAPE, Uint8Array.of(OWN_ESCAPE, command, ...data));
        const hasFailed = (answer[STATUS_AT]! & FAILED) !== 0 || answer.length === HEADER_BYTES;
        if (hasFailed) throw new CounterFailure("refused", `error ${answer[STATUS_AT + 1]!}`);
        return { result: answer[HEADER_BYTES]!, data: answer.subarray(HEADER_BYTES + 1) };
      },
    };
  }

  private exchange(type: number, data: Uint8Array): Promise<Uint8Array> {
    if (!this.isUp()) {
      this.hasNews = true;
      return Promise.reject(new HostFailure(this.noSession()));
    }
    const sequence = (this.sequence = (this.sequence + 1) & 0xff);
    const answer = new Promise<Uint8Array>((resolve, reject) =>
      this.waiting.set(sequence, { resolve, reject }),
    );
    const length = [data.length & 0xff, data.length >> 8, 0, 0];
    this.host.rawMessage(Uint8Array.of(type, ...length, 0, sequence, 0, 0, 0, ...data));
    return answer;
  }

  /** Takes whole messages from what has come. */
  private collect(): void {
    const { received } = this.host.tls;
    let all = Buffer.concat(received);
    for (;;) {
      if (all.length < HEADER_BYTES) break;
      const total = HEADER_BYTES + all.readUInt32LE(1);
      if (all.length < total) break;
      this.came(all.subarray(0, total));
      all = all.subarray(total);
    }
    received.splice(0, received.length, all);
  }

  private came(message: Uint8Array): void {
    const sequence = message[SEQUENCE_AT]!;
    const waiting = this.waiting.get(sequence);
    this.waiting.delete(sequence);
    this.hasNews = true;
    if (waiting === undefined) this.broken = new Error("the terminal answers what was not asked");
    else waiting.resolve(Uint8Array.from(message));
  }

  private noSession(): string {
    return this.notUp === "" ? "there is no session" : `there is no session, ${this.notUp}`;
  }

  private drop(why: string): void {
    for (const { reject } of this.waiting.values()) reject(new HostFailure(why));
    this.hasNews ||= this.waiting.size > 0;
    this.waiting.clear();
  }
}
