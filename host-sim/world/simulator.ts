/** One terminal on an engine in its world: what scenarios, tests, the command line and the bench drive. */
import type { EntryPurpose, Language, Page } from "../../firmware/service/view.ts";
import { makeCard } from "../card/deck.ts";
import type { SimCard } from "../card/sim-card.ts";
import { KEY_ORDER } from "../chip/key-matrix.ts";
import type { Engine, ImageOptions } from "../engine/engine.ts";
import { startEngine, type EngineImages, type EngineName } from "../engine/engines.ts";
import { pageName } from "./page-name.ts";
import { provision, type ProvisionedPair } from "./provision.ts";
import { PromptWatch } from "./prompt-watch.ts";
import { loadMemory, type TerminalMemory } from "./terminal-memory.ts";
import { World } from "./world.ts";
import { makeBusEvents, WorldBus } from "./world-bus.ts";

export interface SimulatorOptions extends Partial<ImageOptions> {
  readonly seed?: number;
  /** What runs the firmware; this process unless told otherwise. */
  readonly engine?: EngineName;
  /** Other programs than the built ones. */
  readonly images?: EngineImages;
  /** What the terminal is provisioned with before it boots; without it its memory is as it left the factory. */
  readonly pair?: ProvisionedPair;
  /** What it remembers of an earlier run, `pair` included. */
  readonly memory?: TerminalMemory;
}

/** What the firmware says that it wants to be seen. */
export interface ShownView {
  readonly page: Page;
  readonly purpose: EntryPurpose;
  readonly language: Language;
  readonly digits: number;
  readonly triesLeft: number;
}

/** How long a key stays down, and how long its contact chatters at each end. */
const PRESS_NS = 60e6;
const BOUNCE_NS = 5e6;
/** A fingertip is never shorter: it outlasts the bounce and two scans. */
const TAP_NS = 40e6;
/** A finger lifts before it comes down on the next key, however fast taps come in. */
const LIFT_NS = 20e6;
/** A terminal that asks for the same instant this often does not let time pass. */
const SPIN_LIMIT = 10_000;

function indexOf(key: string): number {
  const index = KEY_ORDER.indexOf(key);
  if (index < 0 || key.length !== 1)
    throw new Error(`no key ${JSON.stringify(key)}: the keys are ${KEY_ORDER}`);
  return index;
}

export class Simulator {
  readonly world: World;
  private engine: Engine;
  private readonly events = makeBusEvents();
  private readonly prompts = new PromptWatch();
  private deadlineUs = 0;
  private started = false;
  private isOff = false;
  private spins = 0;
  private lastKeyEndNs = 0;
  /** When each key that a finger holds has gone down. */
  private readonly fingersNs = new Map<string, number>();

  constructor(private readonly options: SimulatorOptions = {}) {
    this.world = new World(options.seed ?? 1);
    if (options.memory !== undefined) loadMemory(this.world, options.memory);
    if (options.pair !== undefined) provision(this.world, options.pair);
    this.engine = this.startEngine();
  }

  get nowNs(): number {
    return this.world.scheduler.nowNs;
  }

  /** The page that the terminal shows, by name; for people and tests, not from pixels. */
  page(): string {
    return pageName(this.view().page);
  }

  /** What the firmware wanted to be seen when it last drew or idled. */
  view(): ShownView {
    const { view } = this.world;
    if (view === undefined) throw new Error("the terminal has not booted");
    return view;
  }

  /** The view as a typist sees it: which page, and the how many-th prompt it is. */
  engineView(): { pageName: string; purpose: number; commandCount: number; entryCount: number } {
    const { commandCount, entryCount } = this.prompts;
    return { pageName: this.page(), purpose: this.view().purpose, commandCount, entryCount };
  }

  insert(card: SimCard | string): void {
    this.world.slot.insert(typeof card === "string" ? makeCard(card) : card);
  }

  remove(): void {
    this.world.slot.remove();
  }

  /** Presses the keys of `keys` (see KEY_ORDER) one after the other, `everyMs` from press to press; returns when the last is released. */
  keys(keys: string, everyMs = 150): void {
    const stepNs = everyMs * 1e6;
    const startNs = Math.max(this.nowNs, this.lastKeyEndNs);
    const holdNs = Math.min(PRESS_NS, stepNs / 2);
    [...keys].forEach((key, position) => {
      const index = indexOf(key);
      const pressNs = startNs + position * stepNs;
      this.contactAt(pressNs, index, true);
      this.contactAt(pressNs + holdNs, index, false);
    });
    this.lastKeyEndNs = startNs + keys.length * stepNs;
  }

  /** A finger goes down on a key and stays; several may be down at once. */
  press(key: string): void {
    if (this.fingersNs.has(key)) return;
    const downNs = Math.max(this.nowNs, this.lastKeyEndNs);
    this.fingersNs.set(key, downNs);
    this.contactAt(downNs, indexOf(key), true);
  }

  /** And lifts. */
  release(key: string): void {
    const downNs = this.fingersNs.get(key);
    if (downNs === undefined) return;
    this.fingersNs.delete(key);
    const upNs = Math.max(this.nowNs, downNs + TAP_NS);
    this.contactAt(upNs, indexOf(key), false);
    // Release and next press may come at one instant, however far apart they were where they came from.
    this.lastKeyEndNs = Math.max(this.lastKeyEndNs, upNs + LIFT_NS);
  }

  /** Lets time pass until `done()` is true, at most `limitMs`; returns whether it became true. */
  runUntil(done: () => boolean, limitMs: number): boolean {
    const limitNs = this.nowNs + limitMs * 1e6;
    for (;;) {
      if (done()) return true;
      const nextNs = this.nextNs();
      if (nextNs > limitNs) {
        this.world.scheduler.advanceTo(limitNs);
        return false;
      }
      this.advance(nextNs);
    }
  }

  runFor(ms: number): void {
    this.runUntil(() => false, ms);
  }

  /** When something happens next: an event of the world or the deadline of the firmware. */
  nextNs(): number {
    if (this.isOff) return this.world.scheduler.nextNs();
    if (!this.started || this.world.wakes()) return this.nowNs;
    return Math.max(this.nowNs, Math.min(this.world.scheduler.nextNs(), this.deadlineUs * 1000));
  }

  /** Goes to `timeNs`, which is at most `nextNs()`, and lets happen what is due there. */
  advance(timeNs: number): void {
    const { scheduler } = this.world;
    if (scheduler.nextNs() <= timeNs) {
      scheduler.runNext();
      this.spins = 0;
      if (this.isOff) return;
      if (this.world.isReset()) return this.restart();
      if (!this.world.wakes()) return;
    } else {
      if (timeNs > scheduler.nowNs) this.spins = 0;
      scheduler.advanceTo(timeNs);
    }
    if (!this.isOff) this.resumeEngine();
  }

  close(): void {
    this.engine.close();
  }

  /** Somebody presses reset: everything that the processor drives goes off and the program starts anew, at this instant. */
  pressReset(): void {
    this.world.resetProcessor();
    this.restart();
  }

  /**
   * The power goes at this instant: whatever runs is ended, the card loses its supply, and only the FRAM and the backup memory
   * keep what they hold. Call it too after a `PowerCut`, which a chip has thrown out of `runUntil` or `powerOn`.
   */
  powerOff(): void {
    if (this.isOff) return;
    this.isOff = true;
    this.engine.close();
    this.started = false;
    this.world.powerOff();
  }

  /** It comes back, at this instant, and the program starts. */
  powerOn(): void {
    if (!this.isOff) return;
    this.isOff = false;
    this.world.powerOn();
    this.restart();
  }

  isPowered(): boolean {
    return !this.isOff;
  }

  /** Somebody opens the case: the hardware erases the backup memory, and its tamper pin resets a processor that runs. */
  openCase(): void {
    const { backup, recorder } = this.world;
    backup.openCase();
    recorder.record(this.nowNs, "world", "case opened");
    if (!this.isOff) this.pressReset();
  }

  private startEngine(): Engine {
    const { engine = "node", mode = "open", language = "ja", firewall = "refuse", images } = this.options;
    return startEngine(engine, new WorldBus(this.world), { mode, language, firewall }, images);
  }

  /** The world has reset the processor: whatever ran is ended, and the image boots. */
  private restart(): void {
    this.engine.close();
    this.started = false;
    this.spins = 0;
    this.engine = this.startEngine();
  }

  /** Time stands still for a program that spins; on a board it goes on, and the watchdog, which nobody feeds, ends it. */
  private endSpin(): void {
    const { scheduler, watchdog } = this.world;
    if (!watchdog.isRunning()) throw new Error(`the firmware spins at ${this.world.nowUs()} us`);
    while (!this.world.isReset()) scheduler.runNext();
    this.restart();
  }

  private resumeEngine(): void {
    if (this.started && !this.world.wakes() && this.nowNs < this.deadlineUs * 1000) return;
    if (++this.spins > SPIN_LIMIT) return this.endSpin();
    this.world.collect(this.events);
    this.deadlineUs = this.engine.resume(this.events);
    this.started = true;
    this.prompts.look(this.view());
  }

  private contactAt(timeNs: number, index: number, closed: boolean): void {
    const { scheduler, matrix } = this.world;
    scheduler.patientlyAt(timeNs, () => matrix.setContact(scheduler.nowNs, index, closed, BOUNCE_NS));
  }
}
