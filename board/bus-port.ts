/**
 * hal/ on the peripheral bus: the one port that every engine of the simulator shares (Node, Lua, QEMU).
 * The loop of the engine hands each answer of `idle` to `dispatch`, which sorts received characters into rings.
 */
import type { BackupMemory } from "../hal/backup-memory.ts";
import type { ByteNatives, Bytes, ReadonlyBytes } from "../hal/bytes.ts";
import { UartPort, type BusEvents, type BusView, type PeripheralBus } from "../hal/bus.ts";
import { CharacterFlag, type CardCharacter, type CardUart, type Convention } from "../hal/card-uart.ts";
import type { KeyMatrix } from "../hal/key-matrix.ts";
import type { Noise } from "../hal/noise.ts";
import type { Pins } from "../hal/pins.ts";
import type { Pwm } from "../hal/pwm.ts";
import type { DuplexSpi, Spi } from "../hal/spi.ts";
import type { BoardUart } from "../hal/uart.ts";
import type { ResetRecord, Watchdog } from "../hal/watchdog.ts";
import { BusBackupMemory, BusDuplexSpi, BusNoise } from "./bus-memory.ts";
import { bootOver, BusWatchdog } from "./bus-watchdog.ts";

/** Powers of two. The line's holds more than two of the longest frames of a host that does not wait. */
const LINE_RING_BYTES = 2048;
const CARD_RING_CHARACTERS = 512;
const DISPLAY_SPI = 0;
const MEMORY_SPI = 1;

export class BusUart implements BoardUart {
  private readonly ring: Bytes;
  private head = 0;
  private tail = 0;

  constructor(
    private readonly natives: ByteNatives,
    private readonly bus: PeripheralBus,
    private readonly port: UartPort,
  ) {
    this.ring = natives.allocate(LINE_RING_BYTES);
  }

  configure(baud: number): void {
    this.bus.uartSetup(this.port, baud);
  }

  write(bytes: ReadonlyBytes, from: number, length: number): void {
    this.bus.uartTx(this.port, bytes, from, length);
  }

  read(into: Bytes, at: number, max: number): number {
    const count = this.take(into, at, max);
    // What stands at the ring's begin is behind what stood at its end.
    return this.tail === 0 && count < max ? count + this.take(into, at + count, max - count) : count;
  }

  /** Takes at most `max` bytes that stand one after the other. */
  private take(into: Bytes, at: number, max: number): number {
    if (this.tail === this.head) return 0;
    const end = this.head > this.tail ? this.head : LINE_RING_BYTES;
    const count = end - this.tail < max ? end - this.tail : max;
    this.natives.copy(this.ring, this.tail, into, at, count);
    this.tail = (this.tail + count) & (LINE_RING_BYTES - 1);
    return count;
  }

  /** Takes one received byte; a full ring drops it, which the frame's check sum will tell. */
  received(value: number): void {
    const next = (this.head + 1) & (LINE_RING_BYTES - 1);
    if (next === this.tail) return;
    this.ring[this.head] = value;
    this.head = next;
  }
}

export class BusCardUart implements CardUart {
  readonly errorSignal = false;
  private readonly values: Bytes;
  private readonly flags: Bytes;
  private readonly timesUs: number[] = [];
  private head = 0;
  private tail = 0;
  private overrun = false;

  constructor(
    private readonly natives: ByteNatives,
    private readonly bus: PeripheralBus,
  ) {
    this.values = natives.allocate(CARD_RING_CHARACTERS);
    this.flags = natives.allocate(CARD_RING_CHARACTERS);
    for (let i = 0; i < CARD_RING_CHARACTERS; i++) this.timesUs.push(0);
  }

  configure(clocksPerEtu: number, guardEtu: number, convention: Convention): void {
    this.tail = this.head;
    this.natives.wipe(this.values);
    this.bus.cardUartSetup(clocksPerEtu, guardEtu, convention);
  }

  send(bytes: ReadonlyBytes, from: number, length: number): void {
    this.bus.uartTx(UartPort.Card, bytes, from, length);
  }

  receive(into: CardCharacter): boolean {
    if (this.tail === this.head) return false;
    into.value = this.values[this.tail];
    into.flags = this.flags[this.tail];
    into.timeUs = this.timesUs[this.tail];
    // Echoes of a PIN pass through here: nothing stays behind.
    this.values[this.tail] = 0;
    this.tail = (this.tail + 1) & (CARD_RING_CHARACTERS - 1);
    return true;
  }

  received(value: number, flags: number, timeUs: number): void {
    const next = (this.head + 1) & (CARD_RING_CHARACTERS - 1);
    if (next === this.tail) {
      this.overrun = true;
      return;
    }
    this.values[this.head] = value;
    this.flags[this.head] = this.overrun ? flags | CharacterFlag.Overrun : flags;
    this.timesUs[this.head] = timeUs;
    this.overrun = false;
    this.head = next;
  }
}

class BusPins implements Pins {
  edges = 0;

  constructor(private readonly bus: PeripheralBus) {}

  set(mask: number, value: number): void {
    this.bus.pinsSet(mask, value);
  }

  read(): number {
    return this.bus.pinsRead();
  }

  takeEdges(): number {
    const edges = this.edges;
    this.edges = 0;
    return edges;
  }
}

/** Tells the bus what is to be seen, each time that it differs. Silent until it has something to watch. */
class BusViewReport {
  watched: BusView | undefined = undefined;
  private page = -1;
  private purpose = -1;
  private language = -1;
  private digits = -1;
  private triesLeft = -1;

  constructor(private readonly bus: PeripheralBus) {}

  report(): void {
    const view = this.watched;
    if (view === undefined || this.isTold(view)) return;
    this.page = view.page;
    this.purpose = view.purpose;
    this.language = view.language;
    this.digits = view.digits;
    this.triesLeft = view.triesLeft;
    this.bus.view(view);
  }

  private isTold(view: BusView): boolean {
    const isSamePage = this.page === view.page && this.purpose === view.purpose;
    const isSameEntry = this.digits === view.digits && this.triesLeft === view.triesLeft;
    return isSamePage && isSameEntry && this.language === view.language;
  }
}

class BusSpi implements Spi {
  constructor(
    private readonly bus: PeripheralBus,
    private readonly port: number,
    private readonly viewReport: BusViewReport,
  ) {}

  write(select: number, bytes: ReadonlyBytes, length: number): void {
    // Whoever sees a page being drawn knows which one it is.
    this.viewReport.report();
    this.bus.spi(this.port, select, bytes, length);
  }
}

class BusPwm implements Pwm {
  constructor(private readonly bus: PeripheralBus) {}

  set(channel: number, hz: number): void {
    this.bus.pwm(channel, hz);
  }
}

class BusKeyMatrix implements KeyMatrix {
  constructor(private readonly bus: PeripheralBus) {}

  scan(): number {
    return this.bus.matrixScan();
  }
}

/** The hardware as firmware sees it. */
export class BusPort {
  /** Why this boot is. */
  readonly reset: ResetRecord;
  readonly watchdog: Watchdog;
  readonly line: BusUart;
  readonly card: BusCardUart;
  readonly spi: Spi;
  readonly memorySpi: DuplexSpi;
  readonly backup: BackupMemory;
  readonly noise: Noise;
  readonly pwm: Pwm;
  readonly matrix: KeyMatrix;
  readonly pins: Pins;
  private readonly busPins: BusPins;
  private readonly viewReport: BusViewReport;

  /** `known` is what the processor itself knows of why it starts. */
  constructor(natives: ByteNatives, bus: PeripheralBus, known?: ResetRecord) {
    this.reset = bootOver(bus, known);
    this.watchdog = new BusWatchdog(bus);
    this.line = new BusUart(natives, bus, UartPort.Line);
    this.card = new BusCardUart(natives, bus);
    this.viewReport = new BusViewReport(bus);
    this.spi = new BusSpi(bus, DISPLAY_SPI, this.viewReport);
    this.memorySpi = new BusDuplexSpi(natives, bus, MEMORY_SPI);
    this.backup = new BusBackupMemory(bus);
    this.noise = new BusNoise(bus);
    this.pwm = new BusPwm(bus);
    this.matrix = new BusKeyMatrix(bus);
    this.busPins = new BusPins(bus);
    this.pins = this.busPins;
  }

  /** From now on the bus is told what `view` says, before each transfer to the display and by `reportView`. */
  watch(view: BusView): void {
    this.viewReport.watched = view;
    this.viewReport.report();
  }

  /** Call it after each step of the terminal. */
  reportView(): void {
    this.viewReport.report();
  }

  /** Sorts what an answer of `idle` brought; returns whether it brought anything. */
  dispatch(events: BusEvents): boolean {
    this.busPins.edges = this.busPins.edges | events.edges;
    for (let i = 0; i < events.count; i++) {
      if (events.ports[i] === UartPort.Card) {
        this.card.received(events.values[i], events.flags[i], events.timesUs[i]);
      } else {
        this.line.received(events.values[i]);
      }
      events.values[i] = 0;
    }
    return events.count > 0 || events.edges !== 0;
  }
}
