/**
 * The counter at one terminal of the crowd: check after check by the counter client's own code, in a new session each. When the line
 * was lost it asks for the result; it never repeats a check. What it has heard of each request is kept for the judge.
 */
import { CommandResult } from "../../firmware/service/command-result.ts";
import {
  getResult,
  type CheckRequest,
  type CheckResult,
  type Verdict,
} from "../../host-sim/counter/check-calls.ts";
import { CheckRun } from "../../host-sim/counter/check-run.ts";
import {
  CONNECT_AGAIN,
  withRetries,
  type RetryPolicy,
  type Terminal,
} from "../../host-sim/counter/connect.ts";
import { failureOf, type FailureKind } from "../../host-sim/counter/counter-failure.ts";
import { CounterSession } from "../../host-sim/counter/counter-session.ts";
import { fetchJournal } from "../../host-sim/counter/journal-fetch.ts";
import { LinkStream } from "../../host-sim/counter/link-stream.ts";
import { CallRefused } from "../../host-sim/counter/terminal-call.ts";
import { SeededRandom } from "../../host-sim/world/random.ts";
import type { Given } from "./judge.ts";
import type { Resident } from "./resident.ts";
import { SeededStream } from "./seeded-stream.ts";
import type { Station } from "./station.ts";

const BAUD = 115200;
const STREAM = 0x636c65726b;
const SEED_STRIDE = 1000;
/** Noise spoils a handshake too: whoever asks for what has happened does not give up. */
const ASK_AGAIN: RetryPolicy = {
  ...CONNECT_AGAIN,
  longestWaitUs: 5_000_000,
  mends: [...CONNECT_AGAIN.mends, "tls"],
};
/** Of a first session that does not come about: CheckPin was never sent. */
const UNSENT: readonly FailureKind[] = ["wire", "no-answer", "link", "cut", "closed", "tls", "unsent"];

export class Clerk {
  readonly given: Given[] = [];
  /** Sessions that were begun because the one before was lost. */
  reconnects = 0;
  /** Results that came by GetResult because nobody had heard them. */
  fetched = 0;
  records: readonly Uint8Array[] = [];
  private readonly random: SeededRandom;
  private sessions = 0;
  private calls = 0;
  private hasLost = false;

  constructor(
    private readonly station: Station,
    private readonly resident: Resident,
  ) {
    this.random = new SeededRandom(station.seed ^ STREAM);
  }

  /** Checks until `endS`, and then reads the whole journal. */
  async works(endS: number): Promise<void> {
    const { station } = this;
    await station.passes(0.2);
    while (station.clock.nowUs() < endS * 1e6) {
      await this.serve();
      await station.passes(0.3 + this.random.next() * 2);
    }
    this.records = await this.again(async ({ session }) => (await fetchJournal(session, undefined)).records);
  }

  private async serve(): Promise<void> {
    const { station, resident } = this;
    const number = this.given.length + 1;
    const requestId = Buffer.from([station.seed, number].join("-").padStart(16, "0")).toString("hex");
    const given: Given = { requestId, caseNumber: `CASE-${number}`, heard: [], verifies: 0, left: {} };
    this.given.push(given);
    const before = resident.verifies();
    await this.check(given);
    // Somebody asks again later, for the paper: it must be the same.
    if (this.random.next() < 0.25) await this.askFor(given);
    given.verifies = resident.verifies() - before;
    for (const { serial, juki } of resident.visitors) given.left[serial] = juki.left;
    station.note(JSON.stringify(given));
  }

  private async check(given: Given): Promise<void> {
    const { station } = this;
    const run = new CheckRun(() => this.open(), station.clock, {
      onNotice: () => this.fetched++,
      decide: () => this.decides(),
    });
    try {
      given.heard.push(await run.run(this.requestOf(given)));
    } catch (error) {
      const failure = failureOf(error, "link");
      if (failure.kind === "unknown") await this.askFor(given);
      else if (isNotKnown(failure) || UNSENT.includes(failure.kind)) given.heard.push("never begun");
      else throw failure;
    }
  }

  private requestOf({ requestId, caseNumber }: Given): CheckRequest {
    const date = this.random.next() < 0.5 ? "2026-11-26" : "2026-11-27";
    const mayUseLastTry = this.random.next() < 0.3;
    const language = (["ja", "en", "easy"] as const)[this.random.below(3)]!;
    return { requestId, caseNumber, service: "moving", date, mayUseLastTry, language, operator: "TANAKA" };
  }

  /** Mostly at once; some look something up first, and now and then too long. */
  private async decides(): Promise<Verdict> {
    const luck = this.random.next();
    await this.station.passes(luck < 0.02 ? 11 : luck < 0.3 ? 2 : 0.1);
    return this.random.next() < 0.05 ? "stop" : "go";
  }

  private async askFor(given: Given): Promise<void> {
    given.heard.push(await this.again(({ session }) => resultOf(() => getResult(session, given.requestId))));
  }

  private again<T>(action: (terminal: Terminal) => Promise<T>): Promise<T> {
    const once = async (): Promise<T> => {
      const terminal = await this.open();
      try {
        return await action(terminal);
      } finally {
        await terminal.close();
      }
    };
    return withRetries(once, ASK_AGAIN, this.station.clock);
  }

  private async open(): Promise<Terminal> {
    const { station } = this;
    if (this.hasLost) this.reconnects++;
    this.hasLost = true;
    const link = new LinkStream(station, { baud: BAUD, call: ++this.calls & 0xffff }, station.clock);
    await link.opened();
    const seed = station.seed * SEED_STRIDE + ++this.sessions;
    const stream = await SeededStream.open(link, station.key, station.clock, seed);
    const session = await CounterSession.open(stream, station.key, station.clock);
    this.hasLost = false;
    let isLeft = false;
    session.ended(() => (this.hasLost ||= !isLeft));
    return {
      session,
      close: () => {
        isLeft = true;
        return session.close();
      },
    };
  }
}

async function resultOf(ask: () => Promise<CheckResult>): Promise<CheckResult | "never begun"> {
  try {
    return await ask();
  } catch (error) {
    if (isNotKnown(error)) return "never begun";
    throw error;
  }
}

function isNotKnown(error: unknown): boolean {
  return error instanceof CallRefused && error.result === (CommandResult.NotKnown as number);
}
