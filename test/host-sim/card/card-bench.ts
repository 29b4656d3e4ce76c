/** A card in a slot on a wire, and a plain T=1 speaker at its other end that knows nothing of the firmware. */
import { Convention } from "../../../hal/card-uart.ts";
import { makeCard } from "../../../host-sim/card/deck.ts";
import type { SimCard } from "../../../host-sim/card/sim-card.ts";
import { CardUartChip } from "../../../host-sim/chip/card-uart.ts";
import { CardWire } from "../../../host-sim/chip/card-wire.ts";
import { SlotInterface } from "../../../host-sim/chip/slot-interface.ts";
import { Recorder } from "../../../host-sim/world/recorder.ts";
import { Scheduler } from "../../../host-sim/world/scheduler.ts";

export interface Heard {
  readonly value: number;
  readonly flags: number;
  readonly timeNs: number;
}

export const ETU_NS = (372 / 3_571_200) * 1e9;
const OFF = { commandVccN: true, reset: false, enable5V: true, enable1V8N: true };
const SECOND_NS = 1e9;

export class CardBench {
  readonly scheduler = new Scheduler();
  readonly recorder = new Recorder();
  readonly complaints: string[] = [];
  readonly wire: CardWire;
  readonly uart: CardUartChip;
  readonly slot: SlotInterface;
  readonly heard: Heard[] = [];
  private sendNumber = 0;
  private echoes = 0;
  private lastEdgeNs = 0;

  constructor(seed = 1) {
    const complain = (what: string): void => void this.complaints.push(what);
    const { scheduler, recorder } = this;
    this.wire = new CardWire({ scheduler, recorder, complain });
    this.uart = new CardUartChip(this.wire);
    this.slot = new SlotInterface({ scheduler, recorder, wire: this.wire, complain, seed });
    this.uart.onReceive = (value, flags, timeNs) => {
      this.lastEdgeNs = timeNs;
      if (this.echoes > 0) this.echoes--;
      else this.heard.push({ value, flags, timeNs });
    };
  }

  /** Runs until nothing ordinary is queued before `forNs` has passed; the clock is then that far. */
  run(forNs: number): void {
    const endNs = this.scheduler.nowNs + forNs;
    while (this.scheduler.nextNs() <= endNs) this.scheduler.runNext();
    this.scheduler.advanceTo(endNs);
  }

  /** Inserts, lets the contacts settle, powers up at 5 V and releases reset; returns the ATR's bytes. */
  start(card: SimCard | string, convention = Convention.Direct): number[] {
    this.slot.insert(typeof card === "string" ? makeCard(card) : card);
    this.run(50e6);
    this.uart.setup(372, 12, convention);
    this.slot.setPins({ ...OFF, commandVccN: false });
    this.run(5e6);
    return this.reset();
  }

  /** Releases reset and waits for the ATR. */
  reset(): number[] {
    this.heard.length = 0;
    this.sendNumber = 0;
    this.slot.setPins({ ...OFF, commandVccN: false, reset: true });
    this.run(3 * SECOND_NS);
    return this.heard.map((each) => each.value);
  }

  /** RST low for 1 ms and high again. */
  warmReset(): number[] {
    this.slot.setPins({ ...OFF, commandVccN: false });
    this.run(1e6);
    return this.reset();
  }

  powerOff(): void {
    this.slot.setPins(OFF);
    this.run(1e6);
  }

  powerOn(): number[] {
    this.slot.setPins({ ...OFF, commandVccN: false });
    this.run(5e6);
    return this.reset();
  }

  /** Sends raw characters at the earliest legal instant and returns what the card says within `forNs` of silence. */
  raw(bytes: readonly number[], forNs = 2 * SECOND_NS): number[] {
    const earliestNs = this.lastEdgeNs + 22 * ETU_NS;
    if (this.scheduler.nowNs < earliestNs) this.run(Math.ceil(earliestNs - this.scheduler.nowNs));
    this.heard.length = 0;
    this.echoes = bytes.length;
    this.uart.send(Uint8Array.from(bytes));
    this.run(forNs);
    return this.heard.map((each) => each.value);
  }

  /** Sends a block with its LRC. */
  block(pcb: number, inf: readonly number[] = [], forNs = 2 * SECOND_NS): number[] {
    const body = [0, pcb, inf.length, ...inf];
    return this.raw([...body, body.reduce((sum, byte) => sum ^ byte, 0)], forNs);
  }

  /** One command in one block or a chain, its answer put together; grants waiting time; no errors expected. */
  apdu(hex: string): string {
    const command = [...Buffer.from(hex.replaceAll(" ", ""), "hex")];
    let answer: number[] = [];
    for (let at = 0; at === 0 || at < command.length; at += 254) {
      const more = at + 254 < command.length;
      answer = this.block((this.sendNumber << 6) | (more ? 0x20 : 0), command.slice(at, at + 254));
      this.sendNumber ^= 1;
    }
    return this.collect(answer);
  }

  private collect(first: number[]): string {
    let block = first;
    let data: number[] = [];
    for (let turn = 0; turn < 2000; turn++) {
      const pcb = block[1];
      if (pcb === undefined) return "silence";
      const inf = block.slice(3, -1);
      if (pcb === 0xc3 || pcb === 0xc1) {
        block = this.block(pcb | 0x20, inf);
        continue;
      }
      if ((pcb & 0x80) !== 0) return `block ${pcb.toString(16)}`;
      data = data.concat(inf);
      if ((pcb & 0x20) === 0) return Buffer.from(data).toString("hex");
      block = this.block(0x80 | ((((pcb >> 6) & 1) ^ 1) << 4));
    }
    return "endless";
  }
}
