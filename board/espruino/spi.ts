/** The LCD's SPI on Espruino: SCS is active high, so the script drives it; a statement takes longer than its set-up of 6 µs. */
import type { ReadonlyBytes } from "../../hal/bytes.ts";
import type { Spi } from "../../hal/spi.ts";
import type { EspruinoSpi, Pin } from "./api.ts";
import type { PicoPins } from "./pins.ts";

declare function digitalWrite(pin: Pin, value: number): void;

export class EspruinoSpiPort implements Spi {
  private readonly selectPin: Pin;

  constructor(
    private readonly spi: EspruinoSpi,
    pins: PicoPins,
    hz: number,
  ) {
    this.selectPin = pins.display.select;
    digitalWrite(this.selectPin, 0);
    spi.setup({ sck: pins.display.sck, mosi: pins.display.mosi, baud: hz, mode: 0, order: "msb" });
  }

  write(_select: number, bytes: ReadonlyBytes, length: number): void {
    digitalWrite(this.selectPin, 1);
    this.spi.write((bytes as Uint8Array).subarray(0, length));
    digitalWrite(this.selectPin, 0);
  }
}
