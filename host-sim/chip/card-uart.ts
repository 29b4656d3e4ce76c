/**
 * The terminal's smart-card UART on contact C7 (ISO/IEC 7816-3:2006, clauses 7 and 8): spaces the leading edges it sends,
 * decodes what it hears by the convention it is set to, and hears itself. A plain UART: it cannot pull the error signal.
 */
import { CharacterFlag, Convention } from "../../hal/card-uart.ts";
import type { WireCharacter } from "../card/sim-card.ts";
import type { Timer } from "../world/scheduler.ts";
import type { CardWire } from "./card-wire.ts";
import { decodeMoments, encodeMoments, sampleMoments } from "./wire-character.ts";

export class CardUartChip {
  readonly errorSignal = false;
  /** Called for every character heard, the own ones too, 10 etu after its leading edge. `flags`: `CharacterFlag`. */
  onReceive: (value: number, flags: number, leadingEdgeNs: number) => void = () => {};

  private clocksPerEtu = 372;
  private guardEtu = 12;
  private inverse = false;
  private queue: Uint8Array = new Uint8Array(0);
  private sent = 0;
  private timer: Timer | undefined;
  private isOff = false;

  constructor(private readonly wire: CardWire) {
    wire.onCharacter((passed) => this.heard(passed.character));
  }

  /** Sets rate, spacing of leading edges and convention for the next character; wipes and drops what is still unsent. */
  setup(clocksPerEtu: number, guardEtu: number, convention: Convention): void {
    this.dropUnsent();
    this.isOff = false;
    this.clocksPerEtu = clocksPerEtu;
    this.guardEtu = guardEtu;
    this.inverse = convention === Convention.Inverse;
    this.wire.setGuard(guardEtu);
  }

  /** The processor's reset: nothing is sent or heard any more until the next `setup`. */
  reset(): void {
    this.dropUnsent();
    this.isOff = true;
  }

  /**
   * Sends `bytes` from now on, or behind what is still unsent. The array is the UART's from here: every byte is zeroed
   * when its character begins.
   */
  send(bytes: Uint8Array): void {
    if (this.timer !== undefined) return this.append(bytes);
    this.queue = bytes;
    this.sent = 0;
    this.sendNext(this.wire.scheduler.nowNs, 0);
  }

  /** How many bytes have not begun. */
  unsentBytes(): number {
    return this.queue.length - this.sent;
  }

  /** Edges are counted from the first one, so that a fraction of a nanosecond never adds up. */
  private sendNext(baseNs: number, ordinal: number): void {
    this.timer = undefined;
    if (this.sent === this.queue.length) return;
    const value = this.queue[this.sent]!;
    this.queue[this.sent++] = 0;
    this.wire.drive("terminal", encodeMoments(value, this.inverse), this.clocksPerEtu);
    const nextNs = baseNs + this.wire.etuNs(this.guardEtu * (ordinal + 1), this.clocksPerEtu);
    this.timer = this.wire.scheduler.at(nextNs, () => this.sendNext(baseNs, ordinal + 1));
  }

  private append(bytes: Uint8Array): void {
    const rest = this.queue.subarray(this.sent);
    const joined = new Uint8Array(rest.length + bytes.length);
    joined.set(rest);
    joined.set(bytes, rest.length);
    this.queue.fill(0);
    bytes.fill(0);
    this.queue = joined;
    this.sent = 0;
  }

  private dropUnsent(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.queue.fill(0);
    this.queue = new Uint8Array(0);
    this.sent = 0;
  }

  private heard(character: WireCharacter): void {
    if (this.isOff) return;
    const moments = sampleMoments(character, this.clocksPerEtu);
    const { value, parityOk } = decodeMoments(moments, this.inverse);
    const whole = parityOk && !character.damaged;
    this.onReceive(value, whole ? CharacterFlag.None : CharacterFlag.ParityError, character.startNs);
  }
}
