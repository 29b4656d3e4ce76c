/**
 * The counter's own commands (docs/protocol.md, Commands of the counter): Escapes whose data begin with 4D and a number from 20 on.
 * A check takes two of them: CheckPin, or ChangePin, is answered by the question, or by the result when it has ended before;
 * Continue by the result.
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import type { Key } from "../driver/keypad.ts";
import { CcidHeader, DATA_AT, Request, SlotError } from "../protocol/ccid.ts";
import { putU32, readU32 } from "../protocol/little-endian.ts";
import { earlierUs } from "../protocol/time.ts";
import { DATE_BYTES, SERIAL_BYTES } from "./card-identity.ts";
import type { CcidAnswers } from "./ccid-answers.ts";
import type { CheckMemory } from "./check-memory.ts";
import { CommandResult } from "./command-result.ts";
import { REQUEST_ID_BYTES } from "./check-request.ts";
import type { JournalCommands } from "./journal-commands.ts";
import { OperatorCommand, type OperatorCommands } from "./operator-commands.ts";
import type { Rekey } from "./rekey.ts";
import { StaffCommand, type StaffCommands } from "./staff-commands.ts";
import { CheckState, type ResidentCheck } from "./resident-check.ts";
import { encodeResult } from "./stored-result.ts";
import type { TokenBucket } from "./token-bucket.ts";

export const enum CounterCommand {
  CheckPin = 0x20,
  Continue = 0x21,
  GetResult = 0x22,
  ChangePin = 0x23,
  Rekey = 0x35,
  ReadJournal = 0x40,
  AckJournal = 0x41,
  SetClock = 0x42,
}

const STEP_QUESTION = 1;
/** Verdicts of Continue; every other one is stop. */
const GO = 1;
const OTHER_CARD = 2;
/** "M" and the command's number. */
const HEAD_BYTES = 2;
const ARGUMENTS_AT = DATA_AT + HEAD_BYTES;
/** Of Continue: request id, insertion, verdict, length of the serial. */
const VERDICT = REQUEST_ID_BYTES + 4;
const CONTINUE_BYTES = VERDICT + 2;

export interface CommandParts {
  readonly answers: CcidAnswers;
  readonly check: ResidentCheck;
  readonly memory: CheckMemory;
  readonly journal: JournalCommands;
  readonly bucket: TokenBucket;
  readonly staff: StaffCommands;
  readonly rekey: Rekey;
  readonly operators: OperatorCommands;
}

export class CounterCommands {
  private readonly pending = new CcidHeader();
  /** A command waits for the check to go on. */
  private isPending = false;
  private isAsked = false;

  constructor(
    private readonly natives: ByteNatives,
    private readonly parts: CommandParts,
  ) {}

  /** A check or a sign-in is under way: cards and pages are its own. */
  isBusy(): boolean {
    return this.parts.check.isBusy() || this.parts.operators.isBusy();
  }

  /** The emergency stop holds. */
  isSuspended(): boolean {
    return this.parts.staff.isSuspended();
  }

  press(key: Key, nowUs: number): boolean {
    if (this.parts.operators.isBusy()) return this.parts.operators.press(key, nowUs);
    return this.parts.check.press(key, nowUs);
  }

  /** Nobody waits any more: what is under way ends as soon as nothing is on the card's contacts; a check's result is stored. */
  abandon(): void {
    this.isPending = false;
    this.parts.check.abort();
    this.parts.operators.abandon();
  }

  /** A message that is no command of ours meanwhile: nothing but Abort has to do with it. */
  whileBusy(header: CcidHeader): void {
    if (header.messageType === Request.Abort) {
      this.abort();
      this.parts.answers.succeed(header, 0, 0);
    } else this.parts.answers.fail(header, SlotError.CommandSlotBusy);
  }

  /** A command of ours while the reader works for somebody: the card is in use. */
  refuse(header: CcidHeader): void {
    this.tell(header, CommandResult.Busy);
  }

  /**
   * One of our own commands, its header decoded, of at least two bytes. Its answer is ready at once, or when the check has come so
   * far; another one meanwhile is refused, but for the emergency stop.
   */
  request(message: ReadonlyBytes, header: CcidHeader, nowUs: number): void {
    const number = message[DATA_AT + 1];
    if (number >= StaffCommand.Suspend && number <= StaffCommand.Release)
      this.serveStaff(number, message, header, nowUs);
    else if (this.isPending || this.parts.operators.isBusy()) this.refuse(header);
    else if (number === OperatorCommand.SignIn || number === OperatorCommand.SignOut)
      this.serveOperator(message, header, nowUs);
    else if (number === CounterCommand.CheckPin || number === CounterCommand.ChangePin)
      this.begin(message, header, nowUs);
    else if (number === CounterCommand.Continue) this.goOn(message, header, nowUs);
    else if (number === CounterCommand.GetResult) this.tellStored(message, header);
    else if (number === CounterCommand.Rekey) this.changeKey(header);
    else this.journal(message, header, nowUs);
  }

  /** What time brings while nothing is under way. Returns when it is due. */
  rest(nowUs: number): number {
    const bucket = this.parts.bucket;
    this.tellChanged();
    bucket.step(nowUs);
    return earlierUs(bucket.refillUs, this.parts.operators.rest(nowUs));
  }

  step(nowUs: number): number {
    if (this.parts.operators.isBusy()) return this.parts.operators.step(nowUs);
    const check = this.parts.check;
    if (check.state() !== CheckState.Done) {
      const nextUs = check.step(nowUs);
      if (check.state() === CheckState.Asking && !this.isAsked) this.ask();
      // What has to be remembered is a step's work of its own.
      return check.state() === CheckState.Done ? nowUs : nextUs;
    }
    const isKept = this.parts.memory.conclude(nowUs);
    check.take(nowUs);
    if (this.isPending && isKept) this.tellResult(this.pending);
    else if (this.isPending) this.tell(this.pending, CommandResult.OutOfService);
    this.isPending = false;
    return nowUs;
  }

  /** The stop comes at once; a check ends as by its Abort, and what is on the card's contacts first comes to its end. */
  private serveStaff(number: number, message: ReadonlyBytes, header: CcidHeader, nowUs: number): void {
    const staff = this.parts.staff;
    if (number !== StaffCommand.Suspend && this.isBusy()) {
      this.refuse(header);
      return;
    }
    const isWhole = staff.decode(message, ARGUMENTS_AT, header.dataLength - HEAD_BYTES);
    this.tell(header, isWhole ? staff.perform(number, nowUs) : CommandResult.BadField);
    if (staff.isSuspended()) this.abort();
  }

  private abort(): void {
    this.parts.check.abort();
    this.parts.operators.abort();
  }

  /** Also during the emergency stop: who ends it may be an operator. */
  private serveOperator(message: ReadonlyBytes, header: CcidHeader, nowUs: number): void {
    if (this.isBusy()) this.refuse(header);
    else this.parts.operators.request(message, ARGUMENTS_AT, header, nowUs);
  }

  private begin(message: ReadonlyBytes, header: CcidHeader, nowUs: number): void {
    const check = this.parts.check;
    if (this.isSuspended()) this.tell(header, CommandResult.Suspended);
    else if (check.isBusy()) this.tell(header, CommandResult.Busy);
    else if (!this.isWellFormed(message, header)) this.tell(header, CommandResult.BadField);
    else if (this.parts.memory.find(message, ARGUMENTS_AT)) this.tellResult(header);
    else if (!this.parts.operators.mayCheck(check.request.operator, nowUs))
      this.tell(header, CommandResult.NoOperator);
    else if (!this.parts.memory.hasRoom()) this.tell(header, CommandResult.OutOfService);
    else {
      this.isAsked = false;
      this.defer(header);
      check.begin(nowUs);
    }
  }

  private isWellFormed(message: ReadonlyBytes, header: CcidHeader): boolean {
    const request = this.parts.check.request;
    const length = header.dataLength - HEAD_BYTES;
    if (message[DATA_AT + 1] === CounterCommand.CheckPin)
      return request.decode(message, ARGUMENTS_AT, length);
    return request.decodeChange(message, ARGUMENTS_AT, length);
  }

  private goOn(message: ReadonlyBytes, header: CcidHeader, nowUs: number): void {
    const check = this.parts.check;
    const serialBytes = message[ARGUMENTS_AT + CONTINUE_BYTES - 1];
    const isWhole = header.dataLength === HEAD_BYTES + CONTINUE_BYTES + SERIAL_BYTES;
    if (!isWhole || serialBytes !== SERIAL_BYTES) this.tell(header, CommandResult.BadField);
    else if (check.state() !== CheckState.Asking) {
      if (this.parts.memory.find(message, ARGUMENTS_AT)) this.tellResult(header);
      else this.tell(header, CommandResult.TooLate);
    } else if (!this.isAboutThisCard(message)) this.tell(header, CommandResult.OtherCard);
    else {
      this.defer(header);
      const verdict = message[ARGUMENTS_AT + VERDICT];
      if (verdict === GO) check.allow(nowUs);
      else if (verdict === OTHER_CARD) check.turnAway();
      else check.refuse();
    }
  }

  private isAboutThisCard(message: ReadonlyBytes): boolean {
    const check = this.parts.check;
    const natives = this.natives;
    const serialAt = ARGUMENTS_AT + CONTINUE_BYTES;
    return (
      natives.equalConstantTime(message, ARGUMENTS_AT, check.request.requestId, 0, REQUEST_ID_BYTES) &&
      readU32(message, ARGUMENTS_AT + REQUEST_ID_BYTES) === check.insertion &&
      natives.equalConstantTime(message, serialAt, check.identity.serial, 0, SERIAL_BYTES)
    );
  }

  private tellStored(message: ReadonlyBytes, header: CcidHeader): void {
    const isWhole = header.dataLength === HEAD_BYTES + REQUEST_ID_BYTES;
    if (!isWhole) this.tell(header, CommandResult.BadField);
    else if (this.parts.memory.find(message, ARGUMENTS_AT)) this.tellResult(header);
    else this.tell(header, CommandResult.NotKnown);
  }

  /** Also while the terminal is suspended: nobody is served by it. */
  private changeKey(header: CcidHeader): void {
    if (this.isBusy()) this.refuse(header);
    else if (header.dataLength !== HEAD_BYTES) this.tell(header, CommandResult.BadField);
    else {
      this.pending.keep(header);
      this.parts.rekey.ask();
    }
  }

  private tellChanged(): void {
    const rekey = this.parts.rekey;
    if (rekey.result === undefined) return;
    this.tell(this.pending, rekey.result);
    rekey.result = undefined;
  }

  /** Commands of one u32. */
  private journal(message: ReadonlyBytes, header: CcidHeader, nowUs: number): void {
    const answers = this.parts.answers;
    const journal = this.parts.journal;
    const number = header.dataLength === HEAD_BYTES + 4 ? message[DATA_AT + 1] : 0;
    const argument = readU32(message, ARGUMENTS_AT);
    if (number === CounterCommand.ReadJournal)
      answers.succeed(header, journal.read(argument, answers.message, DATA_AT), 0);
    else if (number === CounterCommand.AckJournal) this.tell(header, journal.acknowledge(argument));
    else if (number === CounterCommand.SetClock) this.tell(header, journal.setClock(argument, nowUs));
    else answers.fail(header, SlotError.CommandNotSupported);
  }

  /** The question: who the card says it is. */
  private ask(): void {
    const check = this.parts.check;
    const into = this.parts.answers.message;
    this.isAsked = true;
    if (!this.isPending) return;
    this.isPending = false;
    into[DATA_AT] = CommandResult.Done;
    into[DATA_AT + 1] = STEP_QUESTION;
    let at = DATA_AT + 2;
    at = this.put(check.request.requestId, REQUEST_ID_BYTES, into, at);
    putU32(check.insertion, into, at);
    into[at + 4] = SERIAL_BYTES;
    at = this.put(check.identity.serial, SERIAL_BYTES, into, at + 5);
    at = this.put(check.identity.expiry, DATE_BYTES, into, at);
    this.parts.answers.succeed(this.pending, at - DATA_AT, 0);
  }

  private put(bytes: ReadonlyBytes, length: number, into: Bytes, at: number): number {
    this.natives.copy(bytes, 0, into, at, length);
    return at + length;
  }

  private tellResult(header: CcidHeader): void {
    const into = this.parts.answers.message;
    into[DATA_AT] = CommandResult.Done;
    const length = encodeResult(this.natives, this.parts.memory.result, into, DATA_AT + 1);
    this.parts.answers.succeed(header, 1 + length, 0);
  }

  private tell(header: CcidHeader, result: CommandResult): void {
    this.parts.answers.message[DATA_AT] = result;
    this.parts.answers.succeed(header, 1, 0);
  }

  private defer(header: CcidHeader): void {
    this.isPending = true;
    this.pending.keep(header);
  }
}
