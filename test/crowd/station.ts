/**
 * One terminal of the crowd in its own world: its noisy cable, the counter's end of it, and a digest of all that happens, second by
 * second. It is driven in pieces of virtual time; how they are cut changes nothing.
 */
import { createHash } from "node:crypto";
import type { CounterClock } from "../../host-sim/counter/counter-clock.ts";
import type { CounterWire, WireListener } from "../../host-sim/counter/counter-wire.ts";
import { identityOf } from "../../host-sim/counter/key-file.ts";
import type { PairNames } from "../../host-sim/counter/hello.ts";
import type { PairKey } from "../../host-sim/counter/sealed-stream.ts";
import { SECRET_BYTES } from "../../host-sim/world/provision.ts";
import { SeededRandom } from "../../host-sim/world/random.ts";
import type { TraceEvent } from "../../host-sim/world/recorder.ts";
import { Simulator } from "../../host-sim/world/simulator.ts";
import { FrameTap } from "./frame-tap.ts";
import { NoisyCable } from "./noisy-cable.ts";
import type { Weather } from "./weather.ts";

/** Turns of Node's loop after which nothing more happens by itself; a stream's end takes two. */
const QUIET_TURNS = 4;
const SECOND_NS = 1e9;
const PSK_BYTES = 32;
const PSK_STREAM = 0x70736b;
const SECRET_STREAM = 0x736563;

function bytesOf(seed: number, length: number): Uint8Array {
  const random = new SeededRandom(seed);
  return Uint8Array.from({ length }, () => random.below(256));
}

export class Station implements CounterWire {
  readonly simulator: Simulator;
  readonly cable: NoisyCable;
  readonly clock: CounterClock;
  readonly key: PairKey & PairNames;
  /** Only this terminal's; the auditor has the journal's first key of them. */
  readonly secrets: Uint8Array;
  readonly tap = { terminal: new FrameTap(), pc: new FrameTap() };
  /** One for each second that has begun: of everything up to its end. */
  readonly digests: string[] = [];
  /** Called at every new page. */
  onPage: (page: string) => void = () => undefined;
  /** Its day is over: time stands still for it, at this instant. */
  isOver = false;
  private page = "";
  private activity = 0;
  private listener: WireListener | undefined;
  private hash = createHash("sha256");

  constructor(
    readonly seed: number,
    weather: Weather,
  ) {
    const names = { terminal: `T-${seed}`, counter: `C-${seed}` };
    const psk = bytesOf(seed ^ PSK_STREAM, PSK_BYTES);
    this.key = { ...names, psk, identity: identityOf(names) };
    this.secrets = bytesOf(seed ^ SECRET_STREAM, SECRET_BYTES);
    this.simulator = new Simulator({
      mode: "sealed",
      seed,
      pair: { ...names, psk, secrets: this.secrets },
    });
    const { scheduler, line, recorder } = this.simulator.world;
    this.cable = new NoisyCable(this.simulator.world, weather);
    recorder.keep = false;
    recorder.onEvent((event) => this.recorded(event));
    this.clock = {
      nowUs: () => Math.floor(scheduler.nowNs / 1000),
      after: (delayUs, action) => {
        const timer = scheduler.at(scheduler.nowNs + delayUs * 1000, () => {
          this.activity++;
          action();
        });
        return () => timer.cancel();
      },
    };
    line.onBytes((bytes) => {
      this.activity++;
      this.listener?.bytes(bytes);
    });
  }

  /** Lets its time go on up to `timeNs`, and whoever waits for something act at the instant at which it is there. */
  async runTo(timeNs: number): Promise<void> {
    const { simulator } = this;
    for (let nextNs = simulator.nextNs(); nextNs < timeNs && !this.isOver; nextNs = simulator.nextNs()) {
      const before = this.activity;
      simulator.advance(nextNs);
      this.look();
      if (this.activity !== before) await this.quiet();
    }
  }

  /** Something else than the world has come to something: it belongs to the trace. */
  note(text: string): void {
    this.recorded({ timeNs: this.simulator.nowNs, channel: "world", value: text });
  }

  async passes(seconds: number): Promise<void> {
    await new Promise<void>((resolve) => void this.clock.after(Math.round(seconds * 1e6), resolve));
  }

  write(bytes: Uint8Array): void {
    this.tap.pc.hear(bytes);
    this.simulator.world.line.send(bytes);
  }

  listen(listener: WireListener | undefined): void {
    this.listener = listener;
  }

  close(): Promise<void> {
    this.listener = undefined;
    return Promise.resolve();
  }

  private look(): void {
    const { world } = this.simulator;
    if (world.view === undefined) return;
    const page = this.simulator.page();
    if (page === this.page) return;
    this.page = page;
    this.activity++;
    this.onPage(page);
  }

  private recorded({ timeNs, channel, value }: TraceEvent): void {
    const second = Math.floor(timeNs / SECOND_NS);
    while (this.digests.length <= second) this.digests.push(this.hash.copy().digest("hex"));
    this.hash.update(`${timeNs} ${channel} `);
    this.hash.update(value instanceof Uint8Array ? value : String(value));
    if (channel === "line-out") this.tap.terminal.hear(value as Uint8Array);
  }

  private async quiet(): Promise<void> {
    for (let turns = 0; turns < QUIET_TURNS; turns++) {
      const before = this.activity;
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (this.activity !== before) turns = 0;
    }
  }
}
