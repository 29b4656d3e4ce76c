/**
 * What the pins of a Raspberry Pi Pico 2 can do: the functions of the RP2350 (data sheet, 9.4) on GPIO 0–29, less
 * the pins that the Pico 2 itself uses (its data sheet, 2.1), less what Espruino's build for it does not offer
 * (boards/RP2350_PICO2.py of 2v29).
 */
import type { PicoPins } from "../../../board/espruino/pins.ts";

const LAST_GPIO = 29;
/** GP23 power save, GP24 USB sense, GP29 supply measurement. GP25 is the board's own lamp: an output alone. */
const INTERNAL = [23, 24, 29];
const LAMP = 25;
/** Both tables allow these. Serial1 is UART0, Serial2 UART1, SPI1 is SPI0. */
const FUNCTIONS = {
  "Serial1 TX": [0, 12, 16],
  "Serial1 RX": [1, 13, 17],
  "Serial2 TX": [4, 8, 20],
  "Serial2 RX": [5, 9, 21],
  "SPI1 SCK": [2, 6, 18],
  "SPI1 MOSI": [3, 7, 19],
} as const;
/** Of GPIO n the PWM slice is n/2 modulo 8; a slice has one frequency. */
const SLICES = 8;

interface Use {
  readonly pin: number;
  readonly what: string;
}

function usesOf(pins: PicoPins): Use[] {
  const many = (list: readonly number[], what: string): Use[] =>
    list.map((pin, index) => ({ pin, what: `${what} ${index}` }));
  return [
    { pin: pins.serviceLine.tx, what: "Serial1 TX" },
    { pin: pins.serviceLine.rx, what: "Serial1 RX" },
    { pin: pins.card.tx, what: "Serial2 TX" },
    { pin: pins.card.rx, what: "Serial2 RX" },
    { pin: pins.display.sck, what: "SPI1 SCK" },
    { pin: pins.display.mosi, what: "SPI1 MOSI" },
    { pin: pins.display.select, what: "display select" },
    { pin: pins.cardAbsentN, what: "OFFN" },
    { pin: pins.serviceKeyN, what: "case key" },
    ...many(pins.keyRows, "key row"),
    ...many(pins.keyColumns, "key column"),
    ...many(pins.pwm, "PWM channel"),
    ...many(pins.outputs, "output"),
  ];
}

function isFunction(what: string): what is keyof typeof FUNCTIONS {
  return what in FUNCTIONS;
}

function faultOf({ pin, what }: Use): string | undefined {
  if (!Number.isInteger(pin) || pin < 0 || pin > LAST_GPIO) return `${what}: the chip has no GP${pin}`;
  if (INTERNAL.includes(pin)) return `${what}: GP${pin} is the Pico 2's own`;
  if (pin === LAMP && !what.startsWith("output")) return `${what}: GP${pin} is the Pico 2's lamp`;
  if (isFunction(what) && !FUNCTIONS[what].some((able) => able === pin)) return `${what}: GP${pin} cannot`;
  return undefined;
}

function slice(pin: number): number {
  return Math.floor(pin / 2) % SLICES;
}

/** Why these pins cannot be wired so; nothing when they can. */
export function pinFaults(pins: PicoPins): string[] {
  const uses = usesOf(pins);
  const faults = uses.map(faultOf).filter((fault) => fault !== undefined);
  for (const [index, { pin, what }] of uses.entries()) {
    const other = uses.slice(0, index).find((earlier) => earlier.pin === pin);
    if (other !== undefined) faults.push(`GP${pin} is ${other.what} and ${what}`);
  }
  const slices = new Set(pins.pwm.map(slice));
  if (slices.size < pins.pwm.length) faults.push("two PWM channels share a slice, which has one frequency");
  return faults;
}
