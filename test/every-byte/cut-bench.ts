/** A terminal whose card is lost at a given character of an exchange. Counts characters in both directions. */
import { Counter, fromHex, toHex } from "../../host-sim/scenario/counter.ts";
import { HostFailure } from "../../host-sim/host/ccid-host.ts";
import { T1Failure } from "../../host-sim/host/t1-interface-device.ts";
import type { T1Endpoint } from "../../host-sim/card/t1-endpoint.ts";
import type { SimulatorOptions } from "../../host-sim/world/simulator.ts";
import { PinCommandsBegun } from "./pin-commands-begun.ts";
import { TrackedMemory } from "./tracked-memory.ts";

/** What happens to the card, and when: behind a whole character, or in the middle of it. */
export interface Way {
  readonly name: string;
  readonly isInside: boolean;
  cut(bench: CutBench): void;
}

/** Nothing happens any more after this long: the slot has settled, the page is drawn. */
const SETTLE_MS = 60;
const WATCH_NS = 10e6;
const TYPING_MS = 50;
/** Into the fifth of the ten elementary time units of a character. */
const INSIDE_NS = 470_000;

export class CutBench {
  readonly counter: Counter;
  readonly begun: PinCommandsBegun;
  readonly memory = new TrackedMemory();
  /** Characters that have passed since `arm`. */
  characters = 0;
  /** When the cut was made; undefined before. */
  cutNs: number | undefined;
  /** How many buffers held the PIN when it was typed and not yet confirmed. */
  heldWhileTyped = 0;
  private edges = 0;
  private cutAt = Infinity;
  private way: Way | undefined;

  constructor(options: SimulatorOptions) {
    this.counter = this.memory.follow(() => new Counter(options)).start();
    const { world } = this.counter.simulator;
    this.begun = new PinCommandsBegun(world);
    world.recorder.onEvent(({ channel }) => {
      if (channel === "card-out" || channel === "card-in") this.edge();
    });
    world.wire.onCharacter(() => this.passed());
  }

  /** Counts from now on and makes the cut at character `at`, 1 being the first. */
  arm(at: number, way: Way | undefined): void {
    this.characters = 0;
    this.edges = 0;
    this.cutAt = at;
    this.way = way;
    this.cutNs = undefined;
    this.begun.reset();
    // What happens before the cut is listened to and not kept: a long exchange is run very often.
    this.counter.simulator.world.recorder.clear();
    this.counter.simulator.world.recorder.keep = false;
  }

  disarm(): void {
    this.cutAt = Infinity;
    this.cutNs = undefined;
  }

  /** A Secure whose prompt is answered by `keys`; the status word, or the failure that the host reports. */
  secure(data: string, keys: string, pin: string): string {
    const { host, simulator } = this.counter;
    host.beginSecure(fromHex(data));
    const asks = (): boolean => this.counter.page === "pin" || this.counter.page === "last";
    simulator.runUntil(() => asks() || this.cutNs !== undefined, 5000);
    if (this.cutNs === undefined) this.type(keys, pin);
    return this.outcome(() => toHex(host.finishSecure()));
  }

  /** As `secure`, for a host that builds its own VERIFY: the keys are typed while it waits for the answer. */
  replaced(apdu: string, keys: string, pin: string): string {
    const { scheduler } = this.counter.simulator.world;
    const watch = (): void => {
      if (this.cutNs !== undefined) return;
      if (this.counter.page !== "pin") return void scheduler.after(WATCH_NS, watch);
      this.counter.simulator.keys(keys, TYPING_MS);
      const typedNs = TYPING_MS * 1e6 * (keys.length - 1);
      scheduler.after(typedNs, () => (this.heldWhileTyped = this.memory.holding(pin)));
    };
    watch();
    return this.outcome(() => this.counter.apdu(apdu));
  }

  /** The answer, or why there was none. */
  outcome(ask: () => string): string {
    try {
      return ask();
    } catch (error) {
      if (error instanceof HostFailure || error instanceof T1Failure) return error.message;
      throw error;
    }
  }

  settle(): void {
    this.counter.simulator.runFor(SETTLE_MS);
  }

  /** Puts `card` in if it is out, and powers it. */
  power(card: T1Endpoint): boolean {
    this.present(card);
    return this.counter.host.powerOn().status === 0;
  }

  /** A card that is in the slot, known to the host and not powered by it. */
  present(card: T1Endpoint): void {
    const { simulator, host } = this.counter;
    if (simulator.world.slot.inserted() === undefined) simulator.insert(card);
    simulator.runFor(2 * SETTLE_MS);
    host.slotStatus();
  }

  /** Takes the card away. A result's page ends with the next one. */
  clear(): void {
    const { simulator } = this.counter;
    if (simulator.world.slot.inserted() !== undefined) simulator.remove();
    simulator.runFor(SETTLE_MS);
  }

  private type(keys: string, pin: string): void {
    const { simulator } = this.counter;
    simulator.keys(keys.slice(0, -1), TYPING_MS);
    simulator.runFor(TYPING_MS * keys.length);
    this.heldWhileTyped = this.memory.holding(pin);
    simulator.keys(keys.slice(-1), TYPING_MS);
  }

  private edge(): void {
    this.edges++;
    if (this.edges !== this.cutAt || this.way?.isInside !== true) return;
    this.counter.simulator.world.scheduler.after(INSIDE_NS, () => this.cut());
  }

  private passed(): void {
    this.characters++;
    if (this.characters === this.cutAt && this.way?.isInside === false) this.cut();
  }

  private cut(): void {
    this.cutNs = this.counter.simulator.nowNs;
    this.counter.simulator.world.recorder.keep = true;
    this.way?.cut(this);
  }
}
