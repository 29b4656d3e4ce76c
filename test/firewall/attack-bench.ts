/** A terminal with a powered card and a host that means harm; after each attack `check` asks the card and the card's line. */
import type { PinObject } from "../../host-sim/card/apps/pin-object.ts";
import type { SimCard } from "../../host-sim/card/sim-card.ts";
import { Simulator } from "../../host-sim/world/simulator.ts";
import { CardWatch } from "./card-watch.ts";
import { RawHost, type Attacker, type RawReply } from "./raw-host.ts";

/** PC_to_RDR messages (CCID rev 1.1, table 6.1-1). */
export const SET_PARAMETERS = 0x61;
export const POWER_ON = 0x62;
export const POWER_OFF = 0x63;
export const SLOT_STATUS = 0x65;
export const SECURE = 0x69;
export const ESCAPE = 0x6b;
export const GET_PARAMETERS = 0x6c;
export const RESET_PARAMETERS = 0x6d;
export const CARD_CLOCK = 0x6e;
export const XFR_BLOCK = 0x6f;
export const ABORT = 0x72;

export const MORE = 0x20;
export const RESYNCH = 0xc0;
export const S_IFS = 0xc1;
export const S_ABORT = 0xc2;

const ANSWER_MS = 8000;
const NOTHING = new Uint8Array(0);

export interface BenchCard {
  readonly card: SimCard;
  readonly pins: readonly PinObject[];
  /** Commands that select what the attacks aim at, after each power-on. */
  readonly selects: readonly Uint8Array[];
}

/** A terminal that has booted, and who attacks it. */
export interface AttackPlace {
  readonly simulator: Simulator;
  readonly host: Attacker;
}

function benchImage(firewall: "refuse" | "substitute"): AttackPlace {
  const simulator = new Simulator({ seed: 1, firewall });
  const host = new RawHost(simulator.world.line);
  simulator.runFor(100);
  return { simulator, host };
}

export class AttackBench {
  readonly simulator: Simulator;
  readonly watch: CardWatch;
  readonly host: Attacker;
  /** N(S) of the next I-block. */
  ns = 0;

  constructor(
    readonly target: BenchCard,
    firewall: "refuse" | "substitute" = "refuse",
    place: AttackPlace = benchImage(firewall),
  ) {
    this.simulator = place.simulator;
    this.host = place.host;
    this.simulator.world.recorder.keep = false;
    this.watch = new CardWatch(this.simulator.world, target.pins);
    this.simulator.insert(target.card);
    this.simulator.runFor(100);
    this.message(SLOT_STATUS);
    this.powerOn();
  }

  /** One block for the host's T=1: NAD PCB LEN INF LRC. */
  block(pcb: number, inf: ArrayLike<number> = NOTHING, nad = 0): Uint8Array {
    const body = [nad, pcb, inf.length, ...Array.from(inf)];
    return Uint8Array.of(...body, xorOf(body));
  }

  /** The I-block with the expected N(S), counted. */
  information(inf: ArrayLike<number>, more = 0): Uint8Array {
    const block = this.block((this.ns << 6) | more, inf);
    this.ns ^= 1;
    return block;
  }

  /** A message and its answer; undefined when none came. */
  message(
    type: number,
    data: ArrayLike<number> = NOTHING,
    specific: readonly number[] = [0, 0, 0],
  ): RawReply | undefined {
    this.host.replies.length = 0;
    return this.replyTo(this.host.send(type, specific, data));
  }

  transfer(block: ArrayLike<number>, level = 0): RawReply | undefined {
    return this.message(XFR_BLOCK, block, [0, level & 255, level >> 8]);
  }

  /** Sends `apdu` as one I-block. */
  command(apdu: ArrayLike<number>): RawReply | undefined {
    return this.transfer(this.information(apdu));
  }

  /** Waits for the answer to the message `sequence`; others before it are dropped. */
  replyTo(sequence: number): RawReply | undefined {
    const replies = this.host.replies;
    const hasCome = (): boolean => replies.some((reply) => reply.sequence === sequence);
    if (!this.simulator.runUntil(hasCome, ANSWER_MS)) return undefined;
    return replies.splice(0).find((reply) => reply.sequence === sequence);
  }

  /** Lets the terminal answer, whatever it answers. */
  reply(): RawReply | undefined {
    this.simulator.runUntil(() => this.host.replies.length > 0, ANSWER_MS);
    return this.host.replies.shift();
  }

  /** Both ends of the host's T=1 begin anew; a terminal that has lost its card is powered again. */
  resynch(): void {
    const reply = this.transfer(this.block(RESYNCH));
    this.ns = 0;
    if (reply === undefined || (reply.status & 0x40) !== 0) this.powerOn();
  }

  powerOn(): void {
    const reply = this.message(POWER_ON, NOTHING, [1, 0, 0]);
    this.ns = 0;
    if (reply === undefined || (reply.status & 0x40) !== 0) throw new Error("the card does not power up");
    for (const select of this.target.selects) this.command(select);
  }

  /** Waits until a Secure just sent asks for digits (true) or is answered (false). */
  isAsked(): boolean {
    this.simulator.runUntil(() => this.isPrompting() || this.host.replies.length > 0, ANSWER_MS);
    return this.host.replies.length === 0 && this.isPrompting();
  }

  isPrompting(): boolean {
    const page = this.simulator.page();
    return page === "pin" || page === "last";
  }

  /** Types `keys` and lets them be taken. */
  type(keys: string): void {
    this.simulator.keys(keys, 100);
    this.simulator.runFor(100 * keys.length + 50);
  }

  check(what: string): void {
    this.watch.check(what);
  }
}

export function xorOf(bytes: readonly number[]): number {
  let sum = 0;
  for (const byte of bytes) sum ^= byte;
  return sum;
}
