/**
 * What is said inside of one sealed session: CCID messages, cut out of the stream, the first of them the Hello that confirms who
 * both ends are; then the reader's and the counter's own.
 *
 *   Closed --begin--> AwaitHello --names are right--> Confirmed --end--> Closed
 *                        +-- wrong, or not in time --> Over    +-- a message that cannot be one, silence --> Over
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import {
  CcidHeader,
  DATA_AT,
  decodeHeader,
  HEADER_BYTES,
  MESSAGE_MAX_BYTES,
  Request,
  SlotError,
} from "../protocol/ccid.ts";
import { earlierUs, NEVER_US } from "../protocol/time.ts";
import type { CcidAnswers } from "./ccid-answers.ts";
import type { CcidReader } from "./ccid-reader.ts";
import { HelloResult, type CounterHello } from "./counter-hello.ts";
import { OWN_ESCAPE } from "./escapes.ts";
import type { Pair } from "./pair.ts";

const enum Stage {
  Closed = 0,
  AwaitHello = 1,
  Confirmed = 2,
  Over = 3,
}

/** From the handshake's end to Hello. */
const HELLO_US = 10000000;
/** Without a message of the counter, and without one that it waits for. */
const IDLE_US = 300000000;
const HELLO_COMMAND = 0x10;
const OWN_HEAD_BYTES = 2;

export class CounterSession {
  private stage = Stage.Closed;
  private deadlineUs = NEVER_US;
  private pair: Pair | undefined = undefined;
  private readonly message: Bytes;
  private count = 0;
  private readonly header = new CcidHeader();

  constructor(
    private readonly natives: ByteNatives,
    private readonly reader: CcidReader,
    private readonly answers: CcidAnswers,
    private readonly hello: CounterHello,
  ) {
    this.message = natives.allocate(MESSAGE_MAX_BYTES);
  }

  /** The handshake is over: the client holds the key of `pair`. */
  begin(pair: Pair, nowUs: number): void {
    this.stage = Stage.AwaitHello;
    this.pair = pair;
    this.count = 0;
    this.deadlineUs = nowUs + HELLO_US;
  }

  /** The session is gone, for whatever reason: an entry ends, the card is switched off. */
  end(nowUs: number): void {
    if (this.stage === Stage.Closed) return;
    this.stage = Stage.Closed;
    this.deadlineUs = NEVER_US;
    this.natives.wipe(this.message);
    this.answers.take();
    this.reader.abandon(nowUs);
  }

  /** Nothing more will be answered: the session is to be closed. */
  isOver(): boolean {
    return this.stage === Stage.Over;
  }

  /** Takes bytes up to the end of a message. Returns how many; not to be called while an answer waits to be taken. */
  take(bytes: ReadonlyBytes, at: number, length: number, nowUs: number): number {
    if (this.stage === Stage.Over) return length;
    const isHead = this.count < HEADER_BYTES;
    const wanted = (isHead ? HEADER_BYTES : this.wholeLength()) - this.count;
    const piece = length < wanted ? length : wanted;
    this.natives.copy(bytes, at, this.message, this.count, piece);
    this.count += piece;
    if (piece < wanted) return piece;
    const whole = this.wholeLength();
    // Where the next message would begin nobody knows.
    if (whole > MESSAGE_MAX_BYTES) this.stage = Stage.Over;
    else if (this.count === whole) this.takeMessage(whole, nowUs);
    return piece;
  }

  step(nowUs: number): number {
    const readerUs = this.reader.step(nowUs);
    if (this.reader.isBusy() && this.stage === Stage.Confirmed) this.deadlineUs = nowUs + IDLE_US;
    if (nowUs >= this.deadlineUs) {
      this.stage = Stage.Over;
      this.deadlineUs = NEVER_US;
    }
    return earlierUs(readerUs, this.deadlineUs);
  }

  private wholeLength(): number {
    const m = this.message;
    return HEADER_BYTES + m[1] + m[2] * 0x100 + m[3] * 0x10000 + m[4] * 0x1000000;
  }

  private takeMessage(length: number, nowUs: number): void {
    this.count = 0;
    if (this.stage === Stage.Confirmed) {
      this.deadlineUs = nowUs + IDLE_US;
      this.reader.request(this.message, length, nowUs);
    } else if (this.stage === Stage.AwaitHello) this.takeFirst(length, nowUs);
    this.natives.wipe(this.message);
  }

  private takeFirst(length: number, nowUs: number): void {
    const pair = this.pair;
    decodeHeader(this.message, length, this.header);
    const isHello =
      this.header.messageType === Request.Escape &&
      this.header.dataLength >= OWN_HEAD_BYTES &&
      this.message[DATA_AT] === OWN_ESCAPE &&
      this.message[DATA_AT + 1] === HELLO_COMMAND;
    if (!isHello || pair === undefined) {
      this.answers.fail(this.header, SlotError.CommandNotSupported);
      return;
    }
    const dataAt = DATA_AT + OWN_HEAD_BYTES;
    const result = this.hello.judge(this.message, dataAt, this.header.dataLength - OWN_HEAD_BYTES, pair);
    this.answers.succeed(this.header, this.hello.answer(result, pair, this.answers.message, DATA_AT), 0);
    this.stage = result === HelloResult.Done ? Stage.Confirmed : Stage.Over;
    this.deadlineUs = result === HelloResult.Done ? nowUs + IDLE_US : NEVER_US;
  }
}
