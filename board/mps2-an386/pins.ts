/**
 * Pins of the reference board, as bits of `Pins.set` and `Pins.read`.
 *
 *   output bit  to            |  input bit  from
 *   0  CMDVCCN  TDA8035, active low: activates          |  0  OFFN  TDA8035: low = no card, or a fault
 *   1  RSTIN    TDA8035: level of contact C2            |  1  key switch of the case: low = service
 *   2  EN_5V    TDA8035: high 5 V, low 3 V              |  PWM channel 0  piezo
 *   3  EN_1V8N  TDA8035, active low: 1.8 V              |  PWM channel 1  EXTCOMIN of the LCD
 *   4  DISP     LCD                                     |
 *   5, 6, 7     slot, secure-entry, status lamp         |  SPI 0 select 0  LCD, 2 MHz
 *                                                       |  SPI 1 select 0  FRAM, 8 MHz
 */
import type { FramWiring } from "../../firmware/driver/fram.ts";
import type { Board } from "../board.ts";

export const BOARD: Board = {
  name: "mps2-an386",
  slot: {
    commandVccN: 1,
    reset: 2,
    enable5V: 4,
    enable1V8N: 8,
    offN: 1,
    clockHz: 3571200,
  },
  lcd: { spiSelect: 0, spiHz: 2000000, displayOnMask: 16, vcomChannel: 1, vcomHz: 60 },
  lamps: { slot: 32, secureEntry: 64, status: 128 },
  piezoChannel: 0,
  caseKeyN: 2,
  scanUs: 4000,
  watchdogUs: 500000,
  lineBaud: 115200,
};

export const FRAM: FramWiring = { spiSelect: 0, spiHz: 8000000 };
