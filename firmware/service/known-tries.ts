/**
 * What cards' answers said about tries left, for PINs of applications that the terminal does not know: it never asks such a
 * counter, but warns of the last try as often as the card is powered down and up in between (design §7, PC/SC session).
 */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import { TRIES_UNKNOWN } from "./view.ts";

/** PIN objects of one insertion; the oldest makes room. */
const OBJECTS = 8;
/** No object, and no place: neither is ever negative. */
const FREE = -1;

export class KnownTries {
  /** Which object: the name's sum and its reference, see `keyOf`. */
  private readonly keys: number[] = [];
  private readonly tries: Bytes;
  private next = 0;
  private insertion = 0;

  constructor(natives: ByteNatives) {
    this.tries = natives.allocate(OBJECTS);
    for (let i = 0; i < OBJECTS; i++) this.keys.push(FREE);
  }

  /** Another insertion may be another card: nothing is known of it. */
  follow(insertion: number): void {
    if (insertion === this.insertion) return;
    this.insertion = insertion;
    for (let i = 0; i < OBJECTS; i++) this.keys[i] = FREE;
  }

  /** Tries left of the object `key`, or `TRIES_UNKNOWN`. */
  recall(key: number): number {
    const at = this.find(key);
    return at < 0 ? TRIES_UNKNOWN : this.tries[at];
  }

  /** An answer said `triesLeft`, 0…15 or `TRIES_UNKNOWN`. */
  note(key: number, triesLeft: number): void {
    let at = this.find(key);
    if (at < 0) {
      at = this.next;
      this.next = (at + 1) & (OBJECTS - 1);
    }
    this.keys[at] = key;
    this.tries[at] = triesLeft;
  }

  private find(key: number): number {
    for (let at = 0; at < OBJECTS; at++) {
      if (this.keys[at] === key) return at;
    }
    return FREE;
  }
}

/** The object `reference` (P2) of the application selected by the name of check sum `nameSum`. */
export function keyOf(nameSum: number, reference: number): number {
  return nameSum * 256 + reference;
}
