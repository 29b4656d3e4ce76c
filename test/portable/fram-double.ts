/** A small FRAM at the end of an SPI, for engines that have no world around them. It does not notice what is wrong. */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import type { DuplexSpi } from "../../hal/spi.ts";

const WRITE_ENABLE = 0x06;
const READ_ID = 0x9f;
const WRITE = 0x02;
const READ = 0x03;
const HEAD_BYTES = 3;

export class FramDouble implements DuplexSpi {
  readonly memory: Bytes;
  /** Data bytes that are still written; those behind are lost, as if the power were gone. */
  bytesLeft = 0x7fffffff;
  /** What it says that it is; 0: nobody answers. */
  version = 0x09;
  private enabled = false;

  /** It has so many bytes of the chip's 32 KB, from 0 on. */
  constructor(natives: ByteNatives, lengthBytes: number) {
    this.memory = natives.allocate(lengthBytes);
  }

  exchange(_select: number, bytes: ReadonlyBytes, length: number, into: Bytes): void {
    const command = bytes[0];
    if (command === WRITE_ENABLE) this.enabled = true;
    if (command === READ_ID) this.identity(into);
    const address = length > HEAD_BYTES ? (bytes[1] << 8) | bytes[2] : 0;
    for (let i = HEAD_BYTES; i < length; i++) {
      if (command === READ) into[i] = this.memory[address + i - HEAD_BYTES];
      if (command === WRITE && this.enabled) this.write(address + i - HEAD_BYTES, bytes[i]);
    }
    if (command === WRITE) this.enabled = false;
  }

  private identity(into: Bytes): void {
    if (this.version === 0) return;
    into[1] = 0x04;
    into[2] = 0x7f;
    into[3] = 0x05;
    into[4] = this.version;
  }

  private write(address: number, value: number): void {
    if (this.bytesLeft > 0) this.memory[address] = value;
    if (this.bytesLeft > 0) this.bytesLeft--;
  }
}
