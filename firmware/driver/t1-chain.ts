/**
 * The command and the answer of T=1 as chains of I-blocks (ISO/IEC 7816-3:2006, 11.6.2): both buffers, how far each has come,
 * and the numbers that go with them.
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import { COMMAND_MAX_BYTES, RESPONSE_MAX_BYTES } from "../protocol/command-apdu.ts";
import { T1_INF, T1_LEN, T1_MORE } from "../protocol/t1-block.ts";

export class T1Chain {
  readonly command: Bytes;
  readonly response: Bytes;
  responseLength = 0;
  /** N(S) of the block that is sent or to be sent; N(S) that the card's next I-block must have (11.6.2.1). */
  sendNumber = 0;
  receiveNumber = 0;
  /** Where the present block begins in `command`, and its length. */
  sent = 0;
  chunk = 0;
  private length = 0;
  private initialIfsc = 32;
  private ifsc = 32;

  constructor(private readonly natives: ByteNatives) {
    this.command = natives.allocate(COMMAND_MAX_BYTES);
    this.response = natives.allocate(RESPONSE_MAX_BYTES);
  }

  /** As after an ATR with this IFSC. */
  reset(ifsc: number): void {
    this.initialIfsc = ifsc;
    this.begin(0);
    this.resynchronise();
  }

  /** As after S(RESYNCH): numbers, size and both chains from their beginning (rules 6.2 and 6.3). */
  resynchronise(): void {
    this.sendNumber = 0;
    this.receiveNumber = 0;
    this.ifsc = this.initialIfsc;
    this.begin(this.length);
  }

  /** `command[0…length-1]` is to be sent. */
  begin(length: number): void {
    this.length = length;
    this.sent = 0;
    this.responseLength = 0;
    this.cut();
  }

  /** The card takes at most `ifsc` bytes, from the next block on: a repeated one stays the same. */
  resize(ifsc: number): void {
    this.ifsc = ifsc;
  }

  /** The present block ends the command. */
  isLast(): boolean {
    return this.sent + this.chunk === this.length;
  }

  /** PCB of the present block. */
  pcb(): number {
    return (this.sendNumber << 6) | (this.isLast() ? 0 : T1_MORE);
  }

  /** The card has taken the present block; the next is cut when there is one. */
  acknowledge(): void {
    this.sendNumber ^= 1;
    this.sent += this.chunk;
    this.cut();
  }

  /** Keeps INF of the valid I-block `block`; false when there is no room. */
  keep(block: ReadonlyBytes): boolean {
    const length = block[T1_LEN];
    this.receiveNumber ^= 1;
    if (this.responseLength + length > RESPONSE_MAX_BYTES) return false;
    this.natives.copy(block, T1_INF, this.response, this.responseLength, length);
    this.responseLength += length;
    return true;
  }

  wipe(): void {
    this.natives.wipe(this.command);
    this.natives.wipe(this.response);
    this.responseLength = 0;
  }

  private cut(): void {
    const rest = this.length - this.sent;
    this.chunk = rest < this.ifsc ? rest : this.ifsc;
  }
}
