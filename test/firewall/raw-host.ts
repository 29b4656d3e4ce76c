/** A host without manners: writes CCID messages in GemPC frames, or any bytes, and takes what comes, in whatever order. */
import type { SerialLine } from "../../host-sim/chip/serial-line.ts";

/** An RDR_to_PC message; `type` is 0 for a NAK. */
export interface RawReply {
  readonly type: number;
  readonly sequence: number;
  readonly status: number;
  readonly error: number;
  readonly data: Uint8Array;
}

/** Who sends messages and takes what comes, whatever carries them. */
export interface Attacker {
  /** Answers that have come and were not taken. */
  readonly replies: RawReply[];
  /** Bytes 7 to 9 are `specific`; dwLength and slot are right unless `wrong` says otherwise. Returns bSeq. */
  send(type: number, specific: readonly number[], data: ArrayLike<number>, wrong?: WrongHead): number;
  /** A whole message; where there are frames, `lrcError` is added to the LRC of its own. */
  sendFrame(message: readonly number[], lrcError?: number): void;
  sendBytes(bytes: ArrayLike<number>): void;
}

export interface WrongHead {
  readonly length?: number;
  readonly slot?: number;
}

export const HEADER_BYTES = 10;

export function headOf(
  type: number,
  sequence: number,
  specific: readonly number[],
  data: ArrayLike<number>,
  wrong: WrongHead = {},
): number[] {
  const length = wrong.length ?? data.length;
  return [type, length & 255, length >> 8, 0, 0, wrong.slot ?? 0, sequence, ...specific];
}

/** Of a whole RDR_to_PC message. */
export function replyOf(message: readonly number[]): RawReply {
  const data = Uint8Array.from(message.slice(HEADER_BYTES));
  return { type: message[0]!, sequence: message[6]!, status: message[7]!, error: message[8]!, data };
}
/** RDR_to_PC messages; the echoes before them carry the request's own number. */
const FIRST_ANSWER = 0x80;

export class RawHost implements Attacker {
  readonly replies: RawReply[] = [];
  private readonly inbox: number[] = [];
  private sequence = 0;

  constructor(private readonly line: SerialLine) {
    line.onBytes((bytes) => {
      for (const byte of bytes) this.inbox.push(byte);
      while (this.takeOne());
    });
  }

  send(type: number, specific: readonly number[], data: ArrayLike<number>, wrong: WrongHead = {}): number {
    const sequence = this.sequence;
    const head = headOf(type, sequence, specific, data, wrong);
    this.sequence = (sequence + 1) & 255;
    this.sendFrame([...head, ...Array.from(data)]);
    return sequence;
  }

  /** A GemPC frame around `message`; `lrcError` is added to its LRC. */
  sendFrame(message: readonly number[], lrcError = 0): void {
    let lrc = 0x05 ^ lrcError;
    for (const byte of message) lrc ^= byte;
    this.line.send(Uint8Array.of(0x03, 0x06, ...message, lrc));
  }

  sendBytes(bytes: ArrayLike<number>): void {
    this.line.send(Uint8Array.from(bytes));
  }

  /** Takes a frame, a notice or a time request from the inbox; false when nothing whole is there. */
  private takeOne(): boolean {
    const inbox = this.inbox;
    const [first, second] = inbox;
    if (first === undefined) return false;
    if (first !== 0x03) return this.drop(first === 0x50 ? 2 : 1);
    if (second === undefined) return false;
    if (second !== 0x06) return this.takeNak();
    if (inbox.length < HEADER_BYTES + 3) return false;
    const total = HEADER_BYTES + inbox[3]! + inbox[4]! * 256;
    if (inbox.length < total + 3) return false;
    const frame = inbox.splice(0, total + 3);
    if (frame[2]! >= FIRST_ANSWER) this.keep(frame);
    return true;
  }

  private keep(frame: number[]): void {
    this.replies.push(replyOf(frame.slice(2, -1)));
  }

  private takeNak(): boolean {
    if (this.inbox.length < 3) return false;
    this.replies.push({ type: 0, sequence: 0, status: 0, error: 0, data: new Uint8Array(0) });
    return this.drop(3);
  }

  private drop(count: number): boolean {
    if (this.inbox.length < count) return false;
    this.inbox.splice(0, count);
    return true;
  }
}
