/** The world around one terminal: its chips, its keypad, its line, and one virtual time. */
import { CharacterFlag } from "../../hal/card-uart.ts";
import { BootKnown, UartPort, type BusEvents, type BusView, BusLimit } from "../../hal/bus.ts";
import { ResetPart, ResetReason, type ResetRecord } from "../../hal/watchdog.ts";
import { BOARD, FRAM } from "../../board/mps2-an386/pins.ts";
import { BackupMemoryChip } from "../chip/backup-memory.ts";
import { CardUartChip } from "../chip/card-uart.ts";
import { CardWire } from "../chip/card-wire.ts";
import { FramChip } from "../chip/fram.ts";
import { KeyMatrixChip } from "../chip/key-matrix.ts";
import { LineNoise } from "../chip/line-noise.ts";
import { MemoryLcd } from "../chip/memory-lcd.ts";
import { SerialLine } from "../chip/serial-line.ts";
import { SlotInterface } from "../chip/slot-interface.ts";
import { WatchdogChip } from "../chip/watchdog.ts";
import { SeededRandom } from "./random.ts";
import { Recorder } from "./recorder.ts";
import { partName, reasonName, resetText } from "./reset-name.ts";
import { Scheduler } from "./scheduler.ts";

interface Received {
  port: UartPort;
  value: number;
  flags: number;
  timeUs: number;
}

/** What the outputs are while no program drives them: pull-ups hold the card interface off. */
const RESET_OUTPUTS = BOARD.slot.commandVccN | BOARD.slot.enable1V8N;
/** Its own stream of a seed's random numbers, so that the others do not move. */
const NOISE_STREAM = 0x6e6f6973;
/** And the cable's. */
const CABLE_STREAM = 0x6361626c;
/** The controller that the processor polls; the other is the display's. */
const MEMORY_SPI = 1;
const POWER_ON: ResetRecord = { reason: ResetReason.PowerOn, part: ResetPart.None };

export class World {
  readonly scheduler = new Scheduler();
  readonly recorder = new Recorder();
  /** What the world saw that no correct terminal or card does. */
  readonly complaints: string[] = [];
  readonly random: SeededRandom;
  readonly matrix: KeyMatrixChip;
  readonly line: SerialLine;
  /** What disturbs its cable; nothing unless told. */
  readonly lineNoise: LineNoise;
  readonly wire: CardWire;
  readonly cardUart: CardUartChip;
  readonly slot: SlotInterface;
  readonly lcd: MemoryLcd;
  readonly fram: FramChip;
  readonly backup: BackupMemoryChip;
  readonly watchdog: WatchdogChip;
  /** Output levels as the firmware last set them. */
  outputs: number = RESET_OUTPUTS;
  toneHz = 0;
  /** What the firmware said last that it wants to be seen; undefined before it boots. */
  view: BusView | undefined;
  /** Why the processor started last. */
  lastReset = POWER_ON;
  /** Called at each boot but the first. */
  onRestart: ((reset: ResetRecord) => void) | undefined;
  private boots = 0;
  /** The reset that no program has started from yet. */
  private waitingReset: ResetRecord | undefined;
  /** The key switch of the case is in its service position. */
  private caseKey = false;
  private inputs = BOARD.caseKeyN;
  private edges = 0;
  private readonly received: Received[] = [];
  private readonly spiFreeNs: number[] = [];
  private readonly noiseSource: SeededRandom;

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
    const complain = (text: string): void => this.complain(text);
    this.matrix = new KeyMatrixChip(this.recorder, new SeededRandom(this.random.below(0x7fffffff)));
    this.line = new SerialLine(this.scheduler, this.recorder);
    this.lineNoise = new LineNoise(seed ^ CABLE_STREAM);
    this.line.medium = this.lineNoise.medium;
    this.line.onTerminalReceive = (bytes) => {
      for (const value of bytes)
        this.received.push({ port: UartPort.Line, value, flags: 0, timeUs: this.nowUs() });
    };
    this.wire = new CardWire({ scheduler: this.scheduler, recorder: this.recorder, complain });
    this.cardUart = new CardUartChip(this.wire);
    this.cardUart.onReceive = (value, flags, leadingEdgeNs) => {
      const timeUs = Math.floor(leadingEdgeNs / 1000);
      this.received.push({
        port: UartPort.Card,
        value,
        flags: flags & (CharacterFlag.ParityError | CharacterFlag.Overrun),
        timeUs,
      });
    };
    const slotSeed = this.random.below(0x7fffffff);
    this.slot = new SlotInterface({
      scheduler: this.scheduler,
      recorder: this.recorder,
      wire: this.wire,
      complain,
      seed: slotSeed,
    });
    this.slot.onOffN(() => this.inputsChanged());
    this.noiseSource = new SeededRandom(seed ^ NOISE_STREAM);
    this.fram = new FramChip({ complain, spiHz: FRAM.spiHz });
    this.backup = new BackupMemoryChip({ complain });
    this.lcd = new MemoryLcd({ complain, seed: this.random.below(0x7fffffff) });
    this.watchdog = new WatchdogChip(this.scheduler, BOARD.watchdogUs * 1000, complain);
    this.watchdog.onBite = (part) => this.resetProcessor({ reason: ResetReason.Watchdog, part });
  }

  nowUs(): number {
    return Math.floor(this.scheduler.nowNs / 1000);
  }

  complain(text: string): void {
    this.complaints.push(`${this.nowUs()} us: ${text}`);
  }

  /** Whether the processor has a reason to wake now. */
  wakes(): boolean {
    return this.received.length > 0 || this.edges !== 0;
  }

  /** Fills the answer of `idle`. */
  collect(into: BusEvents): void {
    this.lcd.check(this.scheduler.nowNs);
    into.nowUs = this.nowUs();
    into.edges = this.edges;
    this.edges = 0;
    into.count = Math.min(this.received.length, BusLimit.EventsPerIdle);
    for (let i = 0; i < into.count; i++) {
      const one = this.received[i]!;
      into.ports[i] = one.port;
      into.values[i] = one.value;
      into.flags[i] = one.flags;
      into.timesUs[i] = one.timeUs;
    }
    this.received.splice(0, into.count);
  }

  setPins(mask: number, value: number): void {
    const before = this.outputs;
    this.outputs = (before & ~mask) | (value & mask);
    if (this.outputs === before) return;
    this.recorder.record(this.scheduler.nowNs, "pins", this.outputs);
    const { slot, lcd } = BOARD;
    const displayOn = (this.outputs & lcd.displayOnMask) !== 0;
    this.lcd.setDisplayOn(this.scheduler.nowNs, displayOn);
    this.slot.setPins({
      commandVccN: (this.outputs & slot.commandVccN) !== 0,
      reset: (this.outputs & slot.reset) !== 0,
      enable5V: (this.outputs & slot.enable5V) !== 0,
      enable1V8N: (this.outputs & slot.enable1V8N) !== 0,
    });
  }

  readPins(): number {
    return (this.slot.offN() ? BOARD.slot.offN : 0) | (this.caseKey ? 0 : BOARD.caseKeyN);
  }

  isCaseKeyTurned(): boolean {
    return this.caseKey;
  }

  /** Somebody of the staff turns the key switch of the case, to service or back. */
  turnCaseKey(toService: boolean): void {
    this.caseKey = toService;
    this.inputsChanged();
    this.recorder.record(this.scheduler.nowNs, "world", toService ? "case key to service" : "case key back");
  }

  setPwm(channel: number, hz: number): void {
    if (channel === BOARD.piezoChannel) {
      this.toneHz = hz;
      this.recorder.record(this.scheduler.nowNs, "tone", hz);
      return;
    }
    this.recorder.record(this.scheduler.nowNs, "vcom", hz);
    this.lcd.setVcomHz(this.scheduler.nowNs, hz);
  }

  /** Resets the processor at this instant, card power first. What has driven it up to now must be started again. */
  resetProcessor(reset: ResetRecord = POWER_ON): void {
    this.waitingReset = reset;
    this.watchdog.stop();
    this.setPins(-1, RESET_OUTPUTS);
    this.setPwm(BOARD.piezoChannel, 0);
    this.setPwm(BOARD.lcd.vcomChannel, 0);
    this.cardUart.reset();
    this.line.resetTerminal();
    this.lcd.deselect(this.scheduler.nowNs);
    this.spiFreeNs.length = 0;
    this.received.length = 0;
    this.edges = 0;
    this.view = undefined;
  }

  /** The supply is gone at this instant; what is to be remembered stays. */
  powerOff(): void {
    this.slot.powerOff();
    this.lcd.powerOff(this.scheduler.nowNs);
    this.resetProcessor();
    this.fram.powerOff();
    this.backup.powerOff();
    this.recorder.record(this.scheduler.nowNs, "world", "power off");
  }

  /** It comes back: the program must be started. Whatever came meanwhile found nobody. */
  powerOn(): void {
    this.resetProcessor();
    this.fram.power();
    this.backup.power();
    this.recorder.record(this.scheduler.nowNs, "world", "power on");
  }

  /** Whether a reset waits for the program to be started. */
  isReset(): boolean {
    return this.waitingReset !== undefined;
  }

  /** The program starts. `known` is what the processor itself knows of the reason; returns the reason. */
  boot(known: ResetRecord): ResetRecord {
    // A program that starts anew although nothing in this world has reset it has reset itself.
    if (this.boots > 0 && !this.isReset()) this.resetProcessor();
    const isKnown = known.reason !== (BootKnown.Nothing as number);
    const reset = isKnown ? known : (this.waitingReset ?? POWER_ON);
    this.waitingReset = undefined;
    this.lastReset = reset;
    if (++this.boots === 1) return reset;
    const text = `boot ${reasonName(reset.reason)} ${partName(reset.part)}`;
    this.recorder.record(this.scheduler.nowNs, "world", text);
    if (reset.reason !== ResetReason.PowerOn) this.complain(resetText(reset));
    this.onRestart?.(reset);
    return reset;
  }

  showView({ page, purpose, language, digits, triesLeft }: BusView): void {
    this.view = { page, purpose, language, digits, triesLeft };
  }

  noise(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.noiseSource.below(256));
  }

  /** Returns what comes in meanwhile; where nothing talks back the line stays low. */
  spi(port: number, select: number, bytes: Uint8Array): Uint8Array {
    const nowNs = this.scheduler.nowNs;
    if (port === MEMORY_SPI && select === FRAM.spiSelect) {
      this.recorder.record(nowNs, "memory", bytes);
      return this.fram.transfer(bytes);
    }
    if (nowNs < (this.spiFreeNs[port] ?? 0))
      this.complain(`SPI ${port}: a transfer began while another was on the wire`);
    const endNs = nowNs + Math.round((bytes.length * 8 * 1e9) / BOARD.lcd.spiHz);
    this.spiFreeNs[port] = endNs;
    this.scheduler.busyUntil(endNs + 1000);
    this.recorder.record(nowNs, "spi", bytes);
    if (select === BOARD.lcd.spiSelect) this.lcd.transfer(nowNs, bytes);
    else this.complain(`SPI ${port}: nothing is connected at select ${select}`);
    return new Uint8Array(bytes.length);
  }

  private inputsChanged(): void {
    const now = this.readPins();
    this.edges |= this.inputs ^ now;
    this.inputs = now;
  }
}
