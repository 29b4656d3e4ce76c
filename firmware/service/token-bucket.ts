/**
 * Slows the guessing over many cards: what may turn out a wrong entry takes a token, and time with power brings them back. An
 * empty bucket is LIMITED for everybody, and never longer than ten minutes with power.
 *
 * The numbers: a busy counter checks 25 cards an hour, and one entry in eight is wrong: 3 an hour, less than the 6 that come back; the
 * capacity takes a family of four that err three times each. Somebody who has stolen a pile of cards gets 12 guesses and 6 an hour:
 * 156 in 24 hours, of which one finds a card's four digits with a chance of 1.6 in 100, in front of the staff.
 *
 * The memory holds how many are taken (0 in a new store), written at every change. The begun ten minutes are in RAM alone:
 * switching the power off and on loses them and wins nothing.
 */
import type { ByteNatives, Bytes } from "../../hal/bytes.ts";
import { NEVER_US } from "../protocol/time.ts";
import { MemoryMap } from "./memory-map.ts";
import { StoreError, type Store } from "./store.ts";

export const TOKEN_CAPACITY = 12;
/** Of powered time until one token is back. */
export const TOKEN_PERIOD_US = 600000000;

export class TokenBucket {
  /** When `step` gives a token back. */
  refillUs = NEVER_US;
  private readonly area: Bytes;

  constructor(
    natives: ByteNatives,
    private readonly store: Store,
  ) {
    this.area = natives.allocate(MemoryMap.TokenBucketBytes);
  }

  /** Once a boot, after the store's `recover`. */
  start(nowUs: number): void {
    this.refillUs = this.taken() > 0 ? nowUs + TOKEN_PERIOD_US : NEVER_US;
  }

  /** Also when the memory fails. */
  isEmpty(): boolean {
    return this.taken() >= TOKEN_CAPACITY;
  }

  /** Adds the taking of a token to the store's commit. */
  take(nowUs: number): StoreError {
    const taken = this.taken();
    if (this.refillUs === NEVER_US) this.refillUs = nowUs + TOKEN_PERIOD_US;
    return this.put(taken < TOKEN_CAPACITY ? taken + 1 : TOKEN_CAPACITY);
  }

  /** Adds to the store's commit that a token is back which turned out not to be needed. */
  giveBack(): StoreError {
    const taken = this.taken();
    return this.put(taken > 0 ? taken - 1 : 0);
  }

  /** Adds to the store's commit that all are back: the staff's release. */
  refill(): StoreError {
    return this.put(0);
  }

  /** Gives back what time has brought, in a commit of its own: never call it while another is being made. */
  step(nowUs: number): void {
    if (nowUs < this.refillUs) return;
    const taken = this.taken();
    if (taken === 0) {
      this.refillUs = NEVER_US;
      return;
    }
    this.store.begin();
    this.put(taken - 1);
    this.store.commit();
    this.refillUs = taken === 1 ? NEVER_US : this.refillUs + TOKEN_PERIOD_US;
  }

  private taken(): number {
    const error = this.store.read(MemoryMap.TokenBucket, this.area, 0, MemoryMap.TokenBucketBytes);
    if (error !== StoreError.None) return TOKEN_CAPACITY;
    return this.area[0] < TOKEN_CAPACITY ? this.area[0] : TOKEN_CAPACITY;
  }

  /** The rest of the area is zeros. */
  private put(taken: number): StoreError {
    this.area[0] = taken;
    return this.store.put(MemoryMap.TokenBucket, this.area, 0, MemoryMap.TokenBucketBytes);
  }
}
