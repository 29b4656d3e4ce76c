/** hal/ on the peripheral bus: what remembers, and what is random. */
import type { BackupMemory } from "../hal/backup-memory.ts";
import type { ByteNatives, Bytes, ReadonlyBytes } from "../hal/bytes.ts";
import type { PeripheralBus } from "../hal/bus.ts";
import type { Noise } from "../hal/noise.ts";
import type { DuplexSpi } from "../hal/spi.ts";

export class BusDuplexSpi implements DuplexSpi {
  constructor(
    private readonly natives: ByteNatives,
    private readonly bus: PeripheralBus,
    private readonly port: number,
  ) {}

  exchange(select: number, bytes: ReadonlyBytes, length: number, into: Bytes): void {
    if (bytes !== into) this.natives.copy(bytes, 0, into, 0, length);
    this.bus.spiExchange(this.port, select, into, length);
  }
}

export class BusBackupMemory implements BackupMemory {
  constructor(private readonly bus: PeripheralBus) {}

  read(at: number, length: number, into: Bytes): void {
    this.bus.backupRead(at, length, into);
  }

  write(at: number, length: number, bytes: ReadonlyBytes): void {
    this.bus.backupWrite(at, length, bytes);
  }

  wasOpened(): boolean {
    return this.bus.backupWasOpened();
  }

  forgetOpening(): void {
    this.bus.backupForgetOpening();
  }
}

export class BusNoise implements Noise {
  constructor(private readonly bus: PeripheralBus) {}

  take(into: Bytes, length: number): void {
    this.bus.noise(into, length);
  }
}
