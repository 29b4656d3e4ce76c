/**
 * hal/card-uart on Espruino's Serial2, the RP2350's second PL011. It is set up once, because the interpreter throws zeros away for
 * 100 ms after each set-up (source of 2v29, targets/rp2xxx); rate and parity are then changed in the chip's own registers.
 * A parity event comes before the characters it belongs to and does not say which: the whole chunk is marked.
 */
import type { ReadonlyBytes } from "../../hal/bytes.ts";
import { CharacterFlag, Convention, type CardCharacter, type CardUart } from "../../hal/card-uart.ts";
import type { EspruinoSerial } from "./api.ts";
import type { PicoPins } from "./pins.ts";

declare const E: { mapInPlace(from: Uint8Array, to: Uint8Array, map: Uint8Array): void };
declare function poke32(address: number, value: number): void;
declare function setTimeout(run: () => void, ms: number): void;

/** RP2350 data sheet, 12.1 (PL011): UART1 and its registers; the peripheral clock is the system's. */
const UART1 = 0x40078000;
const UARTIBRD = UART1 + 0x24;
const UARTFBRD = UART1 + 0x28;
const UARTLCR_H = UART1 + 0x2c;
const CLOCK_HZ = 150000000;
/** Eight bits, FIFOs on. */
const LCR_BASE = 0x70;
const LCR_PARITY = 0x02;
const LCR_EVEN = 0x04;
const LCR_TWO_STOP = 0x08;
/** A power of two; twice the longest block, its echo and its answer. */
const RING_CHARACTERS = 512;
const BYTE_VALUES = 256;
/** Start, eight bits, parity and two stop bits. */
const PLAIN_GUARD_ETU = 12;
const START_ETU = 372;

/** Until the middle of the second stop bit. */
const CHARACTER_ETU = 11;
const NANOSECONDS = 1000000000;

function inverted(value: number): number {
  let turned = 0;
  for (let bit = 0; bit < 8; bit++) turned = (turned << 1) | (((value >> bit) & 1) ^ 1);
  return turned;
}

export class EspruinoCardUart implements CardUart {
  readonly errorSignal = false;
  private readonly values = new Uint8Array(RING_CHARACTERS);
  private readonly flags = new Uint8Array(RING_CHARACTERS);
  private readonly timesUs = new Float64Array(RING_CHARACTERS);
  private head = 0;
  private tail = 0;
  private convention = Convention.Direct;
  private nextFlags = CharacterFlag.None;
  private guardEtu = PLAIN_GUARD_ETU;
  private etuNs = 0;
  /** What goes out, in the wire's convention; wiped as it goes. */
  private readonly leaving = new Uint8Array(RING_CHARACTERS);
  private leavingAt = 0;
  private leavingEnd = 0;
  /** Every byte in the inverse convention: bits turned round and inverted. */
  private readonly inverse = new Uint8Array(BYTE_VALUES);

  /** `nowUs` is the loop's clock, `wake` is called when something has come. */
  constructor(
    private readonly serial: EspruinoSerial,
    pins: PicoPins,
    private readonly clockHz: number,
    private readonly loop: { nowUs(): number; wake(): void },
  ) {
    const hz = Math.round(clockHz / START_ETU);
    const line = {
      tx: pins.card.tx,
      rx: pins.card.rx,
      bytesize: 8,
      parity: "even",
      stopbits: 2,
      errors: true,
    };
    serial.setup(hz, line);
    const failed = (): void => {
      this.nextFlags = CharacterFlag.ParityError;
    };
    serial.on("parity", failed);
    serial.on("framing", failed);
    serial.on("data", (text: string) => this.received(text));
    for (let value = 0; value < BYTE_VALUES; value++) this.inverse[value] = inverted(value);
  }

  configure(clocksPerEtu: number, guardEtu: number, convention: Convention): void {
    this.tail = this.head;
    this.values.fill(0);
    this.convention = convention;
    this.guardEtu = guardEtu;
    this.etuNs = Math.round((clocksPerEtu * NANOSECONDS) / this.clockHz);
    const divider = Math.round((CLOCK_HZ * 4 * clocksPerEtu) / this.clockHz);
    const stop = guardEtu < PLAIN_GUARD_ETU ? 0 : LCR_TWO_STOP;
    const parity = convention === Convention.Inverse ? LCR_PARITY : LCR_PARITY | LCR_EVEN;
    poke32(UARTIBRD, divider >> 6);
    poke32(UARTFBRD, divider & 63);
    // The divider takes effect with this register (PL011 manual, 3.3.7).
    poke32(UARTLCR_H, LCR_BASE | parity | stop);
  }

  send(bytes: ReadonlyBytes, from: number, length: number): void {
    this.leaving.set((bytes as Uint8Array).subarray(from, from + length));
    const part = this.leaving.subarray(0, length);
    if (this.convention === Convention.Inverse) E.mapInPlace(part, part, this.inverse);
    this.leavingAt = 0;
    this.leavingEnd = length;
    if (this.guardEtu > PLAIN_GUARD_ETU) this.sendOne();
    else this.sendNext(length);
  }

  receive(into: CardCharacter): boolean {
    if (this.tail === this.head) return false;
    into.value = this.values[this.tail];
    into.flags = this.flags[this.tail];
    into.timeUs = this.timesUs[this.tail];
    // Echoes of a PIN pass through here: nothing stays behind.
    this.values[this.tail] = 0;
    this.tail = (this.tail + 1) & (RING_CHARACTERS - 1);
    return true;
  }

  private sendNext(count: number): void {
    const part = this.leaving.subarray(this.leavingAt, this.leavingAt + count);
    this.serial.write(part);
    part.fill(0);
    this.leavingAt += count;
  }

  /** A guard time that no stop bits make: one character a turn of the interpreter's timers. */
  private sendOne(): void {
    if (this.leavingAt >= this.leavingEnd) return;
    this.sendNext(1);
    setTimeout(() => this.sendOne(), Math.ceil((this.guardEtu * this.etuNs) / 1000000));
  }

  /** The chip does not say when a character began: the last one has just ended, and the others came without a break. */
  private received(text: string): void {
    const lastUs = this.loop.nowUs() - Math.round((CHARACTER_ETU * this.etuNs) / 1000);
    for (let i = 0; i < text.length; i++) {
      const next = (this.head + 1) & (RING_CHARACTERS - 1);
      if (next === this.tail) break;
      const value = text.charCodeAt(i);
      this.values[this.head] = this.convention === Convention.Inverse ? this.inverse[value] : value;
      this.flags[this.head] = this.nextFlags;
      this.timesUs[this.head] =
        lastUs - Math.round(((text.length - 1 - i) * PLAIN_GUARD_ETU * this.etuNs) / 1000);
      this.head = next;
    }
    this.nextFlags = CharacterFlag.None;
    this.loop.wake();
  }
}
