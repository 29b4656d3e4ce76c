/** CCID bulk messages (rev 1.1, chapter 6) in a stream that knows no records: a header of 10 bytes, then dwLength bytes. */
import { HEADER_BYTES, Request, SEQUENCE_AT } from "../../firmware/protocol/ccid.ts";

/** More than any answer of the terminal; whoever announces more is out of step. */
const LONGEST_MESSAGE_BYTES = 16 * 1024;

/** Cuts the stream into messages. */
export class CcidStream {
  private rest = Buffer.alloc(0);

  /** Takes the next bytes; returns the messages that they complete. Throws RangeError when a message is too long to be one. */
  push(bytes: Uint8Array): Uint8Array[] {
    this.rest = Buffer.concat([this.rest, bytes]);
    const messages: Uint8Array[] = [];
    for (let length = this.nextLength(); length <= this.rest.length; length = this.nextLength()) {
      messages.push(Uint8Array.from(this.rest.subarray(0, length)));
      this.rest = this.rest.subarray(length);
    }
    return messages;
  }

  private nextLength(): number {
    if (this.rest.length < HEADER_BYTES) return HEADER_BYTES;
    const length = HEADER_BYTES + this.rest.readUInt32LE(1);
    if (length > LONGEST_MESSAGE_BYTES) throw new RangeError(`a message of ${length} bytes`);
    return length;
  }
}

/** A request of type `type` without bSeq, which the session gives. */
export function ccidRequest(type: Request, data: Uint8Array = new Uint8Array()): Uint8Array {
  const message = new Uint8Array(HEADER_BYTES + data.length);
  message[0] = type;
  new DataView(message.buffer).setUint32(1, data.length, true);
  message.set(data, HEADER_BYTES);
  return message;
}

/** The same message under another number. */
export function withSequence(message: Uint8Array, sequence: number): Uint8Array {
  const copy = Uint8Array.from(message);
  copy[SEQUENCE_AT] = sequence;
  return copy;
}
