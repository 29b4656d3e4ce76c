/**
 * What is said inside of one sealed session: CCID messages, cut out of the stream, the first of them the Hello that confirms who
 * both ends are; then the reader's and the counter's own.
 *
 *   Closed --begin--> AwaitHello --names are right--> Confirmed --end--> Closed
 *                        +-- wrong, or not in time --> Over    +-- a message that cannot be one, silence --> Over
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import type { Key } from "../driver/keypad.ts";
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
import type { CounterCommands } from "./counter-commands.ts";
import { HelloResult, type CounterHello } from "./counter-hello.ts";
import { OWN_ESCAPE } from "./escapes.ts";
import type { Pair } from "./pair.ts";
import { StaffCommand } from "./staff-commands.ts";

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
/** Lower ones are the reader's: they only ask. */
const FIRST_COMMAND = 0x20;
const OWN_HEAD_BYTES = 2;

/** Who answers what. */
export interface SessionParts {
  readonly reader: CcidReader;
  readonly commands: CounterCommands;
  readonly answers: CcidAnswers;
  readonly hello: CounterHello;
}

export class CounterSession {
  private stage = Stage.Closed;
  private deadlineUs = NEVER_US;
  private pair: Pair | undefined = undefined;
  private readonly message: Bytes;
  private count = 0;
  private readonly header = new CcidHeader();

  constructor(
    private readonly natives: ByteNatives,
    private readonly parts: SessionParts,
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
    this.parts.answers.take();
    if (this.parts.commands.isBusy()) this.parts.commands.abandon();
    else this.parts.reader.abandon(nowUs);
  }

  /** Everything that the last session had begun has ended. */
  isFree(): boolean {
    return this.stage === Stage.Closed && !this.parts.commands.isBusy() && this.parts.reader.isFree();
  }

  /** A person is asked for something: the counter must stay. */
  isAsking(): boolean {
    return this.parts.commands.isBusy() || this.parts.reader.isAsking();
  }

  /** One key; returns whether it acted. */
  press(key: Key, nowUs: number): boolean {
    const commands = this.parts.commands;
    return commands.isBusy() ? commands.press(key, nowUs) : this.parts.reader.press(key, nowUs);
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
    const commands = this.parts.commands;
    if (commands.isSuspended() && !commands.isBusy() && !this.parts.answers.isReady())
      this.parts.reader.stop(nowUs);
    const workUs = commands.isBusy()
      ? commands.step(nowUs)
      : earlierUs(this.parts.reader.step(nowUs), commands.rest(nowUs));
    const isWorking = commands.isBusy() || this.parts.reader.isBusy();
    if (isWorking && this.stage === Stage.Confirmed) this.deadlineUs = nowUs + IDLE_US;
    if (nowUs >= this.deadlineUs) {
      this.stage = Stage.Over;
      this.deadlineUs = NEVER_US;
    }
    return earlierUs(workUs, this.deadlineUs);
  }

  private wholeLength(): number {
    const m = this.message;
    return HEADER_BYTES + m[1] + m[2] * 0x100 + m[3] * 0x10000 + m[4] * 0x1000000;
  }

  private takeMessage(length: number, nowUs: number): void {
    this.count = 0;
    if (this.stage === Stage.Confirmed) {
      this.deadlineUs = nowUs + IDLE_US;
      this.dispatch(length, nowUs);
    } else if (this.stage === Stage.AwaitHello) this.takeFirst(length, nowUs);
    this.natives.wipe(this.message);
  }

  /** Our own commands, and whatever comes while one of them works, are not the reader's. */
  private dispatch(length: number, nowUs: number): void {
    const commands = this.parts.commands;
    decodeHeader(this.message, length, this.header);
    const isCommand = this.isOwn() && this.message[DATA_AT + 1] >= FIRST_COMMAND;
    if (isCommand && this.parts.reader.isBusy() && !this.isStop()) commands.refuse(this.header);
    else if (isCommand) commands.request(this.message, this.header, nowUs);
    else if (commands.isBusy()) commands.whileBusy(this.header);
    else this.parts.reader.request(this.message, length, nowUs);
  }

  private isOwn(): boolean {
    const isEscape = this.header.messageType === Request.Escape && this.header.dataLength >= OWN_HEAD_BYTES;
    return isEscape && this.message[DATA_AT] === OWN_ESCAPE;
  }

  /** Nothing that is under way holds up the emergency stop. */
  private isStop(): boolean {
    return this.message[DATA_AT + 1] === StaffCommand.Suspend;
  }

  private takeFirst(length: number, nowUs: number): void {
    const pair = this.pair;
    decodeHeader(this.message, length, this.header);
    if (!this.isOwn() || this.message[DATA_AT + 1] !== HELLO_COMMAND || pair === undefined) {
      this.parts.answers.fail(this.header, SlotError.CommandNotSupported);
      return;
    }
    const dataAt = DATA_AT + OWN_HEAD_BYTES;
    const result = this.parts.hello.judge(
      this.message,
      dataAt,
      this.header.dataLength - OWN_HEAD_BYTES,
      pair,
    );
    this.parts.answers.succeed(
      this.header,
      this.parts.hello.answer(result, pair, this.parts.answers.message, DATA_AT),
      0,
    );
    this.stage = result === HelloResult.Done ? Stage.Confirmed : Stage.Over;
    this.deadlineUs = result === HelloResult.Done ? nowUs + IDLE_US : NEVER_US;
  }
}
