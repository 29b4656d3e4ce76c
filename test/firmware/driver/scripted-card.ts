/**
 * A card of a few lines for tests of the card side: a `CardUart` and `Pins` on one clock. What the card says is a script of
 * answers; what the terminal sends is collected block by block. Times are microseconds.
 */
import type { ReadonlyBytes } from "../../../hal/bytes.ts";
import { CharacterFlag, Convention, type CardCharacter, type CardUart } from "../../../hal/card-uart.ts";
import type { Pins } from "../../../hal/pins.ts";
import type { CardSlotWiring } from "../../../firmware/driver/card-slot.ts";

export const WIRING: CardSlotWiring = {
  commandVccN: 1,
  reset: 2,
  enable5V: 4,
  enable1V8N: 8,
  offN: 1,
  clockHz: 3571200,
};

export const ETU_US = (372 * 1e6) / WIRING.clockHz;
export const MY_NUMBER_ATR = [0x3b, 0xe0, 0x00, 0xff, 0x81, 0x31, 0xfe, 0x45, 0x14];

/** What the card says: characters, with the etu between their leading edges, `afterEtu` after the last character it got. */
export interface Say {
  readonly bytes: readonly number[];
  readonly afterEtu?: number;
  readonly gapEtu?: number;
  /** Index of a character with wrong parity. */
  readonly badParityAt?: number;
}

interface Heard {
  readonly value: number;
  readonly flags: number;
  readonly edgeUs: number;
}

export function lrc(bytes: readonly number[]): number[] {
  return [...bytes, bytes.reduce((sum, byte) => sum ^ byte, 0)];
}

export function crc(bytes: readonly number[]): number[] {
  let sum = 0xffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let i = 0; i < 8; i++) sum = sum & 1 ? (sum >> 1) ^ 0x8408 : sum >> 1;
  }
  return [...bytes, sum >> 8, sum & 255];
}

export function block(pcb: number, inf: readonly number[] = []): number[] {
  return lrc([0, pcb, inf.length, ...inf]);
}

function turnedRound(value: number): number {
  let turned = 0;
  for (let bit = 0; bit < 8; bit++) if (!((value >> bit) & 1)) turned |= 0x80 >> bit;
  return turned;
}

export class ScriptedCard implements CardUart, Pins {
  readonly errorSignal = false;
  nowUs = 0;
  present = true;
  atr: Say | undefined = { bytes: MY_NUMBER_ATR };
  /** When the ATR begins after RST high. */
  atrAfterClocks = 1000;
  /** The classes at which the card answers. */
  classes = ["5", "3", "1.8"];
  edcBytes = 1;
  inverse = false;
  /** Turns every echo into something else. */
  garble: (index: number, value: number) => number = (_, value) => value;
  /** Asked once a whole block has arrived. */
  reply: (block: number[]) => Say | undefined = () => undefined;
  readonly blocks: number[][] = [];
  /** When the first character of each block left. */
  readonly blockStartsUs: number[] = [];
  /** `V1`/`V0` contacts on and off, `R1`/`R0` reset, with their time. */
  readonly pinLog: { what: string; atUs: number }[] = [];
  /** Characters sent while the contacts were off. */
  sentUnpowered = 0;
  resets = 0;
  convention = Convention.Direct;
  guardEtu = 12;
  private outputs = 1;
  private edges = 0;
  private queue: Heard[] = [];
  private outgoing: { value: number; edgeUs: number }[] = [];
  private incoming: number[] = [];
  private sentInAll = 0;

  configure(clocksPerEtu: number, guardEtu: number, convention: Convention): void {
    if (clocksPerEtu !== 372) throw new Error("rate");
    this.guardEtu = guardEtu;
    this.convention = convention;
    this.queue = this.queue.filter((heard) => heard.edgeUs + 10 * ETU_US > this.nowUs);
    this.outgoing = [];
  }

  send(bytes: ReadonlyBytes, from: number, length: number): void {
    if (this.outgoing.length > 0) throw new Error("the line is not free");
    if (this.incoming.length === 0) this.blockStartsUs.push(this.nowUs);
    for (let i = 0; i < length; i++) {
      const edgeUs = this.nowUs + i * this.guardEtu * ETU_US;
      this.outgoing.push({ value: bytes[from + i]!, edgeUs });
    }
  }

  receive(into: CardCharacter): boolean {
    const first = this.queue[0];
    if (first === undefined || first.edgeUs + 10 * ETU_US > this.nowUs) return false;
    this.queue.shift();
    into.value = first.value;
    into.flags = first.flags;
    into.timeUs = Math.floor(first.edgeUs);
    return true;
  }

  set(mask: number, value: number): void {
    const before = this.outputs;
    this.outputs = (before & ~mask) | (value & mask);
    const changed = before ^ this.outputs;
    if (changed & WIRING.reset) this.log(this.outputs & WIRING.reset ? "R1" : "R0");
    if (changed & WIRING.commandVccN) this.log(this.outputs & WIRING.commandVccN ? "V0" : "V1");
    if (changed & WIRING.reset && this.outputs & WIRING.reset && this.isPowered()) this.released();
  }

  read(): number {
    return this.present ? WIRING.offN : 0;
  }

  takeEdges(): number {
    const edges = this.edges;
    this.edges = 0;
    return edges;
  }

  isPowered(): boolean {
    return (this.outputs & WIRING.commandVccN) === 0;
  }

  volts(): string {
    if ((this.outputs & WIRING.enable1V8N) === 0) return "1.8";
    return this.outputs & WIRING.enable5V ? "5" : "3";
  }

  /** Makes an edge on OFFN and leaves it at `present`. */
  move(present: boolean): void {
    this.present = present;
    this.edges |= WIRING.offN;
    if (!present) this.queue = this.queue.filter((heard) => heard.edgeUs + 10 * ETU_US <= this.nowUs);
  }

  /** When the next character arrives. */
  nextUs(): number {
    const ends = [...this.queue, ...this.outgoing.slice(0, 1)].map((one) =>
      Math.ceil(one.edgeUs + 10 * ETU_US),
    );
    return Math.min(...ends.filter((endUs) => endUs > this.nowUs));
  }

  /** Moves the clock; characters that have ended arrive. */
  advance(toUs: number): void {
    this.nowUs = toUs;
    while (this.outgoing[0] !== undefined && this.outgoing[0].edgeUs + 10 * ETU_US <= toUs) this.land();
  }

  private land(): void {
    const { value, edgeUs } = this.outgoing.shift()!;
    if (!this.isPowered()) this.sentUnpowered++;
    this.queue.push({ value: this.garble(this.sentInAll++, value), flags: CharacterFlag.None, edgeUs });
    this.queue.sort((a, b) => a.edgeUs - b.edgeUs);
    if (!this.present) return;
    this.incoming.push(value);
    const needed = 3 + (this.incoming[2] ?? 255) + this.edcBytes;
    if (this.incoming.length < needed) return;
    const whole = this.incoming;
    this.incoming = [];
    this.blocks.push(whole);
    const answer = this.reply(whole);
    if (answer !== undefined) this.say(answer, edgeUs + (answer.afterEtu ?? 22) * ETU_US);
  }

  private released(): void {
    this.resets++;
    this.incoming = [];
    if (this.atr === undefined || !this.present || !this.classes.includes(this.volts())) return;
    this.say(this.atr, this.nowUs + (this.atrAfterClocks * 1e6) / WIRING.clockHz);
  }

  /** Characters as the UART's convention reads them. */
  private say(what: Say, fromUs: number): void {
    what.bytes.forEach((byte, i) => {
      const seenInverse = this.convention === Convention.Inverse;
      const differs = this.inverse !== seenInverse;
      const isBad = (what.badParityAt === i) !== differs;
      const edgeUs = fromUs + i * (what.gapEtu ?? 12) * ETU_US;
      const flags = isBad ? CharacterFlag.ParityError : CharacterFlag.None;
      this.queue.push({ value: differs ? turnedRound(byte) : byte, flags, edgeUs });
    });
  }

  private log(what: string): void {
    this.pinLog.push({ what, atUs: this.nowUs });
  }
}

/** Something with `step`, as the terminal runs it. */
export interface Stepped {
  step(nowUs: number): number;
}

/** Steps `part` at every deadline and arrival until `done` or `limitUs` more have passed; says whether it was done. */
export function run(card: ScriptedCard, part: Stepped, done: () => boolean, limitUs = 300_000_000): boolean {
  const endUs = card.nowUs + limitUs;
  for (let turns = 0; turns < 200_000; turns++) {
    const deadlineUs = part.step(card.nowUs);
    if (done()) return true;
    const nextUs = Math.min(deadlineUs, card.nextUs());
    if (nextUs > endUs) {
      card.advance(endUs);
      part.step(card.nowUs);
      return done();
    }
    card.advance(Math.max(nextUs, card.nowUs + 1));
  }
  throw new Error("no progress");
}
