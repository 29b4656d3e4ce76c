/** A box with nothing in it: no card, no key but the one it is told, no host. Counts the bytes that reach the display. */
import type { ReadonlyBytes } from "../../hal/bytes.ts";
import type { PeripheralBus } from "../../hal/bus.ts";

export class NullBus implements PeripheralBus {
  /** What the matrix shows. */
  crossings = 0;
  displayBytes = 0;

  uartTx(): void {}
  uartSetup(): void {}
  cardUartSetup(): void {}
  pinsSet(): void {}
  pwm(): void {}
  watchdogStart(): void {}
  progress(): void {}
  view(): void {}

  /** The power came on; no part. */
  boot(): number {
    return 0xff00;
  }

  pinsRead(): number {
    return 0;
  }

  spi(_port: number, _select: number, _bytes: ReadonlyBytes, length: number): void {
    this.displayBytes += length;
  }

  spiExchange(): void {}
  noise(): void {}
  backupRead(): void {}
  backupWrite(): void {}

  backupWasOpened(): boolean {
    return false;
  }

  backupForgetOpening(): void {}

  matrixScan(): number {
    return this.crossings;
  }
}
