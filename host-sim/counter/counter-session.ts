/**
 * A session with the terminal: CCID messages and their answers over the encrypted stream. It never sends a message twice. When
 * the answer does not come, the outcome is not known, and whoever asked must find it out by a command made for that.
 */
import {
  answerTo,
  CommandStatus,
  DATA_AT,
  ERROR_AT,
  Request,
  SEQUENCE_AT,
  STATUS_AT,
} from "../../firmware/protocol/ccid.ts";
import { CcidStream, ccidRequest, withSequence } from "./ccid-stream.ts";
import type { CounterClock } from "./counter-clock.ts";
import { CounterFailure } from "./counter-failure.ts";
import type { CounterWire } from "./counter-wire.ts";
import { HELLO_COMMAND, helloData, readHello, type PairNames, type TerminalInfo } from "./hello.ts";

/** What a command of the terminal's own was answered: its result, 0 = done, and what follows it. */
export interface EscapeAnswer {
  readonly result: number;
  readonly data: Uint8Array;
}

interface Waiting {
  readonly type: number;
  resolve(answer: Uint8Array): void;
  reject(failure: CounterFailure): void;
}

const SECOND_US = 1_000_000;
/** Longer than the ten sendings of a frame. */
const USUAL_US = 10 * SECOND_US;
const POWER_ON_US = 60 * SECOND_US;
/** libccid waits 232 s for a slow card's block. */
const BLOCK_US = 240 * SECOND_US;
const ENTRY_US = 90 * SECOND_US;
/** Behind bTimeOut: the card's own time, and the page with the result. */
const AFTER_ENTRY_US = 30 * SECOND_US;
const SEQUENCES = 256;
/** The first byte of the data of every Escape of our own. */
const OWN_ESCAPE = 0x4d;

function limitOf(message: Uint8Array): number {
  const [type] = message;
  if (type === Request.IccPowerOn) return POWER_ON_US;
  if (type === Request.XfrBlock) return BLOCK_US;
  if (type !== Request.Secure) return USUAL_US;
  return Math.max(ENTRY_US, (message[DATA_AT + 1] ?? 0) * SECOND_US) + AFTER_ENTRY_US;
}

export class CounterSession {
  private readonly messages = new CcidStream();
  private readonly waiting = new Map<number, Waiting>();
  private sequence = 0;
  private failure: CounterFailure | undefined;
  private terminal: TerminalInfo | undefined;
  private onEnd: (failure: CounterFailure) => void = () => undefined;

  private constructor(
    private readonly stream: CounterWire,
    private readonly clock: CounterClock,
  ) {
    stream.listen({ bytes: (bytes) => this.receive(bytes), ended: (failure) => this.end(failure) });
  }

  /** Says Hello over `stream`, which is this session's from now on. On failure the stream is closed and the cause thrown. */
  static async open(stream: CounterWire, names: PairNames, clock: CounterClock): Promise<CounterSession> {
    const session = new CounterSession(stream, clock);
    try {
      const { result, data } = await session.escape(HELLO_COMMAND, helloData(names));
      session.terminal = readHello(names, result, data);
      return session;
    } catch (error) {
      // Nothing comes of a Hello: when the session has ended, that is the cause, and it may be tried again.
      const cause = session.failure ?? error;
      await session.close();
      throw cause;
    }
  }

  /** Who the terminal is. */
  info(): TerminalInfo {
    if (this.terminal === undefined) throw new Error("before Hello");
    return this.terminal;
  }

  /** The session's end, told once; at once when it has ended. */
  ended(listener: (failure: CounterFailure) => void): void {
    this.onEnd = listener;
    if (this.failure !== undefined) listener(this.failure);
  }

  /**
   * Sends a request and resolves with its answer, which carries the request's own bSeq again. Rejects with `unsent` when the
   * session has ended, and with `unknown` when it ends, or `limitUs` has gone by, before the answer: then the session ends, too.
   */
  async exchange(message: Uint8Array, limitUs = limitOf(message)): Promise<Uint8Array> {
    if (this.failure !== undefined) {
      throw new CounterFailure("unsent", `nothing was sent: ${this.failure.why}`, "connect again");
    }
    const sequence = this.freeSequence();
    const answer = await this.answerOf(withSequence(message, sequence), limitUs);
    return withSequence(answer, message[SEQUENCE_AT]!);
  }

  /** Ends an entry that is under way: it is answered FF, and its promise resolves with that. */
  abort(): Promise<Uint8Array> {
    return this.exchange(ccidRequest(Request.Abort));
  }

  /** Sends one of the terminal's own commands. Rejects with `refused` when the terminal does not know it or not now. */
  async escape(command: number, data: Uint8Array, limitUs?: number): Promise<EscapeAnswer> {
    const request = ccidRequest(Request.Escape, Uint8Array.of(OWN_ESCAPE, command, ...data));
    const answer = await this.exchange(request, limitUs);
    const hasFailed = (answer[STATUS_AT]! & CommandStatus.Failed) !== 0;
    if (hasFailed || answer.length === DATA_AT) {
      const why = hasFailed ? `error ${answer[ERROR_AT]!}` : "no result";
      throw new CounterFailure("refused", `the terminal does not do command ${command} now: ${why}`);
    }
    return { result: answer[DATA_AT]!, data: answer.subarray(DATA_AT + 1) };
  }

  /** Says farewell. What is under way is rejected. */
  async close(): Promise<void> {
    this.end(new CounterFailure("closed", "this PC has closed the session"));
    await this.stream.close();
  }

  private freeSequence(): number {
    do this.sequence = (this.sequence + 1) % SEQUENCES;
    while (this.waiting.has(this.sequence));
    return this.sequence;
  }

  private answerOf(message: Uint8Array, limitUs: number): Promise<Uint8Array> {
    const sequence = message[SEQUENCE_AT]!;
    return new Promise((resolve, reject) => {
      const late = new CounterFailure(
        "link",
        "the terminal does not answer in time",
        "look at its display, then connect again",
      );
      const cancel = this.clock.after(limitUs, () => this.giveUp(late));
      const done = (action: () => void): void => {
        cancel();
        this.waiting.delete(sequence);
        action();
      };
      this.waiting.set(sequence, {
        type: answerTo(message[0]!),
        resolve: (answer) => done(() => resolve(answer)),
        reject: (failure) => done(() => reject(failure)),
      });
      this.stream.write(message);
    });
  }

  private receive(bytes: Uint8Array): void {
    try {
      for (const message of this.messages.push(bytes)) this.answered(message);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.giveUp(new CounterFailure("peer", `the terminal sends ${error.message}`, "connect again"));
    }
  }

  private answered(message: Uint8Array): void {
    const asked = this.waiting.get(message[SEQUENCE_AT]!);
    if (asked?.type === message[0]) return asked.resolve(message);
    this.giveUp(new CounterFailure("peer", "the terminal has answered what nobody asked", "connect again"));
  }

  /** An answer that comes later would be taken for another one's: the session is over. */
  private giveUp(failure: CounterFailure): void {
    this.end(failure);
    void this.stream.close();
  }

  private end(failure: CounterFailure): void {
    if (this.failure !== undefined) return;
    this.failure = failure;
    for (const asked of [...this.waiting.values()]) asked.reject(unknownOutcome(failure));
    this.onEnd(failure);
  }
}

function unknownOutcome(failure: CounterFailure): CounterFailure {
  const cause = `the outcome is not known: ${failure.why}`;
  return new CounterFailure(
    "unknown",
    cause,
    "do not repeat it before the terminal was asked what came of it",
  );
}
