/**
 * Contacts of the card slot behind a TDA8035-class interface, in the order of ISO/IEC 7816-3:2006, 6.2–6.4.
 *
 *   Empty --OFFN high--> Settling --30 ms--> Off <--10 ms-- Resting <--powerOff-- (any active state)
 *     ^                     |                 +--powerOn--> Starting --RST high--> Running <--> Resetting (warm)
 *     +-- OFFN still low -- Interrupted <--- OFFN falls, however briefly, in any state with a card: contacts off at once.
 *                              +-- OFFN high for 30 ms: a fault or a bounce; a new insertion, nothing assumed --> Off
 */
import type { Pins } from "../../hal/pins.ts";
import { NEVER_US } from "../protocol/time.ts";

/** Pin masks of the interface chip, as the board has them. */
export interface CardSlotWiring {
  readonly commandVccN: number;
  readonly reset: number;
  readonly enable5V: number;
  readonly enable1V8N: number;
  readonly offN: number;
  /** The clock on contact C3. */
  readonly clockHz: number;
}

/** Operating classes (5.1.3), numbered as CCID's bPowerSelect. */
export const enum VoltageClass {
  /** The lowest that the card answers at. */
  Automatic = 0,
  A5V = 1,
  B3V = 2,
  C1V8 = 3,
}

export const enum SlotState {
  Empty = 0,
  /** A card has come and bounces. */
  Settling = 1,
  Off = 2,
  /** Contacts just went off; another activation must wait. */
  Resting = 3,
  /** Supply and clock are there, RST is low. */
  Starting = 4,
  Running = 5,
  /** Warm reset: RST is low. */
  Resetting = 6,
  Interrupted = 7,
}

const SETTLE_US = 30000;
/** Between deactivation and the next activation (6.2.4). */
const REST_US = 10000;
/** The chip raises the supply and starts the clock within this after CMDVCCN falls (TDA8035: at most 4.2 ms). */
const SUPPLY_US = 5000;
/** RST low: 400 clocks at least (6.2.2, 6.2.3); EMV cards are promised 40,000 to 45,000 (EMV Book 1, 6.1.3). */
const RESET_CLOCKS = 40400;
/** After CMDVCCN went high the chip shows on OFFN whether a card is there. */
const REPORT_US = 1000;

export class CardSlot {
  /** Counts presences: another number is another insertion, or the same card after a break. 0 = none yet. */
  insertion = 0;
  private state = SlotState.Empty;
  private deadlineUs = 0;
  private wanted = VoltageClass.Automatic;
  private wantsPower = false;
  private lossLatched = false;
  private hadFault = false;
  private readonly resetUs: number;

  constructor(
    private readonly pins: Pins,
    private readonly wiring: CardSlotWiring,
  ) {
    this.resetUs = Math.ceil((RESET_CLOCKS * 1000000) / wiring.clockHz);
    // The first act of every boot. One write, for both levels may be wrong; the chip keeps the contacts' order.
    pins.set(wiring.reset | wiring.commandVccN, wiring.commandVccN);
  }

  current(): SlotState {
    return this.state;
  }

  /** A settled card is in the slot. */
  isPresent(): boolean {
    return this.state >= SlotState.Off && this.state <= SlotState.Resetting;
  }

  /** The interface shut down by itself and the card stayed: a short, an overload or dirt. Until the card goes or is powered. */
  hasFault(): boolean {
    return this.hadFault;
  }

  /** Whether the presence was lost since the last call, however shortly. */
  takeLoss(): boolean {
    const lost = this.lossLatched;
    this.lossLatched = false;
    return lost;
  }

  /** Activates and gives a cold reset at a class that is not `Automatic`, after the rest time when the contacts are on. */
  powerOn(voltageClass: VoltageClass, nowUs: number): void {
    if (!this.isPresent()) return;
    if (this.state > SlotState.Resting) this.enter(SlotState.Resting, nowUs);
    this.wanted = voltageClass;
    this.wantsPower = true;
    if (this.state === SlotState.Off) this.enter(SlotState.Starting, nowUs);
  }

  /** RST low and high again, supply and clock untouched. Only in `Running`. */
  warmReset(nowUs: number): void {
    if (this.state === SlotState.Running) this.enter(SlotState.Resetting, nowUs);
  }

  powerOff(nowUs: number): void {
    this.wantsPower = false;
    if (this.isPresent() && this.state > SlotState.Resting) this.enter(SlotState.Resting, nowUs);
  }

  /** When `step` is due, also after a call that came between two steps. */
  dueUs(): number {
    return this.deadlineUs;
  }

  step(nowUs: number): number {
    if ((this.pins.takeEdges() & this.wiring.offN) !== 0) this.presenceChanged(nowUs);
    if (this.state === SlotState.Empty && this.deadlineUs !== NEVER_US) {
      // The first look: a card that was there before us makes no edge.
      this.deadlineUs = NEVER_US;
      this.presenceChanged(nowUs);
    }
    if (nowUs >= this.deadlineUs) this.due(nowUs);
    return this.deadlineUs;
  }

  private hasCard(): boolean {
    return (this.pins.read() & this.wiring.offN) !== 0;
  }

  private presenceChanged(nowUs: number): void {
    switch (this.state) {
      case SlotState.Empty:
      case SlotState.Settling:
        this.enter(this.hasCard() ? SlotState.Settling : SlotState.Empty, nowUs);
        break;
      case SlotState.Interrupted:
        // The chip's own report makes edges; `due` looks at the level.
        break;
      case SlotState.Off:
      case SlotState.Resting:
      case SlotState.Starting:
      case SlotState.Running:
      case SlotState.Resetting:
        this.enter(SlotState.Interrupted, nowUs);
        break;
    }
  }

  private due(nowUs: number): void {
    switch (this.state) {
      case SlotState.Empty:
      case SlotState.Off:
      case SlotState.Running:
        break;
      case SlotState.Settling:
        this.enter(this.hasCard() ? SlotState.Off : SlotState.Empty, nowUs);
        break;
      case SlotState.Resting:
        this.enter(this.wantsPower ? SlotState.Starting : SlotState.Off, nowUs);
        break;
      case SlotState.Starting:
      case SlotState.Resetting:
        this.enter(SlotState.Running, nowUs);
        break;
      case SlotState.Interrupted:
        this.judgeInterruption(nowUs);
        break;
    }
  }

  private judgeInterruption(nowUs: number): void {
    if (!this.hasCard()) {
      this.enter(SlotState.Empty, nowUs);
    } else {
      this.hadFault = true;
      this.enter(SlotState.Settling, nowUs);
    }
  }

  /** The only place that drives the pins and sets the deadline. */
  private enter(next: SlotState, nowUs: number): void {
    const wiring = this.wiring;
    const wasSettling = this.state === SlotState.Settling;
    this.state = next;
    this.deadlineUs = NEVER_US;
    switch (next) {
      case SlotState.Empty:
        this.hadFault = false;
        break;
      case SlotState.Settling:
        this.deadlineUs = nowUs + SETTLE_US;
        break;
      case SlotState.Off:
        if (wasSettling) this.insertion++;
        break;
      case SlotState.Resting:
        this.contactsOff();
        this.deadlineUs = nowUs + REST_US;
        break;
      case SlotState.Starting:
        this.hadFault = false;
        this.selectClass();
        this.pins.set(wiring.commandVccN, 0);
        this.deadlineUs = nowUs + SUPPLY_US + this.resetUs;
        break;
      case SlotState.Running:
        this.pins.set(wiring.reset, wiring.reset);
        break;
      case SlotState.Resetting:
        this.pins.set(wiring.reset, 0);
        this.deadlineUs = nowUs + this.resetUs;
        break;
      case SlotState.Interrupted:
        this.contactsOff();
        this.lossLatched = true;
        this.wantsPower = false;
        this.deadlineUs = nowUs + REPORT_US;
        break;
    }
  }

  /** 6.4: RST low first; the chip then stops clock, I/O and supply in their order. */
  private contactsOff(): void {
    this.pins.set(this.wiring.reset, 0);
    this.pins.set(this.wiring.commandVccN, this.wiring.commandVccN);
  }

  private selectClass(): void {
    const wiring = this.wiring;
    const fiveVolts = this.wanted === VoltageClass.A5V ? wiring.enable5V : 0;
    const notLowest = this.wanted === VoltageClass.C1V8 ? 0 : wiring.enable1V8N;
    this.pins.set(wiring.enable5V | wiring.enable1V8N, fiveVolts | notLowest);
  }
}
