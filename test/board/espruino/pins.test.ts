import { suite } from "uvu";
import { equal, is, match } from "uvu/assert";
import { BOARD, PINS, type PicoPins } from "../../../board/espruino/pins.ts";
import { BOARD as REFERENCE } from "../../../board/mps2-an386/pins.ts";
import { pinFaults } from "./pin-rules.ts";

const test = suite("pins of the Espruino board");

function faultsWith(changed: Partial<PicoPins>): string {
  return pinFaults({ ...PINS, ...changed }).join("; ");
}

test("the chip can use every pin as the board does, and none is used twice", () => {
  equal(pinFaults(PINS), []);
});

test("every output bit has its pin, and the card is switched off at reset by the one that is first", () => {
  const { slot, lcd, lamps } = BOARD;
  const masks = [slot.commandVccN, slot.reset, slot.enable5V, slot.enable1V8N, lcd.displayOnMask];
  const all = [...masks, lamps.slot, lamps.secureEntry, lamps.status];
  equal(
    all,
    PINS.outputs.map((_, bit) => 1 << bit),
  );
  is(PINS.pwm.length, 2);
  equal([BOARD.piezoChannel, BOARD.lcd.vcomChannel].sort(), [0, 1]);
});

test("its chips are the reference board's: the same card clock, display and keypad", () => {
  is(BOARD.slot.clockHz, REFERENCE.slot.clockHz);
  is(BOARD.lcd.vcomHz, REFERENCE.lcd.vcomHz);
  is(BOARD.lcd.spiHz <= REFERENCE.lcd.spiHz, true);
});

for (const [what, changed, fault] of [
  ["a card line on a pin without that UART", { card: { tx: 6, rx: 5 } }, /Serial2 TX: GP6 cannot/],
  ["the two directions of the card line exchanged", { card: { tx: 5, rx: 4 } }, /Serial2 TX: GP5 cannot/],
  ["a service line on the card's UART", { serviceLine: { tx: 8, rx: 1 } }, /Serial1 TX: GP8 cannot/],
  [
    "the display's data on a pin without SPI output",
    { display: { sck: 18, mosi: 16, select: 17 } },
    /SPI1 MOSI: GP16 cannot/,
  ],
  ["two square waves on one slice", { pwm: [20, 21] }, /share a slice/],
  ["slices that come round again", { pwm: [22, 6] }, /share a slice/],
  ["a pin that the Pico 2 needs itself", { cardAbsentN: 23 }, /GP23 is the Pico 2's own/],
  ["an input on the Pico 2's lamp", { serviceKeyN: 25 }, /GP25 is the Pico 2's lamp/],
  ["a pin that the chip has not", { cardAbsentN: 30 }, /no GP30/],
  ["a pin used twice", { serviceKeyN: 26 }, /GP26 is OFFN and case key/],
] as const) {
  test(`refused: ${what}`, () => {
    match(faultsWith(changed), fault);
  });
}

test("every pin is refused when it is given a second use", () => {
  for (let bit = 0; bit < PINS.outputs.length; bit++) {
    match(faultsWith({ serviceKeyN: PINS.outputs[bit]! }), /and|lamp/);
  }
});

test.run();
