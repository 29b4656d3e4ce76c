/** The answers of the CCID reader: one buffer in which a whole message is made, with the slot's status of that instant. */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import {
  CcidAnswer,
  type CcidHeader,
  CommandStatus,
  DATA_AT,
  encodeAnswer,
  IccStatus,
  MESSAGE_MAX_BYTES,
} from "../protocol/ccid.ts";
import { SessionState, type CardSession } from "./card-session.ts";

export class CcidAnswers {
  /** A whole CCID message, `take()` bytes long. Data are written at `DATA_AT` before `succeed`. */
  readonly message: Bytes;
  private length = 0;
  /** The host saw a card in this presence: its loss must be told by one GetSlotStatus before a card is there again. */
  private insertionTold = 0;
  private lossLatched = false;
  private readonly head = new CcidAnswer();

  constructor(
    private readonly natives: ByteNatives,
    private readonly session: CardSession,
  ) {
    this.message = natives.allocate(MESSAGE_MAX_BYTES);
  }

  /** Whether `take` would return one. */
  isReady(): boolean {
    return this.length > 0;
  }

  /** Length of a finished answer, once; 0 when there is none. */
  take(): number {
    const length = this.length;
    this.length = 0;
    return length;
  }

  /** Follows the slot. pcscd polls every 400 ms and would miss a card that was swapped between two polls. */
  followCard(): void {
    const insertion = this.session.isPresent() ? this.session.insertion() : 0;
    if (this.insertionTold !== 0 && insertion !== this.insertionTold) {
      this.lossLatched = true;
      this.insertionTold = 0;
    }
    if (!this.lossLatched && insertion !== 0) this.insertionTold = insertion;
  }

  /** The host has asked for the slot's status and is told of the loss by this answer. */
  tellLoss(): void {
    this.lossLatched = false;
  }

  /** Whether the host may use a card now. */
  isUsable(): boolean {
    return this.session.isPresent() && !this.lossLatched;
  }

  /** Answers `request` with `dataLength` bytes of data and `specific` as its ninth byte. */
  succeed(request: CcidHeader, dataLength: number, specific: number): void {
    this.head.commandStatus = CommandStatus.Done;
    this.head.error = 0;
    this.head.specific = specific;
    this.finish(request, dataLength);
  }

  /** Answers `request` with a `SlotError`, or with the offset of its wrong field. */
  fail(request: CcidHeader, error: number): void {
    this.head.commandStatus = CommandStatus.Failed;
    this.head.error = error;
    this.head.specific = 0;
    this.finish(request, 0);
  }

  /** Answers `request` with a copy of `block[0..length-1]`. */
  sendBlock(request: CcidHeader, block: ReadonlyBytes, length: number): void {
    this.natives.copy(block, 0, this.message, DATA_AT, length);
    this.succeed(request, length, 0);
  }

  private finish(request: CcidHeader, dataLength: number): void {
    this.head.iccStatus = this.iccStatus();
    this.head.dataLength = dataLength;
    this.length = encodeAnswer(request, this.head, this.message, 0);
  }

  private iccStatus(): IccStatus {
    if (!this.isUsable()) return IccStatus.Absent;
    return this.session.state() === SessionState.Ready ? IccStatus.Active : IccStatus.Inactive;
  }
}
