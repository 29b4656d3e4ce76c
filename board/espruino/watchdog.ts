/**
 * hal/watchdog on Espruino: the chip's own watchdog, which the interpreter does not feed by itself. Why the program starts is read
 * from the chip's register of reasons, and which parts had not reported from a word that survives the reset.
 */
import { ResetPart, ResetReason, type ResetRecord, type Watchdog } from "../../hal/watchdog.ts";

declare const E: { enableWatchdog(seconds: number, isAuto: boolean): void; kickWatchdog(): void };
declare function peek32(address: number): number;
declare function poke32(address: number, value: number): void;

/** RP2350 data sheet, 12.9: bit 0 of REASON = the timer, bit 1 = forced, as `E.reboot` does; none = power, or the reset pin. */
const REASON = 0x400d8008;
const REASON_TIMER = 1;
/** The first scratch word; the boot ROM and the interpreter use the last four alone. */
const MISSING = 0x400d800c;
/** In the word's upper half: what a power-up leaves is not believed. */
const MARK = 0x57440000;
const MARK_MASK = 0xffff0000;
const PART_LIMIT = 16;

/** Why this boot is. Read it before `EspruinoWatchdog.start`. */
export function readReset(): ResetRecord {
  if ((peek32(REASON) & REASON_TIMER) === 0) return { reason: ResetReason.PowerOn, part: ResetPart.None };
  return { reason: ResetReason.Watchdog, part: lowestPart(peek32(MISSING)) };
}

function lowestPart(word: number): number {
  if ((word & MARK_MASK) !== MARK) return ResetPart.None;
  for (let part = 0; part < PART_LIMIT; part++) if (((word >> part) & 1) !== 0) return part;
  return ResetPart.None;
}

export class EspruinoWatchdog implements Watchdog {
  private all = 0;
  private missing = 0;

  /** The board resets when it was not fed for `limitUs`. */
  constructor(private readonly limitUs: number) {}

  start(parts: number): void {
    this.all = (1 << parts) - 1;
    this.await();
    E.enableWatchdog(this.limitUs * 0.000001, false);
  }

  progress(part: number): void {
    const bit = 1 << part;
    if ((this.missing & bit) === 0) return;
    this.missing = this.missing ^ bit;
    if (this.missing === 0) {
      E.kickWatchdog();
      this.await();
    } else poke32(MISSING, MARK | this.missing);
  }

  private await(): void {
    this.missing = this.all;
    poke32(MISSING, MARK | this.missing);
  }
}
