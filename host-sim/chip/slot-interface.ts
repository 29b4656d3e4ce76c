/**
 * The card slot: a TDA8035-class interface chip, the contacts' presence switch and the card in them.
 *
 *   Off --CMDVCCN falls, card there--> Activating --last step--> On --CMDVCCN rises, card out, fault--> Deactivating --> Off
 *
 * Activation order: VCC, I/O, CLK, RST follows RSTIN. Deactivation order: RST, CLK, I/O, VCC (ISO/IEC 7816-3:2006, 6.2 and
 * 6.4), by the chip alone and within 100 µs when the presence switch opens. OFFN has no debouncing of its own here.
 */
import type { CardLine, SimCard } from "../card/sim-card.ts";
import type { Recorder } from "../world/recorder.ts";
import type { Scheduler, Timer } from "../world/scheduler.ts";
import type { CardWire } from "./card-wire.ts";
import { PresenceSwitch } from "./presence-switch.ts";

/** Levels of the chip's inputs, true is high. */
export interface SlotPins {
  /** Low activates the card. */
  readonly commandVccN: boolean;
  /** The level of contact C2. */
  readonly reset: boolean;
  /** High 5 V, low 3 V. */
  readonly enable5V: boolean;
  /** Low 1.8 V, whatever `enable5V` says. */
  readonly enable1V8N: boolean;
}

export interface SlotParts {
  readonly scheduler: Scheduler;
  readonly recorder: Recorder;
  readonly wire: CardWire;
  /** Told what no device should do. */
  readonly complain: (what: string) => void;
  /** Decides how the contacts bounce. */
  readonly seed: number;
}

type SlotState = "off" | "activating" | "on" | "deactivating";

const US = 1000;
/** From CMDVCCN low: of the order of the chip's activation time; RST is held low more than 400 clocks after CLK starts. */
const ACTIVATION = { vccNs: 200 * US, ioNs: 2000 * US, clockNs: 2100 * US, resetNs: 2300 * US };
/** From the cause of a deactivation. */
const DEACTIVATION = { resetNs: 0, clockNs: 20 * US, ioNs: 40 * US, vccNs: 60 * US };
/** A reset shorter than 400 clocks need not be seen by a card (6.2.2). */
const MINIMUM_RESET_CLOCKS = 400;
const BUSY_NS = 25_000 * US;

export class SlotInterface {
  private readonly listeners: ((high: boolean) => void)[] = [];
  private readonly line: CardLine;
  private readonly presence: PresenceSwitch;
  private pins: SlotPins = { commandVccN: true, reset: false, enable5V: false, enable1V8N: true };
  private state: SlotState = "off";
  private card: SimCard | undefined;
  private faultLatched = false;
  private shorted = false;
  private activateAgain = false;
  private offNHigh = false;
  private volts = 0;
  private cardRuns = false;
  private contacts = { vcc: false, io: false, clock: false, reset: false };
  private resetLowNs = 0;
  private steps: Timer[] = [];

  constructor(private readonly parts: SlotParts) {
    const wire = parts.wire;
    this.presence = new PresenceSwitch(parts.scheduler, parts.seed);
    this.presence.onChange = (closed) => this.switchChanged(closed);
    this.line = {
      scheduler: parts.scheduler,
      etuNs: (etu, clocksPerEtu) => wire.etuNs(etu, clocksPerEtu),
      drive: (moments, clocksPerEtu) => wire.drive("card", moments, clocksPerEtu),
      demand: (guardEtu, blocks) => wire.setDemand(guardEtu, blocks),
    };
    wire.onCharacter((passed) => {
      if (passed.from === "terminal" && this.contacts.io) this.card?.characterReceived(passed.character);
    });
  }

  /** Drives the chip's inputs. Call it at every write; levels that did not change do nothing. */
  setPins(pins: SlotPins): void {
    const before = this.pins;
    this.pins = pins;
    if (samePins(before, pins)) return;
    this.stayBusy();
    if (before.commandVccN && !pins.commandVccN) this.activate();
    else if (!before.commandVccN && pins.commandVccN) this.release();
    else if (this.state !== "off" && !sameClass(before, pins)) {
      this.parts.complain("class changed while the card is powered");
    }
    if (this.state === "on") this.driveReset(pins.reset);
  }

  /**
   * The processor is reset and the pull-ups have the inputs. They set the class too, also within the 60 µs in which the chip switches
   * a card off: with CMDVCCN high that is no program's doing, and nothing on the processor's side could keep it.
   */
  letGo(pins: SlotPins): void {
    if (this.state === "deactivating") {
      this.pins = { ...this.pins, enable5V: pins.enable5V, enable1V8N: pins.enable1V8N };
    }
    this.setPins(pins);
  }

  /** Level of OFFN: low without a card, and from a fault or removal until CMDVCCN is high again. */
  offN(): boolean {
    return this.offNHigh;
  }

  onOffN(listener: (high: boolean) => void): void {
    this.listeners.push(listener);
  }

  /** The card in the contacts, switch closed or not. */
  inserted(): SimCard | undefined {
    return this.card;
  }

  /** Whether VCC is on the contacts. */
  isPowered(): boolean {
    return this.contacts.vcc;
  }

  /** Pushes a card in; the switch bounces for up to 8 ms. Throws when a card is in. */
  insert(card: SimCard): void {
    if (this.card !== undefined) throw new Error(`${this.card.name} is in the slot`);
    this.card = card;
    this.presence.close();
  }

  /** Pulls the card: the switch opens first and the chip deactivates before the contacts leave. Throws without a card. */
  remove(): void {
    if (this.card === undefined) throw new Error("no card in the slot");
    this.presence.open();
    this.card = undefined;
  }

  /** The switch opens for `durationNs` while the card stays. Throws without a card. */
  glitch(durationNs: number): void {
    if (this.card === undefined) throw new Error("no card in the slot");
    this.presence.glitch(durationNs);
  }

  /** Shorts the contacts for an instant: a powered slot deactivates and latches OFFN low; an unpowered one sees nothing. */
  fault(): void {
    if (!this.contacts.vcc || this.state === "deactivating") return;
    this.faultLatched = true;
    this.updateOffN();
    this.deactivate();
  }

  /** A coin in the contacts: from now on every activation ends in a fault. */
  setShort(shorted: boolean): void {
    this.shorted = shorted;
    if (shorted) this.fault();
  }

  /** The supply is gone: the contacts fall at once. A deactivation under way ends on what the capacitors still hold. */
  powerOff(): void {
    this.activateAgain = false;
    if (this.state !== "activating" && this.state !== "on") return;
    for (const timer of this.steps) timer.cancel();
    this.contact("reset", false, "RST low");
    this.contact("clock", false, "CLK low");
    this.contact("io", false, "IO low");
    this.vccOff(this.card);
  }

  private activate(): void {
    if (this.state === "deactivating") this.activateAgain = true;
    if (this.state !== "off" || !this.presence.isClosed() || this.card === undefined) return;
    this.state = "activating";
    this.volts = !this.pins.enable1V8N ? 1.8 : this.pins.enable5V ? 5 : 3;
    this.step(ACTIVATION.vccNs, () => this.vccOn());
    this.step(ACTIVATION.ioNs, () => this.contact("io", true, "IO high"));
    this.step(ACTIVATION.clockNs, () => this.clockOn());
    this.step(ACTIVATION.resetNs, () => this.activated());
  }

  private vccOn(): void {
    this.contact("vcc", true, `VCC ${this.volts} V`);
    if (this.shorted) this.fault();
  }

  private clockOn(): void {
    this.contact("clock", true, "CLK on");
    this.resetLowNs = this.parts.scheduler.nowNs;
    this.parts.wire.setPowered(true);
    this.cardRuns = true;
    this.card?.powerUp(this.line, this.volts);
  }

  private activated(): void {
    this.state = "on";
    this.steps = [];
    this.driveReset(this.pins.reset);
  }

  private release(): void {
    this.faultLatched = false;
    this.activateAgain = false;
    if (this.state === "activating" || this.state === "on") this.deactivate();
    this.updateOffN();
  }

  /** The order of the contacts stands here and in `activate` alone. The card is held until the supply is off. */
  private deactivate(): void {
    const card = this.card;
    const outOfReset = this.contacts.reset;
    for (const timer of this.steps) timer.cancel();
    this.steps = [];
    this.state = "deactivating";
    this.step(DEACTIVATION.resetNs, () => this.driveReset(false));
    this.step(DEACTIVATION.clockNs, () => this.contact("clock", false, "CLK low"));
    this.step(DEACTIVATION.ioNs, () => this.contact("io", false, "IO low"));
    this.step(DEACTIVATION.vccNs, () => this.vccOff(card));
    if (outOfReset) card?.resetAsserted();
  }

  private vccOff(card: SimCard | undefined): void {
    this.contact("vcc", false, "VCC off");
    this.parts.wire.setPowered(false);
    this.state = "off";
    this.steps = [];
    if (this.cardRuns) card?.powerDown();
    this.cardRuns = false;
    if (!this.activateAgain) return;
    this.activateAgain = false;
    this.activate();
  }

  private driveReset(high: boolean): void {
    if (high === this.contacts.reset) return;
    const now = this.parts.scheduler.nowNs;
    const lowEnoughNs = this.resetLowNs + this.parts.wire.etuNs(1, MINIMUM_RESET_CLOCKS);
    if (high && now < lowEnoughNs) this.parts.complain("reset shorter than 400 clocks");
    if (!high) this.resetLowNs = now;
    this.contact("reset", high, high ? "RST high" : "RST low");
    if (this.state !== "on") return;
    if (high) this.card?.resetReleased();
    else this.card?.resetAsserted();
  }

  private contact(name: keyof typeof this.contacts, on: boolean, shown: string): void {
    if (this.contacts[name] === on) return;
    this.contacts[name] = on;
    this.parts.recorder.record(this.parts.scheduler.nowNs, "card-supply", shown);
  }

  private step(delayNs: number, action: () => void): void {
    if (delayNs === 0) action();
    else this.steps.push(this.parts.scheduler.after(delayNs, action));
  }

  private switchChanged(closed: boolean): void {
    if (!closed && (this.state === "activating" || this.state === "on")) {
      this.faultLatched = true;
      this.deactivate();
    }
    this.updateOffN();
  }

  private updateOffN(): void {
    const high = this.presence.isClosed() && !this.faultLatched;
    if (high === this.offNHigh) return;
    this.offNHigh = high;
    this.parts.recorder.record(this.parts.scheduler.nowNs, "card-supply", high ? "OFFN high" : "OFFN low");
    this.stayBusy();
    for (const listener of this.listeners) listener(high);
  }

  private stayBusy(): void {
    if (this.card !== undefined) this.parts.scheduler.busyUntil(this.parts.scheduler.nowNs + BUSY_NS);
  }
}

function samePins(a: SlotPins, b: SlotPins): boolean {
  return a.commandVccN === b.commandVccN && a.reset === b.reset && sameClass(a, b);
}

function sameClass(a: SlotPins, b: SlotPins): boolean {
  return a.enable5V === b.enable5V && a.enable1V8N === b.enable1V8N;
}
