/** A terminal whose card is lost after a given character of an exchange, and what must be true then. */
import { Counter, fromHex, toHex } from "../../host-sim/scenario/counter.ts";
import { HostFailure } from "../../host-sim/host/gempc-host.ts";
import { T1Failure } from "../../host-sim/host/t1-interface-device.ts";
import type { T1Endpoint } from "../../host-sim/card/t1-endpoint.ts";
import type { SimulatorOptions } from "../../host-sim/world/simulator.ts";
import { PinCommandsBegun } from "./pin-commands-begun.ts";
import { TrackedMemory } from "./tracked-memory.ts";

/** Nothing happens any more after this long: the slot has settled, the page is drawn. */
const SETTLE_MS = 60;
const WATCH_NS = 10e6;

export class CutBench {
  readonly counter: Counter;
  readonly begun: PinCommandsBegun;
  readonly memory = new TrackedMemory();
  /** Characters of both directions since `arm`. */
  characters = 0;
  /** When the cut was made; undefined before. */
  cutNs: number | undefined;
  /** How many buffers held the PIN when it was typed and not yet confirmed. */
  heldWhileTyped = 0;
  private cutAt = Infinity;
  private cut: () => void = () => {};

  constructor(options: SimulatorOptions) {
    this.counter = this.memory.follow(() => new Counter(options)).start();
    const { world } = this.counter.simulator;
    this.begun = new PinCommandsBegun(world);
    world.wire.onCharacter(() => this.passed());
  }

  /** Counts from now on and calls `cut` after character `at`. */
  arm(at: number, cut: () => void): void {
    this.characters = 0;
    this.cutAt = at;
    this.cut = cut;
    this.cutNs = undefined;
    this.begun.reset();
    this.counter.simulator.world.recorder.clear();
  }

  disarm(): void {
    this.cutAt = Infinity;
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
    let isTyped = false;
    const watch = (): void => {
      if (this.cutNs !== undefined || isTyped) return;
      if (this.counter.page !== "pin") return void scheduler.after(WATCH_NS, watch);
      isTyped = true;
      this.counter.simulator.keys(keys, 50);
      scheduler.after(50e6 * (keys.length - 1), () => (this.heldWhileTyped = this.memory.holding(pin)));
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

  /** Puts `card` in again if it is out, and powers it. */
  again(card: T1Endpoint): void {
    const { slot } = this.counter.simulator.world;
    if (slot.inserted() === undefined) this.counter.insert(card);
    else this.powered();
  }

  /** Takes the card away and forgets what was recorded. */
  clear(): void {
    const { simulator } = this.counter;
    if (simulator.world.slot.inserted() !== undefined) simulator.remove();
    simulator.runFor(SETTLE_MS);
    simulator.world.recorder.clear();
  }

  private powered(): void {
    this.counter.simulator.runFor(100);
    this.counter.host.slotStatus();
    this.counter.host.powerOn();
  }

  private type(keys: string, pin: string): void {
    const { simulator } = this.counter;
    simulator.keys(keys.slice(0, -1), 50);
    simulator.runFor(50 * keys.length);
    this.heldWhileTyped = this.memory.holding(pin);
    simulator.keys(keys.slice(-1), 50);
  }

  private passed(): void {
    this.characters++;
    if (this.characters !== this.cutAt) return;
    this.cutNs = this.counter.simulator.nowNs;
    this.cut();
  }
}
