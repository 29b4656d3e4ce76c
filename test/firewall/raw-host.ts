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

const HEADER_BYTES = 10;
/** RDR_to_PC messages; the echoes before them carry the request's own number. */
const FIRST_ANSWER = 0x80;

export class RawHost {
  /** Answers that have come and were not taken. */
  readonly replies: RawReply[] = [];
  private readonly inbox: number[] = [];
  private sequence = 0;

  constructor(private readonly line: SerialLine) {
    line.onBytes((bytes) => {
      for (const byte of bytes) this.inbox.push(byte);
      while (this.takeOne());
    });
  }

  /** Bytes 7 to 9 are `specific`; dwLength and slot are right unless `wrong` says otherwise. Returns bSeq. */
  send(
    type: number,
    specific: readonly number[],
    data: ArrayLike<number>,
    wrong: { length?: number; slot?: number } = {},
  ): number {
    const sequence = this.sequence;
    const length = wrong.length ?? data.length;
    const head = [type, length & 255, length >> 8, 0, 0, wrong.slot ?? 0, sequence, ...specific];
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
    const data = Uint8Array.from(frame.slice(2 + HEADER_BYTES, -1));
    this.replies.push({ type: frame[2]!, sequence: frame[8]!, status: frame[9]!, error: frame[10]!, data });
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
