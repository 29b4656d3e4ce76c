/**
 * The bench image on the development board (pins.ts), run from Storage by its boot record (board/build/espruino-firmware.ts). Its console is
 * silent, for USB carries the counter line. It has no secure boot and no memory that is erased when the case opens: an image that
 * holds production keys must not be composed here (docs/hardware.md).
 */
import { Language } from "../../firmware/service/view.ts";
import { composeBench } from "../bench.ts";
import type { EspruinoSerial, EspruinoSpi, EspruinoStorage } from "./api.ts";
import { EspruinoCardUart } from "./card-uart.ts";
import { EspruinoPins } from "./gpio.ts";
import { EspruinoLine } from "./line.ts";
import { EspruinoLoop } from "./loop.ts";
import { EspruinoMatrix } from "./matrix.ts";
import { EspruinoNatives } from "./natives.ts";
import { BOARD, PINS } from "./pins.ts";
import { EspruinoPwm } from "./pwm.ts";
import { EspruinoSpiPort } from "./spi.ts";
import { StorageText } from "./storage-text.ts";
import { TextRom } from "./text-rom.ts";
import { EspruinoWatchdog, readReset } from "./watchdog.ts";

declare const global: { require(name: string): EspruinoStorage };
declare const E: { setConsole(device: null, options: object): void };
declare const USB: EspruinoSerial;
declare const Serial2: EspruinoSerial;
declare const SPI1: EspruinoSpi;
declare const process: { memory(): { readonly usage: number; readonly total: number } };
declare function print(text: string): void;
/** The boot record's choice. */
declare const madoguchiRom: string;

/** Apart from `require`, which neither the bundler nor Espruino's tools may follow. */
const STORAGE = "Storage";

const loop = new EspruinoLoop();
const wake = (): void => loop.wake();
// The card's contacts go off before anything else.
const pins = new EspruinoPins(PINS, wake);
const natives = new EspruinoNatives();
const terminal = composeBench(
  {
    natives,
    rom: new TextRom(new StorageText(global.require(STORAGE), madoguchiRom)),
    port: {
      line: new EspruinoLine(USB, wake),
      card: new EspruinoCardUart(Serial2, PINS, BOARD.slot.clockHz, loop),
      spi: new EspruinoSpiPort(SPI1, PINS, BOARD.lcd.spiHz),
      pwm: new EspruinoPwm(PINS.pwm),
      matrix: new EspruinoMatrix(PINS),
      pins,
      watchdog: new EspruinoWatchdog(BOARD.watchdogUs),
      reset: readReset(),
    },
    board: BOARD,
  },
  { language: Language.Japanese, substitute: false },
);
const memory = process.memory();
print("booted with " + memory.usage + " variables in use");
E.setConsole(null, { force: true });
loop.start(terminal);
