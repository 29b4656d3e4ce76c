/** One story at a counter that every measurement of costs is told with, cut into phases of virtual time. */
import { AID, Counter, fromHex, VERIFY_4 } from "../../host-sim/scenario/counter.ts";
import { changeData } from "../../host-sim/scenario/secure-data.ts";
import type { SimulatorOptions } from "../../host-sim/world/simulator.ts";

export interface Phase {
  readonly name: string;
  readonly startUs: number;
  readonly endUs: number;
}

/** A new PIN alone, typed twice. */
const CHANGE_4 = changeData({ apdu: "00240180", minimum: 4, maximum: 4, confirm: 1 });
/** The longest command that crosses: 255 bytes of an unknown instruction, which the card refuses. */
const LONG = "80f00000f9" + "5a".repeat(249);
/** Reads 240 bytes. */
const READ = "00b00000f0";
const BOOT_MS = 150;
const SETTLE_MS = 300;

/** The keys' words begin here; the digits' masks are above. */
export const LEGEND_LINE = 194;

/** Of a display address as it travels, least significant bit first. */
export function lineOf(address: number): number {
  return Number.parseInt(address.toString(2).padStart(8, "0").split("").reverse().join(""), 2) - 1;
}

class Telling {
  readonly phases: Phase[] = [];
  private startUs = 0;

  constructor(readonly counter: Counter) {}

  /** Ends the phase that began with the end of the one before. */
  ends(name: string): this {
    // Steps at an instant belong to what led to it.
    const endUs = Math.floor(this.counter.simulator.nowNs / 1000) + 1;
    this.phases.push({ name, startUs: this.startUs, endUs });
    this.startUs = endUs;
    return this;
  }

  waits(ms: number): this {
    this.counter.simulator.runFor(ms);
    return this;
  }
}

function typePin(telling: Telling, digits: string): void {
  for (const digit of digits) {
    telling.counter.simulator.keys(digit);
    telling.waits(150).ends("key");
  }
}

function verify(telling: Telling, digits: string): void {
  const { counter } = telling;
  counter.host.beginSecure(fromHex(VERIFY_4));
  counter.waitForPrompt();
  telling.waits(SETTLE_MS).ends("prompt");
  typePin(telling, digits);
  counter.simulator.keys("E");
  counter.host.finishSecure();
  telling.waits(SETTLE_MS).ends("verify");
}

/** Tells the story and closes the simulator; `prepare` sees it before time begins. */
export function tellStory(options: SimulatorOptions, prepare?: (counter: Counter) => void): Phase[] {
  const counter = new Counter(options);
  prepare?.(counter);
  const { simulator } = counter;
  const telling = new Telling(counter).waits(BOOT_MS).ends("boot").waits(1000).ends("idle");
  counter.host.startUp();
  telling.ends("host starts");
  simulator.insert("mynumber");
  telling.waits(100).ends("card in");
  counter.host.slotStatus();
  counter.host.powerOn();
  telling.waits(SETTLE_MS).ends("power on").waits(1000).ends("idle, card in use");
  counter.select(AID.jpki, "0018");
  telling.ends("commands");
  for (const apdu of [LONG, READ]) counter.apdu(apdu);
  telling.ends("long commands");
  verify(telling, "1357");
  telling.waits(6000).ends("result held");
  verify(telling, "1358");
  simulator.keys("E");
  telling.waits(SETTLE_MS).ends("dismiss");
  simulator.keys("L");
  telling.waits(SETTLE_MS).ends("language");
  counter.host.beginSecure(fromHex(CHANGE_4));
  telling.waits(SETTLE_MS).ends("change");
  simulator.remove();
  telling.waits(SETTLE_MS).ends("card out").waits(6000).ends("page goes");
  simulator.close();
  return telling.phases;
}
