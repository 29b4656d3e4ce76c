/**
 * Contact C7 between the terminal and a card, character by character (ISO/IEC 7816-3:2006, clauses 7 and 8).
 * A character is on the wire for 10 etu from its leading edge (start, eight data moments, parity) and is then handed to both
 * ends, for the terminal reads back what it sends. Two characters at once damage each other. Complaints never name a value.
 */
import type { WireCharacter } from "../card/sim-card.ts";
import type { Recorder } from "../world/recorder.ts";
import type { Scheduler } from "../world/scheduler.ts";

export type WireEnd = "terminal" | "card";

/** One character that has passed. */
export interface PassedCharacter {
  readonly from: WireEnd;
  readonly character: WireCharacter;
  /** A powered card was there until the character's end. */
  readonly cardPowered: boolean;
}

/** An error signal (7.3): the line was low from 10.5 to 11.5 etu after the leading edge of `character`. */
export interface ErrorSignal {
  readonly by: WireEnd;
  readonly character: WireCharacter;
}

/** Block guard time of T=1 in etu (11.4.3). */
const BLOCK_GUARD_ETU = 22;
/** The terminal's clock counts microseconds and floors the times of what it receives. */
const TOLERANCE_NS = 2000;
/** A card that goes by itself leaves the terminal this long to stop sending. */
const STOP_SENDING_NS = 5_000_000;
/** The wire is at work this long after a character (see `Scheduler.busyUntil`). */
const BUSY_ETU = 30;

/** The reference board's card clock: 14.2848 MHz / 4. */
const CARD_CLOCK_HZ = 3_571_200;

export interface CardWireParts {
  readonly scheduler: Scheduler;
  readonly recorder: Recorder;
  /** Told what no device should do. */
  readonly complain: (what: string) => void;
}

interface Flight {
  moments: number;
  readonly clocksPerEtu: number;
  readonly startNs: number;
  damaged: boolean;
}

export class CardWire {
  readonly scheduler: Scheduler;
  /** The clock on the card's contact C3. */
  readonly clockHz = CARD_CLOCK_HZ;
  private readonly recorder: Recorder;
  private readonly characterListeners: ((passed: PassedCharacter) => void)[] = [];
  private readonly signalListeners: ((signal: ErrorSignal) => void)[] = [];
  private readonly flying: Record<WireEnd, Flight | undefined> = { terminal: undefined, card: undefined };
  private readonly lastEdgeNs: Record<WireEnd, number> = { terminal: -Infinity, card: -Infinity };
  private powered = false;
  private poweredOffNs = -Infinity;
  private setupGuardEtu = 12;
  private demandedGuardEtu = 0;
  private blocks = false;

  constructor(private readonly parts: CardWireParts) {
    this.scheduler = parts.scheduler;
    this.recorder = parts.recorder;
  }

  /** Length of `etu` elementary time units of `clocksPerEtu` clocks, in whole nanoseconds. */
  etuNs(etu: number, clocksPerEtu: number): number {
    return Math.round((etu * clocksPerEtu * 1e9) / this.clockHz);
  }

  /** Calls `listener` for every character of either end, 10 etu after its leading edge. */
  onCharacter(listener: (passed: PassedCharacter) => void): void {
    this.characterListeners.push(listener);
  }

  /** Calls `listener` 11 etu after the leading edge of a character that was answered by an error signal. */
  onErrorSignal(listener: (signal: ErrorSignal) => void): void {
    this.signalListeners.push(listener);
  }

  /** Puts a character on the wire, its leading edge now. */
  drive(from: WireEnd, moments: number, clocksPerEtu: number): void {
    const nowNs = this.scheduler.nowNs;
    const flight: Flight = { moments, clocksPerEtu, startNs: nowNs, damaged: false };
    if (from === "terminal") this.checkTerminal(clocksPerEtu);
    this.collide(from, flight);
    this.flying[from] = flight;
    this.lastEdgeNs[from] = nowNs;
    this.recorder.record(nowNs, from === "terminal" ? "card-out" : "card-in", moments & 0xff);
    this.scheduler.busyUntil(nowNs + this.etuNs(10 + BUSY_ETU, clocksPerEtu));
    this.scheduler.at(nowNs + this.etuNs(10, clocksPerEtu), () => this.land(from, flight));
  }

  /** The receiver `by` pulls the line low after `character`, which has just been handed to it. */
  signalError(by: WireEnd, character: WireCharacter): void {
    const testedNs = character.startNs + this.etuNs(11, character.clocksPerEtu);
    if (this.scheduler.nowNs >= testedNs) return this.complain(`${by} signals an error too late`);
    this.scheduler.at(testedNs, () => {
      for (const listener of this.signalListeners) listener({ by, character });
    });
  }

  /** The terminal's UART is set to this spacing of its leading edges. */
  setGuard(guardEtu: number): void {
    this.setupGuardEtu = guardEtu;
  }

  /** The card's demand, see `CardLine.demand`. */
  setDemand(guardEtu: number, blocks: boolean): void {
    this.demandedGuardEtu = guardEtu;
    this.blocks = blocks;
  }

  /** T=1 is spoken: the terminal must keep the block guard time. Switched by `setDemand`, or here for a wire without a card. */
  set strict(blocks: boolean) {
    this.blocks = blocks;
  }

  /** The supply of the card. Switching it off cuts what the card is sending; the pull-up makes the rest high. */
  setPowered(on: boolean): void {
    if (on === this.powered) return;
    this.powered = on;
    this.setDemand(0, false);
    this.lastEdgeNs.card = -Infinity;
    if (on) return;
    this.poweredOffNs = this.scheduler.nowNs;
    const cut = this.flying.card;
    if (cut === undefined) return;
    const passed = Math.floor((this.scheduler.nowNs - cut.startNs) / this.etuNs(1, cut.clocksPerEtu));
    cut.moments |= 0x1ff & ~((1 << Math.max(0, passed - 1)) - 1);
    cut.damaged = true;
  }

  private complain(what: string): void {
    this.parts.complain(`card wire: ${what}`);
  }

  private checkTerminal(clocksPerEtu: number): void {
    const nowNs = this.scheduler.nowNs + TOLERANCE_NS;
    if (!this.powered && nowNs - this.poweredOffNs > STOP_SENDING_NS)
      this.complain("terminal sends to no card");
    const guardEtu = Math.max(this.setupGuardEtu, this.demandedGuardEtu);
    if (nowNs - this.lastEdgeNs.terminal < this.etuNs(guardEtu, clocksPerEtu)) {
      this.complain(`terminal sends within its guard time of ${guardEtu} etu`);
    }
    if (this.blocks && nowNs - this.lastEdgeNs.card < this.etuNs(BLOCK_GUARD_ETU, clocksPerEtu)) {
      this.complain("terminal sends within the block guard time");
    }
  }

  private collide(from: WireEnd, flight: Flight): void {
    for (const end of ["terminal", "card"] as const) {
      const other = this.flying[end];
      if (other === undefined || flight.startNs >= other.startNs + this.etuNs(10, other.clocksPerEtu))
        continue;
      other.damaged = true;
      flight.damaged = true;
      other.moments &= flight.moments;
      flight.moments = other.moments;
      this.complain(end === from ? `${from} sends into its own character` : "both ends send at once");
    }
  }

  private land(from: WireEnd, flight: Flight): void {
    if (this.flying[from] === flight) this.flying[from] = undefined;
    const passed: PassedCharacter = { from, character: flight, cardPowered: this.powered };
    for (const listener of this.characterListeners) listener(passed);
  }
}
