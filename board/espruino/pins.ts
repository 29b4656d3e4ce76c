/**
 * Pins of the development board, a Raspberry Pi Pico 2 (RP2350A) with Espruino's RP2350_PICO2 build. GP numbers.
 *
 *   GP0, 1     Serial1: service line            |  GP14 EN_5V, GP15 EN_1V8N, GP3 RSTIN, GP2 CMDVCCN: TDA8035
 *   GP4, 5     Serial2: I/OUC of the TDA8035,   |  GP26 OFFN, an input that is watched
 *              GP4 through an open-drain buffer |  GP16 DISP, GP17 SCS, GP18 SCLK, GP19 SI: LCD on SPI1
 *   GP6…9      key rows, open drain             |  GP20 EXTCOMIN (PWM slice 2), GP22 piezo (PWM slice 3)
 *   GP10…13    key columns, pulled up           |  GP21 slot lamp, GP27 secure-entry lamp, GP25 status lamp (on the board)
 *   USB        counter line; console in service |  GP28 case key switch, closed to ground = service
 *
 * The counter line is USB because the interpreter fetches a UART's characters between two turns of its loop only: 32 fit into
 * the chip, 2.8 ms at 115200 baud; USB makes the computer wait instead (docs/hardware.md).
 */
import type { Board } from "../board.ts";
import type { Pin } from "./api.ts";

/** Output bits of `Pins.set`, in the order of the reference board. Bit n drives `PINS.outputs[n]`. */
const COMMAND_VCC_N = 1;
const RESET = 2;
const ENABLE_5V = 4;
const ENABLE_1V8_N = 8;
const DISPLAY_ON = 16;
const SLOT_LAMP = 32;
const SECURE_ENTRY_LAMP = 64;
const STATUS_LAMP = 128;

export interface PicoPins {
  readonly serviceLine: { readonly tx: Pin; readonly rx: Pin };
  readonly card: { readonly tx: Pin; readonly rx: Pin };
  readonly keyRows: readonly Pin[];
  readonly keyColumns: readonly Pin[];
  readonly display: { readonly sck: Pin; readonly mosi: Pin; readonly select: Pin };
  /** By PWM channel. */
  readonly pwm: readonly Pin[];
  readonly outputs: readonly Pin[];
  /** Levels of the outputs that pull-ups hold during a reset: the card is off. */
  readonly outputsAtReset: number;
  readonly cardAbsentN: Pin;
  readonly serviceKeyN: Pin;
}

export const PINS: PicoPins = {
  serviceLine: { tx: 0, rx: 1 },
  card: { tx: 4, rx: 5 },
  keyRows: [6, 7, 8, 9],
  keyColumns: [10, 11, 12, 13],
  display: { sck: 18, mosi: 19, select: 17 },
  pwm: [22, 20],
  outputs: [2, 3, 14, 15, 16, 21, 27, 25],
  outputsAtReset: COMMAND_VCC_N | ENABLE_1V8_N,
  cardAbsentN: 26,
  serviceKeyN: 28,
};

export const BOARD: Board = {
  name: "espruino",
  slot: {
    commandVccN: COMMAND_VCC_N,
    reset: RESET,
    enable5V: ENABLE_5V,
    enable1V8N: ENABLE_1V8_N,
    offN: 1,
    clockHz: 3571200,
  },
  lcd: { spiSelect: 0, spiHz: 2000000, displayOnMask: DISPLAY_ON, vcomChannel: 1, vcomHz: 60 },
  lamps: { slot: SLOT_LAMP, secureEntry: SECURE_ENTRY_LAMP, status: STATUS_LAMP },
  piezoChannel: 0,
  caseKeyN: 2,
  scanUs: 4000,
  watchdogUs: 2000000,
  lineBaud: 115200,
};
