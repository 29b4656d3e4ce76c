/**
 * FRAM MB85RS256B, 32 KB, over SPI (Fujitsu data sheet: op-codes; identity 04 7F 05 09). It writes as fast as the wire brings
 * bytes: no page, no waiting. What is written is read back and compared, piece by piece. A transfer is at most 67 bytes and counts
 * as one instant (hal/spi.ts). Ranges must lie inside.
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import type { DuplexSpi } from "../../hal/spi.ts";

export const enum FramSize {
  Bytes = 0x8000,
  /** Data bytes of one transfer at most. */
  PieceBytes = 64,
}

/** Op-codes. */
const enum FramCommand {
  Write = 0x02,
  Read = 0x03,
  WriteEnable = 0x06,
  ReadId = 0x9f,
}

export const enum FramError {
  None = 0,
  /** Another chip answers in its place, or none. */
  NotThere = 1,
  /** What was read back is not what was written. */
  NotWritten = 2,
}

/** Where the board has connected it. */
export interface FramWiring {
  readonly spiSelect: number;
  /** At most 33,000,000. */
  readonly spiHz: number;
}

/** Of a read or write before its data: op-code, address. */
const HEAD_BYTES = 3;
/** Manufacturer, continuation code, density, version. */
const IDENTITY_BYTES = 4;
const MANUFACTURER = 0x04;
const CONTINUATION = 0x7f;
const DENSITY = 0x05;
const VERSION = 0x09;

export class Fram {
  /** What goes out, and stays there to be compared. */
  private readonly sent: Bytes;
  private readonly came: Bytes;

  constructor(
    private readonly natives: ByteNatives,
    private readonly spi: DuplexSpi,
    private readonly wiring: FramWiring,
  ) {
    this.sent = natives.allocate(HEAD_BYTES + FramSize.PieceBytes);
    this.came = natives.allocate(HEAD_BYTES + FramSize.PieceBytes);
  }

  /** Asks the chip who it is. Changes nothing. */
  identify(): FramError {
    const came = this.came;
    this.natives.wipe(came);
    came[0] = FramCommand.ReadId;
    this.spi.exchange(this.wiring.spiSelect, came, 1 + IDENTITY_BYTES, came);
    const isFujitsu = came[1] === MANUFACTURER && came[2] === CONTINUATION;
    return isFujitsu && came[3] === DENSITY && came[4] === VERSION ? FramError.None : FramError.NotThere;
  }

  /** Puts the `length` bytes from `address` on into `into[at…]`. */
  read(address: number, into: Bytes, at: number, length: number): void {
    for (let done = 0; done < length; done += FramSize.PieceBytes) {
      const count = this.pieceOf(length - done);
      this.fetch(address + done, count);
      this.natives.copy(this.came, HEAD_BYTES, into, at + done, count);
    }
    this.natives.wipe(this.came);
  }

  /** Writes `bytes[from…from+length-1]` from `address` on, lowest address first. It ends at the first piece that did not stay. */
  write(address: number, bytes: ReadonlyBytes, from: number, length: number): FramError {
    let error = FramError.None;
    for (let done = 0; done < length && error === FramError.None; done += FramSize.PieceBytes) {
      const count = this.pieceOf(length - done);
      this.natives.copy(bytes, from + done, this.sent, HEAD_BYTES, count);
      error = this.store(address + done, count);
    }
    this.wipe();
    return error;
  }

  /** Writes zeros, as `write`. */
  erase(address: number, length: number): FramError {
    let error = FramError.None;
    for (let done = 0; done < length && error === FramError.None; done += FramSize.PieceBytes) {
      const count = this.pieceOf(length - done);
      this.natives.fill(this.sent, HEAD_BYTES, count, 0);
      error = this.store(address + done, count);
    }
    this.wipe();
    return error;
  }

  private pieceOf(length: number): number {
    return length < FramSize.PieceBytes ? length : FramSize.PieceBytes;
  }

  /** Writes the `count` data bytes of `sent` and reads them back. Every write needs an enabling of its own. */
  private store(address: number, count: number): FramError {
    this.came[0] = FramCommand.WriteEnable;
    this.spi.exchange(this.wiring.spiSelect, this.came, 1, this.came);
    this.head(this.sent, FramCommand.Write, address);
    this.spi.exchange(this.wiring.spiSelect, this.sent, HEAD_BYTES + count, this.came);
    this.fetch(address, count);
    const isThere = this.natives.equalConstantTime(this.sent, HEAD_BYTES, this.came, HEAD_BYTES, count);
    return isThere ? FramError.None : FramError.NotWritten;
  }

  private fetch(address: number, count: number): void {
    this.natives.fill(this.came, HEAD_BYTES, count, 0);
    this.head(this.came, FramCommand.Read, address);
    this.spi.exchange(this.wiring.spiSelect, this.came, HEAD_BYTES + count, this.came);
  }

  private head(transfer: Bytes, command: FramCommand, address: number): void {
    transfer[0] = command;
    transfer[1] = address >>> 8;
    transfer[2] = address & 255;
  }

  /** Keys and states pass through here. */
  private wipe(): void {
    this.natives.wipe(this.sent);
    this.natives.wipe(this.came);
  }
}
