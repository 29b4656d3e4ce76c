/** The counter line's UART as frames in and out, and when what was sent has left. */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import type { Uart } from "../../hal/uart.ts";
import { AsyncFrameDecoder, AsyncFrameEncoder, FrameEvent } from "../protocol/async-frame.ts";

const CHUNK_BYTES = 64;
const BITS_PER_CHARACTER = 10;
/** Flags, control and FCS of a frame. */
const FRAME_OVERHEAD_BYTES = 5;
const SECOND_US = 1000000;

export class FrameLine {
  /** The frame that `receive` has found; its information stays until the next call. */
  readonly frame: AsyncFrameDecoder;
  /** When everything that was written has left. */
  freeUs = 0;
  private readonly encoder: AsyncFrameEncoder;
  private readonly chunk: Bytes;
  private chunkAt = 0;
  private chunkLength = 0;

  constructor(
    natives: ByteNatives,
    private readonly uart: Uart,
    private readonly baud: number,
  ) {
    this.frame = new AsyncFrameDecoder(natives);
    this.encoder = new AsyncFrameEncoder(natives);
    this.chunk = natives.allocate(CHUNK_BYTES);
  }

  /** Reads up to the end of the next whole frame; false when the line holds no more. */
  receive(): boolean {
    for (;;) {
      if (this.chunkAt === this.chunkLength) {
        this.chunkLength = this.uart.read(this.chunk, 0, CHUNK_BYTES);
        this.chunkAt = 0;
        if (this.chunkLength === 0) return false;
      }
      const event = this.frame.push(this.chunk[this.chunkAt]);
      this.chunkAt++;
      if (event === FrameEvent.Frame) return true;
    }
  }

  write(control: number, information: ReadonlyBytes, length: number, nowUs: number): void {
    const sent = this.encoder.encode(control, information, length);
    this.uart.write(this.encoder.frame, 0, sent);
    this.freeUs = (this.freeUs > nowUs ? this.freeUs : nowUs) + this.charactersUs(sent);
  }

  /** How long a frame takes whose information is `length` bytes, escapes left out. */
  frameUs(length: number): number {
    return this.charactersUs(length + FRAME_OVERHEAD_BYTES);
  }

  private charactersUs(count: number): number {
    return Math.floor((count * BITS_PER_CHARACTER * SECOND_US) / this.baud);
  }
}
