/**
 * The development board as its script sees it: Espruino's functions on the pins, ports and registers of pins.ts, wired to the chip
 * models of a world, in virtual time. The script is the firmware of board/espruino/main.ts, as built.
 */
import vm from "node:vm";
import { BOARD, PINS } from "../../../board/espruino/pins.ts";
import { BootKnown, UartPort, type BusEvents, type PeripheralBus } from "../../../hal/bus.ts";
import { CharacterFlag, Convention } from "../../../hal/card-uart.ts";
import type { Engine } from "../../../host-sim/engine/engine.ts";
import { LENT_E } from "../../runner/espruino-lent.ts";
import { PicoTimers } from "./pico-timers.ts";

/** Registers that the drivers touch (RP2350 data sheet, 12.1 and 12.9). */
const UARTIBRD = 0x40078024;
const UARTFBRD = 0x40078028;
const UARTLCR_H = 0x4007802c;
const TWO_STOP = 0x08;
const EVEN = 0x04;
const REASON = 0x400d8008;
const PERIPHERAL_HZ = 150e6;
const ALL_COLUMNS = 15;

type Listener = (text: string) => void;

/** A byte as the other convention has it on the wire. */
function otherWay(value: number): number {
  let turned = 0;
  for (let bit = 0; bit < 8; bit++) turned |= (((value >> bit) & 1) ^ 1) << (7 - bit);
  return turned;
}

class Serial {
  readonly listeners = new Map<string, Listener>();
  format: unknown;

  constructor(private readonly send: (bytes: Uint8Array) => void) {}

  setup(_hz: number, format: unknown): void {
    this.format = format;
  }

  on(event: string, listener: Listener): void {
    this.listeners.set(event, listener);
  }

  write(bytes: Uint8Array): void {
    this.send(bytes);
  }

  receives(value: number, flags: number): void {
    if ((flags & CharacterFlag.ParityError) !== 0) this.listeners.get("parity")?.("");
    this.listeners.get("data")?.(String.fromCharCode(value));
  }
}

export class Pico implements Engine {
  /** Kicks of the watchdog, in µs, and its limit in s. */
  readonly kicksUs: number[] = [];
  watchdogS = 0;
  readonly usb: Serial;
  readonly serial2: Serial;
  private readonly timers = new PicoTimers();
  private readonly registers = new Map<number, number>();
  private readonly context: vm.Context;
  private watched: (() => void) | undefined;
  private lowRow = -1;
  private isSelected = false;
  private convention = Convention.Direct;

  /** `registers` is what the chip's registers hold at power-up. Boots the script. */
  constructor(
    private readonly bus: PeripheralBus,
    script: string,
    rom: Buffer,
    registers: readonly (readonly [number, number])[] = [[REASON, 0]],
  ) {
    for (const [address, value] of registers) this.registers.set(address, value);
    // USB has no speed of its own: that of the world's line stands for it.
    bus.uartSetup(UartPort.Line, BOARD.lineBaud);
    this.usb = new Serial((bytes) => bus.uartTx(UartPort.Line, bytes, 0, bytes.length));
    this.serial2 = new Serial((bytes) => this.sendToCard(bytes));
    this.context = vm.createContext({ ...this.functions(), ...this.objects(rom) });
    bus.boot(BootKnown.Nothing, BootKnown.Nothing);
    vm.runInContext("var global = this;", this.context);
    vm.runInContext(script, this.context);
    this.show();
  }

  resume(events: BusEvents): number {
    this.timers.nowUs = events.nowUs;
    if (events.edges !== 0) this.watched?.();
    for (let i = 0; i < events.count; i++) this.deliver(events, i);
    this.timers.runDue();
    this.show();
    return this.timers.nextUs();
  }

  close(): void {}

  /** The value of an expression in the script's scope. */
  look(expression: string): unknown {
    return vm.runInContext(expression, this.context);
  }

  private deliver(events: BusEvents, i: number): void {
    const [value, flags] = [events.values[i]!, events.flags[i]!];
    if (events.ports[i] !== UartPort.Card) this.usb.receives(value, flags);
    else this.serial2.receives(this.convention === Convention.Inverse ? otherWay(value) : value, flags);
  }

  private show(): void {
    this.bus.view(this.look("terminal.view") as Parameters<PeripheralBus["view"]>[0]);
  }

  private sendToCard(bytes: Uint8Array): void {
    const wire = this.convention === Convention.Inverse ? bytes.map(otherWay) : bytes;
    this.bus.uartTx(UartPort.Card, wire, 0, wire.length);
  }

  private functions(): Record<string, unknown> {
    return {
      digitalWrite: (pin: number, value: number) => this.drive(pin, value),
      digitalRead: (pins: number | readonly number[]) => this.level(pins),
      pinMode: () => undefined,
      setWatch: (run: () => void) => (this.watched = run),
      analogWrite: (pin: number, _duty: number, { freq }: { freq: number }) =>
        this.bus.pwm(PINS.pwm.indexOf(pin), freq),
      peek32: (address: number) => this.registers.get(address) ?? 0,
      poke32: (address: number, value: number) => this.poke(address, value),
      print: () => undefined,
      getTime: () => this.timers.nowUs / 1e6,
      setTimeout: (run: () => void, ms: number) => this.timers.set(run, ms),
      clearTimeout: (timer: number) => this.timers.clear(timer),
    };
  }

  private objects(rom: Buffer): Record<string, unknown> {
    const text = rom.toString("latin1");
    const storage = {
      read: (_name: string, at = 0, length = text.length) => text.slice(at, at + length),
    };
    return {
      E: { ...LENT_E, ...this.watchdog(), setConsole: () => undefined },
      USB: this.usb,
      Serial2: this.serial2,
      SPI1: { setup: () => undefined, write: (bytes: Uint8Array) => this.spi(bytes) },
      process: { memory: () => ({ usage: 0, total: 0 }) },
      require: () => storage,
      madoguchiRom: "rom",
      Uint8Array: BytesOfEspruino,
      Float64Array,
    };
  }

  private watchdog(): Record<string, unknown> {
    return {
      enableWatchdog: (seconds: number) => (this.watchdogS = seconds),
      kickWatchdog: () => this.kicksUs.push(this.timers.nowUs),
    };
  }

  private drive(pin: number, value: number): void {
    const [bit, row, channel] = [PINS.outputs, PINS.keyRows, PINS.pwm].map((pins) => pins.indexOf(pin));
    if (bit! >= 0) this.bus.pinsSet(1 << bit!, value === 0 ? 0 : 1 << bit!);
    else if (row! >= 0) this.lowRow = value === 0 ? row! : -1;
    else if (channel! >= 0) this.bus.pwm(channel!, 0);
    else if (pin === PINS.display.select) this.isSelected = value !== 0;
    else throw new Error(`GP${pin} is no output`);
  }

  /** Several pins are one number, the first its highest bit. */
  private level(pins: number | readonly number[]): number {
    if (pins === PINS.cardAbsentN) return this.bus.pinsRead() & 1;
    if (pins === PINS.serviceKeyN) return (this.bus.pinsRead() >> 1) & 1;
    if (typeof pins === "number") throw new Error(`GP${pins} is no input`);
    const conducting = this.lowRow < 0 ? 0 : this.bus.matrixScan() >> (4 * this.lowRow);
    const levels = (conducting & ALL_COLUMNS) ^ ALL_COLUMNS;
    return pins.reduce((number, pin) => (number << 1) | ((levels >> PINS.keyColumns.indexOf(pin)) & 1), 0);
  }

  private spi(bytes: Uint8Array): void {
    if (!this.isSelected) throw new Error("the display is not selected");
    this.bus.spi(0, 0, bytes, bytes.length);
  }

  /** The line control register takes over the divider too. */
  private poke(address: number, value: number): void {
    this.registers.set(address, value);
    if (address !== UARTLCR_H) return;
    const divider = (this.registers.get(UARTIBRD) ?? 0) * 64 + (this.registers.get(UARTFBRD) ?? 0);
    const clocks = Math.round((divider * BOARD.slot.clockHz) / (PERIPHERAL_HZ * 4));
    this.convention = (value & EVEN) === 0 ? Convention.Inverse : Convention.Direct;
    this.bus.cardUartSetup(clocks, (value & TWO_STOP) === 0 ? 11 : 12, this.convention);
  }
}

/** `set` also takes the characters of a string, as the interpreter's does. */
class BytesOfEspruino extends Uint8Array {
  override set(source: ArrayLike<number> | string, at = 0): void {
    super.set(typeof source === "string" ? Buffer.from(source, "latin1") : source, at);
  }
}
