/** The peripheral bus as the world implements it: each request goes to the chip that would see it. */
import { BusLimit, UartPort, type BusEvents, type BusView, type PeripheralBus } from "../../hal/bus.ts";
import type { Convention } from "../../hal/card-uart.ts";
import type { Bytes, ReadonlyBytes } from "../../hal/bytes.ts";
import type { World } from "./world.ts";

/** Copies a request's bytes: the caller may reuse them at once. Not by `slice`, which shares a Buffer's memory. */
function taken(bytes: ReadonlyBytes, from: number, length: number): Uint8Array {
  if (bytes instanceof Uint8Array) return new Uint8Array(bytes.subarray(from, from + length));
  const copy = new Uint8Array(length);
  for (let i = 0; i < length; i++) copy[i] = bytes[from + i]!;
  return copy;
}

function putInto(into: Bytes, bytes: Uint8Array): void {
  bytes.forEach((value, at) => (into[at] = value));
}

export function makeBusEvents(): BusEvents {
  const size = BusLimit.EventsPerIdle;
  return {
    nowUs: 0,
    edges: 0,
    count: 0,
    ports: new Uint8Array(size),
    values: new Uint8Array(size),
    flags: new Uint8Array(size),
    timesUs: new Array<number>(size).fill(0),
  };
}

export class WorldBus implements PeripheralBus {
  constructor(private readonly world: World) {}

  uartTx(port: UartPort, bytes: ReadonlyBytes, from: number, length: number): void {
    const copy = taken(bytes, from, length);
    if (port === UartPort.Card) this.world.cardUart.send(copy);
    else if (port === UartPort.Line) this.world.line.terminalSends(copy);
  }

  uartSetup(port: UartPort, baud: number): void {
    if (port === UartPort.Line) this.world.line.setup(baud);
  }

  cardUartSetup(clocksPerEtu: number, guardEtu: number, convention: Convention): void {
    this.world.cardUart.setup(clocksPerEtu, guardEtu, convention);
  }

  pinsSet(mask: number, value: number): void {
    this.world.setPins(mask, value);
  }

  pinsRead(): number {
    return this.world.readPins();
  }

  pwm(channel: number, hz: number): void {
    this.world.setPwm(channel, hz);
  }

  watchdogStart(parts: number): void {
    this.world.watchdog.start(parts);
  }

  progress(part: number): void {
    this.world.watchdog.progress(part);
  }

  boot(reason: number, part: number): number {
    const told = this.world.boot({ reason, part });
    return told.reason + 256 * told.part;
  }

  view(view: BusView): void {
    this.world.showView(view);
  }

  spi(port: number, select: number, bytes: ReadonlyBytes, length: number): void {
    this.world.spi(port, select, taken(bytes, 0, length));
  }

  spiExchange(port: number, select: number, bytes: Bytes, length: number): void {
    putInto(bytes, this.world.spi(port, select, taken(bytes, 0, length)));
  }

  noise(into: Bytes, length: number): void {
    putInto(into, this.world.noise(length));
  }

  backupRead(at: number, length: number, into: Bytes): void {
    putInto(into, this.world.backup.read(at, length));
  }

  backupWrite(at: number, length: number, bytes: ReadonlyBytes): void {
    this.world.backup.write(at, taken(bytes, 0, length));
  }

  backupWasOpened(): boolean {
    return this.world.backup.wasOpened();
  }

  backupForgetOpening(): void {
    this.world.backup.forgetOpening();
  }

  matrixScan(): number {
    return this.world.matrix.scan(this.world.scheduler.nowNs);
  }
}
