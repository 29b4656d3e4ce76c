/** Where a scenario is told: a terminal in its world, the deck, who is at the other end of the line, and the time. */
import { readAtrTerms } from "../card/card-atr.ts";
import { makeCard } from "../card/deck.ts";
import type { SimCard } from "../card/sim-card.ts";
import { T1Endpoint } from "../card/t1-endpoint.ts";
import type { EngineImages, EngineName } from "../engine/engines.ts";
import { CardTap } from "../scenario/card-tap.ts";
import { Counter } from "../scenario/counter.ts";
import { ScenarioFailure, Watch } from "../scenario/scenario.ts";
import { Simulator } from "../world/simulator.ts";
import { CounterEnd, PAIR } from "./counter-end.ts";
import { ProgramEnd } from "./program-end.ts";
import { applyCardState, type Given } from "./given.ts";

/** What a story that somebody watches is told by; without one it is told as fast as it can be. */
export interface StageClock {
  /** Asked before time passes to `nextNs`; what it gives is waited for, and the world stands still meanwhile. */
  pause(nextNs: number): Promise<void> | undefined;
  /** Nobody waits for the next `ms` of the world's time. */
  jump(ms: number): void;
}

export interface StageOptions {
  readonly engine?: EngineName;
  readonly images?: EngineImages;
  readonly clock?: StageClock;
}

const VERIFY = 0x20;
const BOOT_NS = 100e6;
/** A PIN of fewer digits stands in other bytes by chance. */
const SHORTEST_PIN = 4;

export class Stage {
  readonly simulator: Simulator;
  readonly watch: Watch;
  /** At the sealed line. */
  readonly counter: CounterEnd | undefined;
  /** At the bench image's. */
  readonly program: ProgramEnd | undefined;
  /** VERIFY commands with data that have gone over the card's contact. */
  verifies = 0;
  readonly clock: StageClock | undefined;
  private readonly tap: CardTap;
  private readonly cards = new Map<string, SimCard>();
  private readonly lineOut: Uint8Array[] = [];
  private readonly entries: string[] = [""];

  constructor(
    private readonly given: Given,
    { engine, images, clock }: StageOptions,
  ) {
    this.clock = clock;
    const { mode, language, seed, operators } = given;
    const options = {
      ...{ mode, language, seed },
      ...(engine === undefined ? {} : { engine }),
      ...(images === undefined ? {} : { images }),
    };
    if (mode === "open") {
      const counter = new Counter(options);
      this.simulator = counter.simulator;
      this.program = new ProgramEnd(counter);
    } else {
      this.simulator = new Simulator({
        ...options,
        pair: { ...PAIR, operatorsRequired: operators === "required" },
      });
      this.counter = new CounterEnd(this.simulator);
    }
    const { world } = this.simulator;
    this.watch = new Watch({ simulator: this.simulator });
    this.tap = new CardTap(world);
    this.tap.onCommand = (apdu): void => {
      if (apdu[1] === VERIFY && apdu.length > 5) this.verifies++;
    };
    world.recorder.onEvent(({ channel, value }) => {
      if (channel === "line-out" && value instanceof Uint8Array) this.lineOut.push(value);
    });
  }

  /** From power-up to where the steps begin. Throws `HostFailure` when the terminal does not answer. */
  async open(): Promise<void> {
    if (this.given.card !== undefined) this.insert(this.given.card, false);
    if (this.given.counter === "absent") return;
    await this.advanceTo(BOOT_NS);
    this.counter?.connect();
    this.program?.connect();
    await this.settle();
  }

  /** The page's name; `off` without power. */
  page(): string {
    return this.simulator.isPowered() ? this.simulator.page() : "off";
  }

  /** The same card each time; in the state that was given. */
  card(name: string): SimCard {
    const card = this.cards.get(name) ?? this.newCard(name);
    this.cards.set(name, card);
    return card;
  }

  insert(name: string, fresh: boolean): void {
    const there = this.simulator.world.slot.inserted();
    if (there !== undefined) throw new ScenarioFailure(`${there.name} is in the slot already`);
    if (fresh) this.cards.delete(name);
    const card = this.card(name);
    const isCrc = card instanceof T1Endpoint && readAtrTerms(card.atr).crc;
    this.tap.edcBytes = isCrc ? 2 : 1;
    this.simulator.insert(card);
  }

  /** Remembers what was typed, to look for it where it must not be. */
  typed(keys: string): void {
    for (const key of keys) {
      if (/\d/.test(key)) this.entries.push(`${this.entries.pop() ?? ""}${key}`);
      else if (this.entries.at(-1) !== "") this.entries.push("");
    }
  }

  /** Whether digits that were typed, as characters, have left by the line. */
  areDigitsOnLine(): boolean {
    const sent = Buffer.concat(this.lineOut);
    return this.entries.some((digits) => digits.length >= SHORTEST_PIN && sent.includes(digits));
  }

  /** Lets everything happen that is due now. */
  settle(): Promise<void> {
    return this.advanceTo(this.simulator.nowNs);
  }

  /** Lets time pass up to `timeNs`. */
  async advanceTo(timeNs: number): Promise<void> {
    await this.runUntil(() => false, timeNs - this.simulator.nowNs);
  }

  /**
   * Lets time pass until `done()`, at most `limitNs`; returns whether it became true. Whatever is due at the instant at which it ends has
   * happened then, so that a step at that time, told in another way, finds the same.
   */
  async runUntil(done: () => boolean, limitNs: number): Promise<boolean> {
    const { simulator } = this;
    let endNs = simulator.nowNs + Math.max(0, limitNs);
    let isDone = false;
    for (;;) {
      await this.hearNews();
      if (!isDone && done()) {
        isDone = true;
        endNs = simulator.nowNs;
      }
      const nextNs = simulator.nextNs();
      await this.clock?.pause(Math.min(nextNs, endNs));
      if (nextNs > endNs) {
        simulator.world.scheduler.advanceTo(endNs);
        await this.hearNews();
        return isDone || done();
      }
      simulator.advance(nextNs);
    }
  }

  /** Calls that have their answer go on; the world stands still meanwhile. */
  async hearNews(): Promise<void> {
    const { counter } = this;
    if (counter === undefined) return;
    counter.look();
    while (counter.hasNews) {
      counter.hasNews = false;
      await new Promise((resolve) => setImmediate(resolve));
      counter.look();
    }
    if (counter.broken !== undefined) throw new ScenarioFailure(counter.broken.message);
  }

  close(): void {
    this.simulator.close();
  }

  private newCard(name: string): SimCard {
    const card = makeCard(name);
    const state = this.given.cards[name];
    if (state !== undefined) applyCardState(card, state);
    return card;
  }
}
