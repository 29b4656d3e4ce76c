/**
 * The peripheral bus as bytes, the device's end (layouts: hal/bus.ts): outputs are collected in one buffer and travel with the
 * next answered request. What was sent and received is wiped at once, for characters to the card and keys pass through here.
 */
import type { ByteNatives, Bytes, ReadonlyBytes } from "../hal/bytes.ts";
import {
  BackupOperation,
  BusLimit,
  BusRequest,
  type BusEvents,
  type BusView,
  type CryptoCall,
  type PeripheralBus,
  type UartPort,
} from "../hal/bus.ts";
import type { Convention } from "../hal/card-uart.ts";

/** Carries requests to the world and brings the answer of the last one. */
export interface BusTransport {
  /**
   * Sends `request[0…length-1]`, whole requests of which the last alone is answered, and waits for the answer.
   * Returns how many bytes it has put into `answer`.
   */
  exchange(request: ReadonlyBytes, length: number, answer: Bytes): number;
}

/** More than the longest request, with room for the outputs of one step. */
const REQUEST_BYTES = 4096;
/** An idle's: 8 + 4, and 11 bytes a character. */
const ANSWER_BYTES = 4096;
/** Of a request before its arguments: length and number. */
const HEAD_BYTES = 3;
const TIME_BYTES = 8;
const CHARACTER_BYTES = 11;
const WORD = 0x100000000;

export class BusWire implements PeripheralBus {
  private readonly request: Bytes;
  private readonly answer: Bytes;
  private used = 0;

  constructor(
    private readonly natives: ByteNatives,
    private readonly transport: BusTransport,
  ) {
    this.request = natives.allocate(REQUEST_BYTES);
    this.answer = natives.allocate(ANSWER_BYTES);
  }

  uartTx(port: UartPort, bytes: ReadonlyBytes, from: number, length: number): void {
    this.begin(BusRequest.UartTx, 1 + length);
    this.put(port, 1);
    this.add(bytes, from, length);
  }

  uartSetup(port: UartPort, baud: number): void {
    this.begin(BusRequest.UartSetup, 5);
    this.put(port, 1);
    this.put(baud, 4);
  }

  cardUartSetup(clocksPerEtu: number, guardEtu: number, convention: Convention): void {
    this.begin(BusRequest.CardUartSetup, 5);
    this.put(clocksPerEtu, 2);
    this.put(guardEtu, 2);
    this.put(convention, 1);
  }

  pinsSet(mask: number, value: number): void {
    this.begin(BusRequest.PinsSet, 8);
    this.put(mask, 4);
    this.put(value, 4);
  }

  pwm(channel: number, hz: number): void {
    this.begin(BusRequest.Pwm, 5);
    this.put(channel, 1);
    this.put(hz, 4);
  }

  /** Written out, for every part makes one in every step: 70 Lua VM instructions less each (measured). */
  progress(part: number): void {
    const at = this.used;
    if (at + 2 * HEAD_BYTES + 1 > REQUEST_BYTES) {
      this.begin(BusRequest.Progress, 1);
      this.put(part, 1);
      return;
    }
    const request = this.request;
    request[at] = 2;
    request[at + 1] = 0;
    request[at + 2] = BusRequest.Progress;
    request[at + 3] = part;
    this.used = at + HEAD_BYTES + 1;
  }

  watchdogStart(parts: number): void {
    this.begin(BusRequest.WatchdogStart, 1);
    this.put(parts, 1);
  }

  boot(reason: number, part: number): number {
    this.begin(BusRequest.Boot, 2);
    this.put(reason, 1);
    this.put(part, 1);
    this.flush();
    return this.answer[0] + 256 * this.answer[1];
  }

  view(view: BusView): void {
    this.begin(BusRequest.View, 5);
    this.put(view.page, 1);
    this.put(view.purpose, 1);
    this.put(view.language, 1);
    this.put(view.digits, 1);
    this.put(view.triesLeft, 1);
  }

  /** The display does not talk back: what comes in while its bytes go out is dropped. */
  spi(port: number, select: number, bytes: ReadonlyBytes, length: number): void {
    this.begin(BusRequest.Spi, 2 + length);
    this.put(port, 1);
    this.put(select, 1);
    this.add(bytes, 0, length);
    this.flush();
  }

  spiExchange(port: number, select: number, bytes: Bytes, length: number): void {
    this.spi(port, select, bytes, length);
    this.takeBytes(bytes, length);
  }

  noise(into: Bytes, length: number): void {
    this.begin(BusRequest.Noise, 1);
    this.put(length, 1);
    this.flush();
    this.takeBytes(into, length);
  }

  backupRead(at: number, length: number, into: Bytes): void {
    this.backup(BackupOperation.Read, 2);
    this.put(at, 1);
    this.put(length, 1);
    this.flush();
    this.takeBytes(into, length);
  }

  backupWrite(at: number, length: number, bytes: ReadonlyBytes): void {
    this.backup(BackupOperation.Write, 1 + length);
    this.put(at, 1);
    this.natives.copy(bytes, 0, this.request, this.used, length);
    this.used += length;
    this.flush();
  }

  backupWasOpened(): boolean {
    this.backup(BackupOperation.WasOpened, 0);
    this.flush();
    const wasOpened = this.answer[0] === 1;
    this.answer[0] = 0;
    return wasOpened;
  }

  backupForgetOpening(): void {
    this.backup(BackupOperation.ForgetOpening, 0);
    this.flush();
  }

  pinsRead(): number {
    this.begin(BusRequest.PinsRead, 0);
    this.flush();
    return this.word(0);
  }

  matrixScan(): number {
    this.begin(BusRequest.MatrixScan, 0);
    this.flush();
    const crossings = this.answer[0] | (this.answer[1] << 8);
    // Pressed keys are digits.
    this.natives.fill(this.answer, 0, 2, 0);
    return crossings;
  }

  /** Lets time pass until `untilUs` or until there is news, and fills `into` with it. */
  idle(untilUs: number, into: BusEvents): void {
    this.begin(BusRequest.Idle, TIME_BYTES);
    const high = Math.floor(untilUs / WORD);
    this.put(untilUs - high * WORD, 4);
    this.put(high, 4);
    const length = this.flush();
    into.nowUs = this.time(0);
    into.edges = this.word(TIME_BYTES);
    const head = TIME_BYTES + 4;
    into.count = Math.floor((length - head) / CHARACTER_BYTES);
    if (into.count > BusLimit.EventsPerIdle) into.count = BusLimit.EventsPerIdle;
    for (let i = 0; i < into.count; i++) this.takeCharacter(head + i * CHARACTER_BYTES, i, into);
    this.natives.fill(this.answer, 0, length, 0);
  }

  /** Begins what the world is to compute, of `length` bytes; `add` brings them, `compute` asks. */
  beginCrypto(call: CryptoCall, length: number): void {
    this.begin(BusRequest.Crypto, 1 + length);
    this.put(call, 1);
  }

  /** Adds `bytes[from…from+length-1]` to the request that was begun. */
  add(bytes: ReadonlyBytes, from: number, length: number): void {
    this.natives.copy(bytes, from, this.request, this.used, length);
    this.used += length;
  }

  /** Puts the answer at the begin of `into`. */
  compute(into: Bytes): void {
    const length = this.flush();
    this.natives.copy(this.answer, 0, into, 0, length);
    this.natives.fill(this.answer, 0, length, 0);
  }

  private takeCharacter(at: number, index: number, into: BusEvents): void {
    into.ports[index] = this.answer[at];
    into.values[index] = this.answer[at + 1];
    into.flags[index] = this.answer[at + 2];
    into.timesUs[index] = this.time(at + 3);
  }

  private backup(operation: BackupOperation, argumentBytes: number): void {
    this.begin(BusRequest.Backup, 1 + argumentBytes);
    this.put(operation, 1);
  }

  /** Moves an answer's first bytes to `into`: they may be key material. */
  private takeBytes(into: Bytes, length: number): void {
    this.natives.copy(this.answer, 0, into, 0, length);
    this.natives.fill(this.answer, 0, length, 0);
  }

  /** Writes a request's head. Outputs that fill the buffer go ahead with a question that changes nothing. */
  private begin(request: BusRequest, argumentBytes: number): void {
    if (this.used + 2 * HEAD_BYTES + argumentBytes > REQUEST_BYTES) {
      this.head(BusRequest.PinsRead, 0);
      this.flush();
    }
    this.head(request, argumentBytes);
  }

  private head(request: BusRequest, argumentBytes: number): void {
    this.put(1 + argumentBytes, 2);
    this.put(request, 1);
  }

  private put(value: number, bytes: number): void {
    let rest = value;
    for (let i = 0; i < bytes; i++) {
      this.request[this.used] = rest & 255;
      rest = rest >>> 8;
      this.used++;
    }
  }

  private flush(): number {
    const length = this.transport.exchange(this.request, this.used, this.answer);
    this.natives.fill(this.request, 0, this.used, 0);
    this.used = 0;
    return length;
  }

  private word(at: number): number {
    const answer = this.answer;
    return answer[at] | (answer[at + 1] << 8) | (answer[at + 2] << 16) | (answer[at + 3] << 24);
  }

  /** A time's two words as one exact number. */
  private time(at: number): number {
    return (this.word(at) >>> 0) + (this.word(at + 4) >>> 0) * WORD;
  }
}
