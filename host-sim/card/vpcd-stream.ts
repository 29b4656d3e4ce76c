/** Messages of the vpcd protocol (vsmartcard): a 16-bit length, most significant byte first, and so many bytes. */

const LENGTH_BYTES = 2;
export const LONGEST_MESSAGE = 0xffff;

/** Puts the length in front of `payload`. */
export function frame(payload: Uint8Array): Uint8Array {
  return Uint8Array.of(payload.length >> 8, payload.length & 0xff, ...payload);
}

/** Cuts a stream of bytes, however it arrives, into messages. */
export class VpcdStream {
  private pending = Buffer.alloc(0);

  constructor(private readonly onMessage: (payload: Uint8Array) => void) {}

  push(chunk: Uint8Array): void {
    this.pending = Buffer.concat([this.pending, chunk]);
    for (;;) {
      const size =
        this.pending.length < LENGTH_BYTES ? Infinity : LENGTH_BYTES + this.pending.readUInt16BE(0);
      if (this.pending.length < size) return;
      const payload = Uint8Array.from(this.pending.subarray(LENGTH_BYTES, size));
      this.pending = this.pending.subarray(size);
      this.onMessage(payload);
    }
  }
}
