/**
 * A terminal, its counter and one card in a world that is cut at one instant: what every such sweep does. A sweep adds its script,
 * and what must hold after the cut.
 */
import { ResetPart, ResetReason } from "../../hal/watchdog.ts";
import { PowerCut } from "../../host-sim/chip/power-cut.ts";
import { SealedHost } from "../../host-sim/host/sealed-host.ts";
import { Simulator } from "../../host-sim/world/simulator.ts";
import type { ProvisionedPair } from "../../host-sim/world/provision.ts";
import { CheckHost } from "../host-sim/world/check-host.ts";
import { hostAt, PAIR } from "../host-sim/world/sealed-simulator.ts";
import { dataPointsOf } from "./cut-sweep.ts";

export type CutName = "power for a second" | "power for an instant" | "brown-out" | "watchdog";

const PAGE_MS = 70_000;
const OFF_MS = 1000;
const BOOT_MS = 100;
const NEVER = Number.POSITIVE_INFINITY;
/** 115200 baud, ten bits. */
const LINE_CHARACTER_NS = 86_806;
/** Ten times 372 clocks at 3.5712 MHz, before anything faster was agreed on. */
const CARD_CHARACTER_NS = 1_041_667;

/**
 * What ends the script. A brown-out resets the processor alone: the card is powered until the reset's pull-ups switch it off; with
 * the supply everything goes at once.
 */
class Cut extends Error {}

export const CUTS: readonly CutName[] = [
  "power for a second",
  "power for an instant",
  "brown-out",
  "watchdog",
];

export interface WorldPoint {
  readonly cut: CutName;
  readonly timeNs: number;
}

/** The power goes while a byte passes on the FRAM's wire, which stores what `tornMask` says of it; and once more in the boot behind it. */
export interface MemoryPoint {
  readonly cut: "memory";
  /** Byte since the power came on. */
  readonly at: number;
  readonly tornMask: number;
  /** Byte of the boot behind it. */
  readonly again?: number;
}

/** Instants of the uncut run: in the middle of each byte, and each at which the firmware was resumed by an event. */
export interface Moments {
  /** Of bytes, as wire and cable count them. */
  readonly cardBytes: number;
  readonly lineBytes: number;
  readonly card: readonly number[];
  readonly line: readonly number[];
  readonly others: readonly number[];
}

export abstract class CutWorld {
  readonly simulator: Simulator;
  beganNs = 0;
  protected readonly check: CheckHost;
  private isCut = false;
  private host: SealedHost;

  constructor(pair: ProvisionedPair = PAIR) {
    this.simulator = new Simulator({ mode: "sealed", pair, seed: 5 });
    const { line, scheduler } = this.simulator.world;
    this.simulator.runFor(200);
    this.host = new SealedHost(
      { send: (bytes) => line.send(bytes), onBytes: (listener) => line.onBytes((bytes) => listener(bytes)) },
      (until, limitNs) => this.wait(until, limitNs / 1e6),
      {
        pair: PAIR,
        clock: { nowNs: () => scheduler.nowNs, at: (timeNs, action) => scheduler.at(timeNs, action) },
      },
    );
    this.check = new CheckHost(this.host);
    this.host.open();
    this.simulator.runFor(100);
    this.beganNs = this.simulator.nowNs;
  }

  /** The script, up to the card's removal. Returns whether it was cut. */
  run(point?: WorldPoint | MemoryPoint): boolean {
    const { scheduler, fram } = this.simulator.world;
    if (point?.cut === "memory") fram.cutAt(point.at, point.tornMask);
    else if (point !== undefined) scheduler.at(point.timeNs, () => this.cut(point.cut));
    try {
      return this.isCutWhile(() => this.script());
    } catch (error) {
      if (!(error instanceof Cut)) throw error;
      return true;
    } finally {
      this.host.isThere = false;
    }
  }

  /** The power comes back, and goes again at byte `again` of the boot, if there is one. */
  bootAgain(again: number): void {
    const { simulator } = this;
    simulator.world.fram.cutAt(again);
    this.isCutWhile(() => {
      simulator.powerOn();
      simulator.runFor(BOOT_MS);
    });
  }

  /** After a cut: what is not as it must be. */
  judge(): string[] {
    const { simulator } = this;
    if (!simulator.isPowered()) simulator.powerOn();
    const before = this.pinCommands();
    simulator.runFor(2000);
    const findings = before === this.pinCommands() ? [] : ["the card was given a PIN again at boot"];
    const check = new CheckHost(hostAt(simulator));
    check.host.open();
    findings.push(...this.judgeMemory(check, before));
    if (simulator.world.slot.inserted() !== undefined) simulator.remove();
    simulator.runFor(500);
    return [...findings, ...findingsIn(() => this.goesOn(check)), ...this.strangeComplaints()];
  }

  close(): void {
    this.simulator.close();
  }

  /** From the request to the result's end. */
  protected abstract script(): void;
  /** How many commands with a PIN the card has got. */
  protected abstract pinCommands(): number;
  /** What is wrong with what the terminal remembers, after `given` commands with a PIN. */
  protected abstract judgeMemory(check: CheckHost, given: number): string[];
  /** The slot is empty; what is wrong with how the terminal serves from here on. */
  protected abstract goesOn(check: CheckHost): string[];

  /** The result is shown, the card is taken out. */
  protected leave(): void {
    this.reaches("take");
    this.simulator.remove();
    this.simulator.runFor(500);
  }

  protected reaches(page: string): boolean {
    const { simulator } = this;
    return simulator.runUntil(() => simulator.page() === page, PAGE_MS);
  }

  protected until(page: string): void {
    if (!this.wait(() => this.simulator.page() === page, PAGE_MS)) throw new Error(`no page ${page}`);
  }

  protected wait(done: () => boolean, limitMs: number): boolean {
    const { simulator } = this;
    simulator.runUntil(() => this.isCut || done(), limitMs);
    if (this.isCut) throw new Cut("cut");
    return done();
  }

  /** Whether the FRAM's power went while `work` was done: it is off then, as everything else. */
  private isCutWhile(work: () => void): boolean {
    try {
      work();
      return false;
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      this.isCut = true;
      this.host.isThere = false;
      this.simulator.world.fram.cutAt(NEVER);
      this.simulator.powerOff();
      this.simulator.runFor(OFF_MS);
      return true;
    }
  }

  /** That its watchdog has bitten is what the simulator says of such a cut. */
  private strangeComplaints(): string[] {
    return this.simulator.world.complaints.filter((each) => !each.includes("started again"));
  }

  private cut(name: CutName): void {
    const { simulator } = this;
    this.isCut = true;
    this.host.isThere = false;
    if (name === "watchdog" || name === "brown-out") {
      const reason = name === "watchdog" ? ResetReason.Watchdog : ResetReason.PowerOn;
      simulator.world.resetProcessor({ reason, part: ResetPart.None });
      return;
    }
    simulator.powerOff();
    if (name === "power for an instant") simulator.powerOn();
    else simulator.world.scheduler.after(OFF_MS * 1e6, () => simulator.powerOn());
  }
}

/** When each byte passes in a script that is not cut. */
export function momentsOf(make: () => CutWorld): Moments {
  const check = make();
  const { line: cable, wire } = check.simulator.world;
  const passed = { card: 0, line: 0 };
  wire.onCharacter(() => passed.card++);
  cable.medium = (bytes) => {
    passed.line += bytes.length;
    return bytes;
  };
  if (check.run()) throw new Error("it was cut");
  const events = check.simulator.world.recorder.all().filter(({ timeNs }) => timeNs >= check.beganNs);
  check.close();
  const of = (...channels: readonly string[]) => events.filter(({ channel }) => channels.includes(channel));
  const card = of("card-in", "card-out").map(({ timeNs }) => timeNs + CARD_CHARACTER_NS / 2);
  const out = of("line-out").flatMap(({ timeNs, value }) =>
    [...(value as Uint8Array)].map((_, at) => timeNs + (at + 0.5) * LINE_CHARACTER_NS),
  );
  // What comes is recorded when its last character has come and the line has been idle for two.
  const into = of("line-in").flatMap(({ timeNs, value }) => {
    const bytes = value as Uint8Array;
    return [...bytes].map((_, at) => timeNs - (bytes.length + 2 - at - 0.5) * LINE_CHARACTER_NS);
  });
  const others = of("pins", "memory", "spi", "tone", "card-supply").map(({ timeNs }) => timeNs + 1000);
  const whole = (times: readonly number[]): number[] => times.map(Math.floor);
  return {
    cardBytes: passed.card,
    lineBytes: passed.line,
    card: whole(card),
    line: whole([...into, ...out]),
    others: [...new Set(others)],
  };
}

/** Every byte on the FRAM's wire in a script that is not cut, and how many pass in a boot behind it. */
export function memoryPointsOf(make: () => CutWorld): {
  readonly points: MemoryPoint[];
  readonly bootBytes: number;
} {
  const check = make();
  const { fram, backup } = check.simulator.world;
  const cuts = dataPointsOf({
    chips: { fram, backup },
    run: () => {
      if (check.run()) throw new Error("it was cut");
    },
  });
  const points = cuts.map(({ at, tornMask }) => ({ cut: "memory", at, tornMask }) as const);
  check.simulator.powerOff();
  check.simulator.powerOn();
  check.simulator.runFor(BOOT_MS);
  const bootBytes = fram.bytes;
  check.close();
  return { points, bootBytes };
}

/** One script with one cut; what is wrong afterwards. */
export function findingsOf(make: () => CutWorld, point: WorldPoint | MemoryPoint): string[] {
  const check = make();
  try {
    return findingsIn(() => {
      if (!check.run(point)) return ["the cut was never made"];
      if (point.cut === "memory" && point.again !== undefined) check.bootAgain(point.again);
      return check.judge();
    });
  } finally {
    check.close();
  }
}

/** What cannot go on is a finding too. */
function findingsIn(look: () => string[]): string[] {
  try {
    return look();
  } catch (error) {
    return [
      error instanceof Error ? (error.stack ?? error.message).split("\n", 4).join(" | ") : String(error),
    ];
  }
}
